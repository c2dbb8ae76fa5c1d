/** What went wrong, in the language of the app as far as it knows the code. */
import i18next from "i18next";

/** A sentence for the user. What the server says in English is translated where its code is known. */
export function explain(problem: unknown): string {
  const { message = "", code = null } = problem as { message?: string; code?: string | null };
  for (const key of [`problem.${code}`, `server.${code}`]) if (i18next.exists(key)) return i18next.t(key);
  return message || i18next.t("problem.failed");
}
