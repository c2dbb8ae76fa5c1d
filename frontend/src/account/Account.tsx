/** The user's account: what is known of them, what they may use, everything of theirs to take along, and its end. */
import { useTranslation } from "react-i18next";
import { useLoaded } from "../api/loaded";
import type { AccountInfo } from "../api/types";
import { Card } from "../shell/Form";
import { Notice, Pane } from "../shell/Pane";
import { ScreenRow } from "../shell/ScreenLink";
import { useAccount } from "../state/account";
import { ACCOUNT } from "../state/view";
import { Claim } from "./Claim";
import { Removal } from "./Removal";
import { Takeout } from "./Takeout";

export default function Account() {
  const { t } = useTranslation();
  const session = useAccount((account) => account.session);
  const { answer, error } = useLoaded<AccountInfo>("/account");
  const named = session !== null && session.mode !== "keys";
  return (
    <Pane title={t("nav.account")} before={<ScreenRow label={t("nav.account")} screens={ACCOUNT} />}>
      <Notice stale={false} error={error} />
      {answer && <Facts account={answer} named={named} />}
      {named && session.user?.role === "user" && <Claim />}
      <Takeout />
      {named && <Removal />}
    </Pane>
  );
}

function Facts({ account, named }: { account: AccountInfo; named: boolean }) {
  const { t, i18n } = useTranslation();
  const { user, limits, spending } = account;
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const of = (used: number, limit: number | null) =>
    limit === null
      ? number.format(used)
      : t("account.of", { used: number.format(used), limit: number.format(limit) });
  const facts: [string, string][] = named
    ? [
        [t("account.name"), user.name],
        [t("account.email"), user.email],
        [t("account.role_label"), t(`account.role.${user.role}`)],
        [t("account.groups"), user.groups.join(", ")],
      ]
    : [[t("account.signed_in"), t("account.by_key")]];
  facts.push(
    [t("account.tokens_today"), of(spending.tokens, limits.tokens_per_day)],
    [t("account.minutes_today"), of(spending.minutes, limits.minutes_per_day)],
  );
  return (
    <Card>
      <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-[max-content_1fr]">
        {facts
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-soft">{name}</dt>
              <dd className="min-w-0 break-words max-sm:-mt-2">
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
      </dl>
    </Card>
  );
}
