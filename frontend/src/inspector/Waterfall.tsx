/** The waits of each answer, from the end of the question to the first sound. */
import { useTranslation } from "react-i18next";
import type { Marks } from "../state/conversation";
import { useConversation } from "../state/talk";

const STEPS = ["transcript", "firstText", "firstAudio"] as const;
const TONES = { transcript: "fill-line", firstText: "fill-soft", firstAudio: "fill-voice" };
const NEWEST = 8;

export interface Step {
  name: (typeof STEPS)[number];
  /** ms after the question's end: when it began, and when it was there. */
  from: number;
  to: number;
}

/** The steps of an exchange, each beginning where the one before it ended. */
export function steps(marks: Marks): Step[] {
  const zero = marks.speechEnd ?? marks.created;
  if (zero === undefined) return [];
  let from = 0;
  const found: Step[] = [];
  for (const name of STEPS) {
    const mark = marks[name];
    if (mark === undefined) continue;
    const to = Math.max(from, mark - zero);
    found.push({ name, from, to });
    from = to;
  }
  return found;
}

export function Waterfall() {
  const { t } = useTranslation();
  const marks = useConversation((state) => state.marks);
  const rows = Object.entries(marks)
    .map(([id, each]) => ({ id, steps: steps(each) }))
    .filter((row) => row.steps.length > 0)
    .slice(-NEWEST);
  if (rows.length === 0) return <p className="text-sm text-soft">{t("inspector.no_answers")}</p>;
  const longest = Math.max(...rows.map((row) => (row.steps.at(-1) as Step).to), 1);
  return (
    <table className="w-full text-sm">
      <caption className="pb-2 text-start text-soft">{t("inspector.waits")}</caption>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td className="w-full py-1">
              <svg
                viewBox="0 0 1000 14"
                className="h-3.5 w-full"
                preserveAspectRatio="none"
                aria-hidden="true"
              >
                {row.steps.map((step) => (
                  <rect
                    key={step.name}
                    x={(step.from / longest) * 1000}
                    width={Math.max(2, ((step.to - step.from) / longest) * 1000)}
                    height="14"
                    className={TONES[step.name]}
                  />
                ))}
              </svg>
              <span className="sr-only">
                {row.steps
                  .map((step) => `${t(`inspector.${step.name}`)}: ${Math.round(step.to)} ms`)
                  .join(", ")}
              </span>
            </td>
            <td className="ps-3 text-end whitespace-nowrap tabular-nums" aria-hidden="true">
              {Math.round((row.steps.at(-1) as Step).to)} ms
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
