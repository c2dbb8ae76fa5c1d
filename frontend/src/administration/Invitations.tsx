/** Invitations: made with a link that lets somebody in once, listed while they are open, and withdrawn. */
import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { request } from "../api/http";
import type { Loaded } from "../api/loaded";
import type { InvitationInfo, InvitationList, NewInvitation } from "../api/types";
import { explain } from "../i18n/problem";
import { Card, CopyBox, Field, Pick, Problem } from "../shell/Form";
import { focusScreen } from "../shell/focus";
import { namesIn } from "../shell/names";
import { Button, SmallButton } from "../shell/Pane";
import { day, inDays } from "../shell/when";
import { tell } from "../state/notice";

const DAYS = ["1", "7", "30"];

export function Invite({ onMade, onClose }: { onMade: () => Promise<void>; onClose: () => void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<InvitationInfo["role"]>("user");
  const [groups, setGroups] = useState("");
  const [days, setDays] = useState("7");
  const [made, setMade] = useState<NewInvitation | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const asked = {
        ...(email.trim() ? { email: email.trim() } : {}),
        role,
        groups: namesIn(groups),
        expires_at: inDays(days),
      };
      const answer = await request("POST", "/users/invitations", asked);
      setMade((await answer.json()) as NewInvitation);
      setProblem(null);
      void onMade();
    } catch (failure) {
      setProblem(explain(failure));
    }
  };
  if (made)
    return (
      <Card title={t("users.link")}>
        <p className="text-sm">
          {t(made.email ? "users.link_for" : "users.link_hint", { email: made.email })}
        </p>
        <CopyBox autoFocus label={t("users.link")} text={made.url} />
        <div className="flex justify-end">
          <Button onClick={onClose}>{t("keys.done")}</Button>
        </div>
      </Card>
    );
  return (
    <Card title={t("users.invite")}>
      <form
        className="space-y-4"
        onSubmit={(event) => void submit(event)}
        onKeyDown={(event) => event.key === "Escape" && onClose()}
      >
        <Field
          label={t("account.email")}
          hint={t("users.email_hint")}
          autoFocus
          type="email"
          dir="ltr"
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Pick
          label={t("account.role_label")}
          value={role}
          onChange={(event) => setRole(event.target.value as InvitationInfo["role"])}
          options={[
            ["user", t("account.role.user")],
            ["administrator", t("account.role.administrator")],
          ]}
        />
        <Field
          label={t("account.groups")}
          hint={t("users.groups_hint")}
          dir="auto"
          value={groups}
          onChange={(event) => setGroups(event.target.value)}
        />
        <Pick
          label={t("keys.expires")}
          value={days}
          onChange={(event) => setDays(event.target.value)}
          options={DAYS.map((count) => [count, t("keys.days", { count: Number(count) })] as const)}
        />
        <Problem text={problem} />
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onClick={onClose}>
            {t("transcript.cancel")}
          </Button>
          <Button kind="voice" type="submit">
            {t("users.make_link")}
          </Button>
        </div>
      </form>
    </Card>
  );
}

/** Those that nobody has used yet; nothing where there are none. */
export function Invited({ list }: { list: Loaded<InvitationList> }) {
  const { t, i18n } = useTranslation();
  const open = list.answer?.invitations ?? [];
  if (open.length === 0) return null;
  const withdraw = async (id: string) => {
    try {
      await request("DELETE", `/users/invitations/${id}`);
      focusScreen();
      await list.reload();
    } catch (failure) {
      tell(explain(failure));
    }
  };
  return (
    <section className="space-y-2" aria-labelledby="invited">
      <h3 id="invited" className="font-medium">
        {t("users.invited")}
      </h3>
      <ul className="divide-y divide-line">
        {open.map((invitation) => {
          const name = invitation.email || t("users.anybody");
          return (
            <li key={invitation.id} className="flex items-center gap-2 py-2 text-sm">
              <p className="min-w-0 grow">
                <bdi className="font-medium">{name}</bdi>{" "}
                <span className="text-soft">
                  · {t(`account.role.${invitation.role}`)} ·{" "}
                  {t("keys.ends", { when: day(invitation.expires_at, i18n.language) })}
                </span>
              </p>
              <SmallButton label={t("users.withdraw", { name })} onClick={() => void withdraw(invitation.id)}>
                <Trash2 size={16} aria-hidden="true" />
              </SmallButton>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
