/** Questions to begin with. */
import { useTranslation } from "react-i18next";
import { ask } from "../state/talk";

export function Suggestions() {
  const { t } = useTranslation();
  const questions = t("suggestions", { returnObjects: true }) as string[];
  return (
    <ul aria-label={t("transcript.try")} className="flex flex-wrap justify-center gap-2">
      {questions.map((question) => (
        <li key={question}>
          <button
            type="button"
            onClick={() => ask(question).catch(() => {})}
            className="rounded-full border border-line bg-card px-4 py-2 text-sm hover:border-voice"
          >
            {question}
          </button>
        </li>
      ))}
    </ul>
  );
}
