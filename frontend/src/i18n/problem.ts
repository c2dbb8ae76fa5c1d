/** What went wrong, in the language of the app as far as it knows the code. */
import i18next from "i18next";

/** A sentence for the user; the server's own words, in English, where its code has no translation. */
export function explain(problem: unknown): string {
  const { message = "", code = null } = problem as { message?: string; code?: string | null };
  if (code && i18next.exists(`problem.${code}`)) return i18next.t(`problem.${code}`);
  return message || i18next.t("problem.failed");
}
