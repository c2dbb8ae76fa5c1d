/** What the conversation is doing, in words, for the eye and for a screen reader. */
import { useTranslation } from "react-i18next";
import { explain } from "../i18n/problem";
import { phaseOf } from "../state/conversation";
import { useSettings } from "../state/settings";
import { dismissProblem, useConversation } from "../state/talk";

export function Status() {
  const { t } = useTranslation();
  const phase = useConversation(phaseOf);
  const push = useSettings(({ settings }) => settings.turnTaking === "push");
  const quiet = push && (phase === "idle" || phase === "listening");
  return (
    <p role="status" className="min-h-6 text-center text-sm text-soft">
      {quiet ? t("talk.hold_hint") : t(`phase.${phase}`)}
    </p>
  );
}

/** The last problem, its cause and what to do; stays until it is dismissed or over. */
export function ProblemNote() {
  const { t } = useTranslation();
  const problem = useConversation((state) => state.problem);
  return (
    <div role="alert" className="empty:m-0!">
      {problem && (
        <div className="mx-auto flex max-w-prose items-start gap-3 rounded-xl bg-warn-soft px-4 py-3 text-sm text-warn">
          <p className="grow">{explain(problem)}</p>
          <button type="button" className="shrink-0 font-medium underline" onClick={dismissProblem}>
            {t("problem.dismiss")}
          </button>
        </div>
      )}
    </div>
  );
}
