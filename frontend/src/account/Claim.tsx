/** The code that the server prints at its start makes the first administrator. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../api/http";
import { explain } from "../i18n/problem";
import { Field, Problem } from "../shell/Form";
import { Button } from "../shell/Pane";

export function Claim() {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await send("POST", "/auth/claim", { code: code.trim() });
      location.reload();
    } catch (failure) {
      setProblem(explain(failure));
    }
  };
  return (
    <details className="rounded-2xl border border-line bg-card">
      <summary className="cursor-pointer px-5 py-4 font-medium">{t("account.claim.title")}</summary>
      <form onSubmit={(event) => void submit(event)} className="space-y-4 px-5 pb-5">
        <Field
          label={t("account.claim.code")}
          hint={t("account.claim.hint")}
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        <Problem text={problem} />
        <Button kind="voice" type="submit" disabled={!code.trim()}>
          {t("account.claim.submit")}
        </Button>
      </form>
    </details>
  );
}
