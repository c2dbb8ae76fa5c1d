/** What was done on this server: who, what, when and from where. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, get } from "../api/http";
import { useLoaded } from "../api/loaded";
import type { AuditEntry, AuditList, UserList } from "../api/types";
import { Pick } from "../shell/Form";
import { Button, Empty, Notice, Pane } from "../shell/Pane";
import { ScreenRow, useAdministration } from "../shell/ScreenLink";
import { moment } from "../shell/when";

const PAGE = 50;

export default function Audit() {
  const { t, i18n } = useTranslation();
  const users = useLoaded<UserList>("/users");
  const [user, setUser] = useState("");
  const [entries, setEntries] = useState<AuditEntry[] | null>(null);
  const [more, setMore] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);

  const path = (before: number | null) => {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (user) query.set("user", user);
    if (before !== null) query.set("before", String(before));
    return `/audit?${query}`;
  };
  const first = path(null);
  useEffect(() => {
    let current = true;
    get<AuditList>(first).then(
      (answer) => {
        if (!current) return;
        setEntries(answer.entries);
        setMore(answer.entries.length === PAGE);
        setError(null);
      },
      (problem: ApiError) => current && setError(problem),
    );
    return () => {
      current = false;
    };
  }, [first]);
  const older = async () => {
    try {
      const answer = await get<AuditList>(path(entries?.at(-1)?.seq ?? null));
      setEntries([...(entries ?? []), ...answer.entries]);
      setMore(answer.entries.length === PAGE);
    } catch (problem) {
      setError(problem as ApiError);
    }
  };

  const names = new Map(users.answer?.users.map((one) => [one.id, one.name || one.email || one.id]));
  const said = (id: string) => names.get(id) ?? id;
  const did = (action: string) =>
    i18n.exists(`audit.action.${action}`) ? t(`audit.action.${action}`) : action;
  return (
    <Pane
      title={t("nav.audit")}
      before={<ScreenRow label={t("administration")} screens={useAdministration()} />}
    >
      <Pick
        label={t("audit.user")}
        value={user}
        onChange={(event) => setUser(event.target.value)}
        options={[["", t("audit.everybody")], ...[...names].map(([id, name]) => [id, name] as const)]}
      />
      <Notice stale={false} error={error} />
      {entries?.length === 0 && <Empty>{t("audit.none")}</Empty>}
      <ol aria-label={t("nav.audit")} className="divide-y divide-line">
        {entries?.map((entry) => (
          <li key={entry.seq} className="grid gap-x-4 py-2.5 text-sm sm:grid-cols-[11rem_1fr]">
            <time dateTime={entry.at} className="text-soft tabular-nums">
              {moment(entry.at, i18n.language)}
            </time>
            <p className="min-w-0 break-words">
              <span className="font-medium">{did(entry.action)}</span>
              <span className="text-soft">
                {[entry.actor && said(entry.actor), entry.subject !== entry.actor && said(entry.subject)]
                  .filter(Boolean)
                  .map((text) => (
                    <span key={String(text)}>
                      {" · "}
                      <bdi>{text}</bdi>
                    </span>
                  ))}
                {entry.address && (
                  <>
                    {" · "}
                    <bdi>{entry.address}</bdi>
                  </>
                )}
                {entry.detail && (
                  <>
                    {" · "}
                    <bdi>{entry.detail}</bdi>
                  </>
                )}
              </span>
            </p>
          </li>
        ))}
      </ol>
      {more && (
        <div className="flex justify-center">
          <Button onClick={() => void older()}>{t("audit.older")}</Button>
        </div>
      )}
    </Pane>
  );
}
