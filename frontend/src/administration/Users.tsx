/** Everybody with an account here: their role and limits, what they spent, and who is invited. */
import { Plus, UserRoundCog } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLoaded } from "../api/loaded";
import type { InvitationList, UserInfo, UserList } from "../api/types";
import { useFocusBack } from "../shell/focus";
import { Button, Notice, Pane, SearchBox, SmallButton } from "../shell/Pane";
import { ScreenRow, useAdministration } from "../shell/ScreenLink";
import { moment } from "../shell/when";
import { useAccount } from "../state/account";
import { Invite, Invited } from "./Invitations";
import { UserEditor } from "./UserEditor";

/** More users than these are searched. */
const MANY = 8;

export default function Users() {
  const { t } = useTranslation();
  const users = useLoaded<UserList>("/users");
  const invitations = useLoaded<InvitationList>("/users/invitations");
  // Behind a proxy it's the proxy that lets people in.
  const invites = useAccount(({ session }) => session?.mode === "oidc");
  const [inviting, setInviting] = useState(false);
  const [query, setQuery] = useState("");
  const opener = useFocusBack(inviting);
  const everybody = users.answer?.users ?? [];
  const sought = query.trim().toLocaleLowerCase();
  const shown = everybody.filter(({ name, email, groups }) =>
    [name, email, ...groups].some((text) => text.toLocaleLowerCase().includes(sought)),
  );
  return (
    <Pane
      title={t("nav.users")}
      before={<ScreenRow label={t("administration")} screens={useAdministration()} />}
      actions={
        invites && (
          <Button ref={opener} kind="voice" aria-expanded={inviting} onClick={() => setInviting(!inviting)}>
            <Plus size={16} aria-hidden="true" /> {t("users.invite")}
          </Button>
        )
      }
    >
      {inviting && <Invite onMade={invitations.reload} onClose={() => setInviting(false)} />}
      <Invited list={invitations} />
      <Notice stale={false} error={users.error} />
      {everybody.length > MANY && (
        <SearchBox
          label={t("users.search")}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      )}
      <ul aria-label={t("nav.users")} className="divide-y divide-line">
        {shown.map((user) => (
          <Entry key={user.id} user={user} onChanged={users.reload} />
        ))}
      </ul>
    </Pane>
  );
}

function Entry({ user, onChanged }: { user: UserInfo; onChanged: () => Promise<void> }) {
  const { t, i18n } = useTranslation();
  const self = useAccount(({ session }) => session?.user?.id === user.id);
  const [editing, setEditing] = useState(false);
  const opener = useFocusBack(editing);
  const name = user.name || user.email || user.id;
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const facts = [
    t(`account.role.${user.role}`),
    user.groups.join(", "),
    user.seen_at ? t("users.seen", { when: moment(user.seen_at, i18n.language) }) : t("users.never_seen"),
    t("users.spent", {
      tokens: number.format(user.spending.tokens),
      minutes: number.format(user.spending.minutes),
    }),
  ];
  return (
    <li className="space-y-3 py-3">
      <div className="flex items-center gap-2">
        <div className="min-w-0 grow text-sm">
          <p className="flex flex-wrap items-center gap-x-2">
            <bdi className="min-w-0 truncate font-medium">{name}</bdi>
            {self && (
              <span className="rounded-full bg-voice-soft px-2 py-0.5 text-xs text-voice">
                {t("users.self")}
              </span>
            )}
            {user.disabled && (
              <span className="rounded-full bg-warn-soft px-2 py-0.5 text-xs text-warn">
                {t("users.disabled")}
              </span>
            )}
          </p>
          {user.email && user.email !== name && (
            <p className="truncate text-soft">
              <bdi>{user.email}</bdi>
            </p>
          )}
          <p className="text-soft">{facts.filter(Boolean).join(" · ")}</p>
        </div>
        <SmallButton
          ref={opener}
          label={t("users.edit", { name })}
          aria-expanded={editing}
          onClick={() => setEditing(!editing)}
        >
          <UserRoundCog size={18} aria-hidden="true" />
        </SmallButton>
      </div>
      {editing && (
        <UserEditor
          user={user}
          self={self}
          onDone={() => {
            setEditing(false);
            void onChanged();
          }}
          onCancel={() => setEditing(false)}
        />
      )}
    </li>
  );
}
