/** The end of an account, which wants a word typed. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { request } from "../api/http";
import { explain } from "../i18n/problem";
import { Card, Field, Problem } from "../shell/Form";
import { useFocusBack } from "../shell/focus";
import { Button } from "../shell/Pane";
import { leaveForGood } from "../state/account";

export function Removal() {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const opener = useFocusBack(asking);
  const word = t("removal.word");
  const meant = typed.trim().toLocaleLowerCase() === word.toLocaleLowerCase();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!meant) return;
    try {
      await request("DELETE", "/account", { confirm: "delete" });
      await leaveForGood();
    } catch (failure) {
      setProblem(explain(failure));
    }
  };
  const close = () => {
    setAsking(false);
    setTyped("");
    setProblem(null);
  };
  return (
    <Card title={t("removal.title")}>
      <p className="text-sm text-soft">{t("removal.what")}</p>
      {asking ? (
        <form
          onSubmit={(event) => void submit(event)}
          onKeyDown={(event) => event.key === "Escape" && close()}
          className="space-y-4"
        >
          <Field
            label={t("removal.type", { word })}
            autoFocus
            autoComplete="off"
            spellCheck={false}
            dir="auto"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Problem text={problem} />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" disabled={!meant} className="border-warn! text-warn">
              {t("removal.confirm")}
            </Button>
            <Button kind="quiet" onClick={close}>
              {t("transcript.cancel")}
            </Button>
          </div>
        </form>
      ) : (
        <Button ref={opener} className="border-warn! text-warn" onClick={() => setAsking(true)}>
          {t("removal.begin")}
        </Button>
      )}
    </Card>
  );
}
