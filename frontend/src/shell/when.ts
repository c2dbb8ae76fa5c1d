/** Times as people read them. */

export function moment(iso: string, language: string): string {
  return new Date(iso).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
}

export function day(iso: string, language: string): string {
  return new Date(iso).toLocaleDateString(language, { dateStyle: "medium" });
}

/** A moment so many days from now; null for "". */
export function inDays(days: string): string | null {
  return days ? new Date(Date.now() + Number(days) * 86_400_000).toISOString() : null;
}

export function megabytes(bytes: number, language: string): string {
  const format = new Intl.NumberFormat(language, {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: 1,
  });
  return format.format(bytes / 1_000_000);
}
