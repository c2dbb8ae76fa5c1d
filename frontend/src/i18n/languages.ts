/** The languages that people may have interpreted. */

const CODES = [
  "ar",
  "bg",
  "ca",
  "cs",
  "da",
  "de",
  "el",
  "en",
  "es",
  "fa",
  "fi",
  "fr",
  "he",
  "hi",
  "hr",
  "hu",
  "id",
  "it",
  "ja",
  "ko",
  "nl",
  "no",
  "pl",
  "pt",
  "ro",
  "ru",
  "sk",
  "sr",
  "sv",
  "ta",
  "th",
  "tr",
  "uk",
  "ur",
  "vi",
  "zh",
];

/** What a language is called in another. */
export function languageName(code: string, inLanguage: string): string {
  return new Intl.DisplayNames([inLanguage], { type: "language" }).of(code) ?? code;
}

/** Codes and names, in the order of the alphabet of that language. */
export function spokenLanguages(inLanguage: string): [string, string][] {
  const named = CODES.map((code): [string, string] => [code, languageName(code, inLanguage)]);
  return named.sort((one, other) => one[1].localeCompare(other[1], inLanguage));
}
