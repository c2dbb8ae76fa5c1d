/** What an administrator may change of a user. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { request } from "../api/http";
import type { UserInfo } from "../api/types";
import { explain } from "../i18n/problem";
import { Field, Pick, Problem, Tick } from "../shell/Form";
import { focusScreen } from "../shell/focus";
import { namesIn } from "../shell/names";
import { Button } from "../shell/Pane";
import { tell } from "../state/notice";

interface Props {
  user: UserInfo;
  /** It's the administrator's own account: it can't be shut or lowered here. */
  self: boolean;
  onDone: () => void;
  onCancel: () => void;
}

/** A number that was typed; null for nothing. */
function limit(text: string): number | null {
  return text.trim() === "" ? null : Number(text);
}

export function UserEditor({ user, self, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const name = user.name || user.email || user.id;
  const [role, setRole] = useState(user.role);
  const [disabled, setDisabled] = useState(user.disabled);
  const [groups, setGroups] = useState(user.groups.join(", "));
  const [tokens, setTokens] = useState(String(user.limits.tokens_per_day ?? ""));
  const [minutes, setMinutes] = useState(String(user.limits.minutes_per_day ?? ""));
  const [problem, setProblem] = useState<string | null>(null);

  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      onDone();
    } catch (failure) {
      setProblem(explain(failure));
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const limits = { tokens_per_day: limit(tokens), minutes_per_day: limit(minutes) };
    const wanted = { role, disabled, groups: namesIn(groups), limits };
    // What stays as it is isn't sent: somebody may have changed it meanwhile, and the log says what was changed.
    const changes = Object.entries(wanted).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(user[name as keyof typeof wanted]),
    );
    void attempt(() => request("PATCH", `/users/${user.id}`, Object.fromEntries(changes)));
  };
  const remove = () => {
    if (!confirm(t("users.confirm", { name }))) return;
    void attempt(async () => {
      await request("DELETE", `/users/${user.id}`);
      focusScreen();
      tell(t("users.removed", { name }));
    });
  };
  return (
    <form
      aria-label={t("users.edit", { name })}
      onSubmit={submit}
      onKeyDown={(event) => event.key === "Escape" && onCancel()}
      className="space-y-4 rounded-2xl border border-line bg-card p-4"
    >
      {!self && (
        <>
          <Pick
            label={t("account.role_label")}
            value={role}
            onChange={(event) => setRole(event.target.value as UserInfo["role"])}
            options={[
              ["user", t("account.role.user")],
              ["administrator", t("account.role.administrator")],
            ]}
          />
          <Tick
            label={t("users.disable")}
            hint={t("users.disable_hint")}
            checked={disabled}
            onChange={(event) => setDisabled(event.target.checked)}
          />
        </>
      )}
      <Field
        label={t("account.groups")}
        hint={t("users.groups_hint")}
        dir="auto"
        value={groups}
        onChange={(event) => setGroups(event.target.value)}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t("users.tokens_per_day")}
          type="number"
          min={0}
          placeholder={t("settings.usual")}
          value={tokens}
          onChange={(event) => setTokens(event.target.value)}
        />
        <Field
          label={t("users.minutes_per_day")}
          type="number"
          min={0}
          placeholder={t("settings.usual")}
          value={minutes}
          onChange={(event) => setMinutes(event.target.value)}
        />
      </div>
      <Problem text={problem} />
      <div className="flex flex-wrap gap-2">
        <Button kind="voice" type="submit">
          {t("notes.save")}
        </Button>
        <Button kind="quiet" onClick={onCancel}>
          {t("transcript.cancel")}
        </Button>
        {!self && (
          <Button className="ms-auto border-warn! text-warn" onClick={remove}>
            {t("users.remove")}
          </Button>
        )}
      </div>
    </form>
  );
}
