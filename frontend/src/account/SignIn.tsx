/** The page of whoever isn't signed in: how to, and why the last try failed. */
import { type FormEvent, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/http";
import { signInAddress } from "../api/session";
import { explain } from "../i18n/problem";
import { Button } from "../shell/Pane";
import { enterKey, returnTo, useAccount } from "../state/account";
import { ProviderButton } from "./providers";

/** Reasons that are no failure. */
const FRIENDLY = new Set(["out", "deleted"]);

export default function SignIn() {
  const { t, i18n } = useTranslation();
  const { session, owesSignOut } = useAccount();
  const query = new URLSearchParams(location.search);
  const reason = query.get("error");
  const invitation = query.get("invitation");
  const title = t("sign_in.title");
  useEffect(() => {
    document.title = `${title} · ${t("app.name")}`;
  }, [title, t]);

  const known = reason !== null && i18n.exists(`sign_in.reason.${reason}`);
  const providers = session?.providers ?? [];
  return (
    <main className="flex min-h-full flex-col items-center justify-center px-5 py-10">
      <div className="w-full max-w-sm space-y-6">
        <div className="space-y-1 text-center">
          <p className="text-xl font-semibold tracking-tight text-voice">{t("app.name")}</p>
          <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
          <p className="text-sm text-soft" dir="auto">
            {t(invitation ? "sign_in.invited" : "sign_in.lead", { host: location.host })}
          </p>
        </div>
        {reason !== null && (
          <p
            role={FRIENDLY.has(reason) ? "status" : "alert"}
            className={`rounded-xl px-4 py-3 text-sm ${
              FRIENDLY.has(reason) ? "bg-voice-soft text-ink" : "bg-warn-soft text-warn"
            }`}
          >
            {known ? t(`sign_in.reason.${reason}`) : t("sign_in.failed", { code: reason })}
          </p>
        )}
        {owesSignOut && (
          <p role="alert" className="rounded-xl bg-warn-soft px-4 py-3 text-sm text-warn">
            {t("sign_in.owed")}
          </p>
        )}
        {providers.length > 0 && (
          <ul className="space-y-3" aria-label={title}>
            {providers.map((provider) => (
              <li key={provider.id}>
                <ProviderButton provider={provider} href={signInAddress(provider, returnTo(), invitation)} />
              </li>
            ))}
          </ul>
        )}
        {session?.mode === "keys" && <KeyForm />}
        {session?.mode === "proxy" && <p className="text-center text-sm">{t("sign_in.proxy")}</p>}
        {session?.mode === "oidc" && providers.length === 0 && (
          <p className="text-center text-sm">{t("sign_in.none")}</p>
        )}
      </div>
    </main>
  );
}

function KeyForm() {
  const { t } = useTranslation();
  const id = useId();
  const [key, setKey] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      await enterKey(key.trim());
    } catch (error) {
      const wrong = error instanceof ApiError && error.status === 401 && error.code !== "account_disabled";
      setProblem(wrong ? t("sign_in.wrong_key") : explain(error));
      setBusy(false);
      document.getElementById(id)?.focus();
    }
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="space-y-3">
      <label htmlFor={id} className="block text-sm font-medium">
        {t("sign_in.key")}
      </label>
      <input
        id={id}
        type="password"
        dir="ltr"
        autoComplete="off"
        spellCheck={false}
        value={key}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-hint${problem === null ? "" : ` ${id}-problem`}`}
        onChange={(event) => setKey(event.target.value)}
        className="min-h-11 w-full rounded-full border border-line bg-card px-4 aria-invalid:border-warn"
      />
      <p id={`${id}-hint`} className="text-sm text-soft">
        {t("sign_in.key_hint")}
      </p>
      {problem !== null && (
        <p id={`${id}-problem`} role="alert" className="text-sm text-warn">
          {problem}
        </p>
      )}
      <Button kind="voice" type="submit" className="w-full" aria-busy={busy} disabled={!key.trim()}>
        {t("sign_in.title")}
      </Button>
    </form>
  );
}
