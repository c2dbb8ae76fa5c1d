/** The browsers that are signed in, and how to sign them out. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { request } from "../api/http";
import { useLoaded } from "../api/loaded";
import type { SessionInfo, SessionList } from "../api/types";
import { explain } from "../i18n/problem";
import { Problem } from "../shell/Form";
import { focusScreen } from "../shell/focus";
import { Button, Notice, Pane } from "../shell/Pane";
import { ScreenRow } from "../shell/ScreenLink";
import { moment } from "../shell/when";
import { signOut } from "../state/account";
import { tell } from "../state/notice";
import { ACCOUNT } from "../state/view";
import { describeAgent } from "./agent";

export default function Sessions() {
  const { t } = useTranslation();
  const { answer, error, reload } = useLoaded<SessionList>("/account/sessions");
  const [problem, setProblem] = useState<string | null>(null);
  const end = async (session: SessionInfo) => {
    try {
      if (session.current) return await signOut();
      await request("DELETE", `/account/sessions/${session.id}`);
      focusScreen();
      tell(t("sessions.ended"));
      await reload();
    } catch (failure) {
      setProblem(explain(failure));
    }
  };
  const endAll = async () => {
    if (!confirm(t("sessions.confirm"))) return;
    try {
      await signOut(true);
    } catch (failure) {
      setProblem(explain(failure));
    }
  };
  return (
    <Pane
      title={t("nav.sessions")}
      before={<ScreenRow label={t("nav.account")} screens={ACCOUNT} />}
      actions={<Button onClick={() => void endAll()}>{t("account.sign_out_everywhere")}</Button>}
    >
      <p className="text-sm text-soft">{t("sessions.what")}</p>
      <Problem text={problem} />
      <Notice stale={false} error={error} />
      <ul aria-label={t("nav.sessions")} className="divide-y divide-line">
        {answer?.sessions.map((session) => (
          <Entry key={session.id} session={session} onEnd={() => void end(session)} />
        ))}
      </ul>
    </Pane>
  );
}

function Entry({ session, onEnd }: { session: SessionInfo; onEnd: () => void }) {
  const { t, i18n } = useTranslation();
  const name = describeAgent(session.agent) || t("sessions.unknown");
  return (
    <li className="flex flex-wrap items-center gap-3 py-3">
      <div className="min-w-48 grow basis-0 text-sm">
        <p className="font-medium">
          <bdi>{name}</bdi>
          {session.current && (
            <span className="ms-2 rounded-full bg-voice-soft px-2 py-0.5 text-xs text-voice">
              {t("sessions.here")}
            </span>
          )}
        </p>
        <p className="text-soft">
          {t("sessions.used", { when: moment(session.used_at, i18n.language) })}
          {session.address && (
            <>
              {" · "}
              <bdi>{session.address}</bdi>
            </>
          )}
        </p>
        <p className="text-soft">
          {t("sessions.began", { when: moment(session.created_at, i18n.language) })} ·{" "}
          {t("sessions.ends", { when: moment(session.expires_at, i18n.language) })}
        </p>
      </div>
      <Button onClick={onEnd} aria-label={t("sessions.end", { name })}>
        {t("account.sign_out")}
      </Button>
    </li>
  );
}
