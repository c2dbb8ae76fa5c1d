/** That it interprets at present, and between which languages. */
import { Languages } from "lucide-react";
import { useTranslation } from "react-i18next";
import { languageName } from "../i18n/languages";
import { interpreting } from "../realtime/session";
import { Button } from "../shell/Pane";
import { useSettings } from "../state/settings";
import { assistant } from "../state/talk";

export function Interpreter() {
  const { t, i18n } = useTranslation();
  const { settings, change } = useSettings();
  const languages = interpreting(settings);
  if (!languages) return null;
  const [first, second] = languages.map((code) => languageName(code, i18n.language));
  const stop = () => {
    change({ interpretFirst: "", interpretSecond: "" });
    assistant.reconfigure();
  };
  return (
    <div
      role="status"
      className="mx-auto mt-3 flex w-full max-w-prose items-center gap-3 rounded-2xl bg-sunken px-4 py-2 text-sm"
    >
      <Languages size={16} aria-hidden="true" className="shrink-0 text-voice" />
      <span className="grow">{t("interpreter.between", { first, second })}</span>
      <Button kind="quiet" onClick={stop}>
        {t("interpreter.stop")}
      </Button>
    </div>
  );
}
