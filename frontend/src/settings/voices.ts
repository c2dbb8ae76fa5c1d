/** The server's voices in the order in which somebody looks for them. */

export interface VoiceGroup {
  /** A language by its name, or null for voices that are named and not languages. */
  language: string | null;
  voices: { id: string; name: string }[];
}

/**
 * Voices by language: those of `spoken` first, then those with names of their own, then the others by their names.
 *
 * @param voices as the server names them: "marin", or a language as "en-gb-scotland".
 * @param spoken code of the language that is spoken.
 * @param shown code of the language in which languages are named.
 */
export function grouped(voices: string[], spoken: string, shown: string): VoiceGroup[] {
  const names = new Intl.DisplayNames([shown], { type: "language", fallback: "none" });
  const nameOf = (code: string): string | null => {
    try {
      return names.of(code) ?? null;
    } catch {
      return null; // not a language's code
    }
  };
  const named: VoiceGroup = { language: null, voices: [] };
  const found = new Map<string, VoiceGroup>();
  for (const id of voices) {
    const base = /^[a-z]{2,3}(?=-|$)/i.exec(id)?.[0];
    const language = base && nameOf(base);
    if (!language) {
      named.voices.push({ id, name: id });
      continue;
    }
    const group = found.get(base) ?? { language, voices: [] };
    found.set(base, group);
    const whole = nameOf(id);
    // Variants that have no name of their own are told apart by their codes.
    const name = whole && !group.voices.some((other) => other.name === whole) ? whole : `${language} (${id})`;
    group.voices.push({ id, name });
  }
  const mine = found.get(spoken.split("-")[0] as string);
  const others = [...found.values()].filter((group) => group !== mine);
  others.sort((one, other) => (one.language as string).localeCompare(other.language as string, shown));
  return [...(mine ? [mine] : []), ...(named.voices.length > 0 ? [named] : []), ...others];
}
