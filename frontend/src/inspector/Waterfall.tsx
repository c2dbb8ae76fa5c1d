/** The waits of each answer, from the end of the question to the first sound. */
import { useTranslation } from "react-i18next";
import type { Marks } from "../state/conversation";
import { useConversation } from "../state/talk";

const STEPS = ["transcript", "firstText", "firstAudio"] as const;
const TONES = { transcript: "text-line", firstText: "text-soft", firstAudio: "text-voice" };
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
  const { t, i18n } = useTranslation();
  const ms = new Intl.NumberFormat(i18n.language, {
    style: "unit",
    unit: "millisecond",
    maximumFractionDigits: 0,
  });
  const marks = useConversation((state) => state.marks);
  const rows = Object.entries(marks)
    .map(([id, each]) => ({ id, steps: steps(each) }))
    .filter((row) => row.steps.length > 0)
    .slice(-NEWEST);
  if (rows.length === 0) return <p className="text-sm text-soft">{t("inspector.no_answers")}</p>;
  const longest = Math.max(...rows.map((row) => (row.steps.at(-1) as Step).to), 1);
  const named = STEPS.filter((name) => rows.some(({ steps }) => steps.some((step) => step.name === name)));
  return (
    <table className="w-full text-sm">
      <caption className="pb-2 text-start text-soft">
        {t("inspector.waits")}
        <span className="flex flex-wrap gap-x-4 pt-1" aria-hidden="true">
          {named.map((name) => (
            <span key={name} className="flex items-center gap-1.5">
              <span className={`size-2.5 rounded-full bg-current ${TONES[name]}`} />
              {t(`inspector.${name}`)}
            </span>
          ))}
        </span>
      </caption>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td className="w-full py-1">
              <svg
                viewBox="0 0 1000 14"
                className="h-3.5 w-full rtl:-scale-x-100"
                preserveAspectRatio="none"
                aria-hidden="true"
              >
                {row.steps.map((step) => (
                  <rect
                    key={step.name}
                    x={(step.from / longest) * 1000}
                    width={Math.max(2, ((step.to - step.from) / longest) * 1000)}
                    height="14"
                    className={`fill-current ${TONES[step.name]}`}
                  />
                ))}
              </svg>
              <span className="sr-only">
                {row.steps.map((step) => `${t(`inspector.${step.name}`)}: ${ms.format(step.to)}`).join(", ")}
              </span>
            </td>
            <td className="ps-3 text-end whitespace-nowrap text-soft tabular-nums" aria-hidden="true">
              {row.steps.map((step, at) => (
                <span key={step.name} className={at === row.steps.length - 1 ? "text-ink" : undefined}>
                  {at > 0 && " · "}
                  {ms.format(step.to)}
                </span>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
