/** Words of the interface. English is packed in; other languages are fetched when they're chosen. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./locales/en.json";

/** Languages by their own names. */
export const LANGUAGES: Record<string, string> = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  pt: "Português",
  ja: "日本語",
  ar: "العربية",
};

const RIGHT_TO_LEFT = new Set(["ar"]);
const locales = import.meta.glob<{ default: Record<string, unknown> }>([
  "./locales/*.json",
  "!./locales/en.json",
]);

/** The best language for the user: what they chose, else what their browser prefers. */
export function preferredLanguage(chosen: string): string {
  const wanted = chosen ? [chosen] : navigator.languages;
  for (const language of wanted) {
    const short = language.split("-")[0] as string;
    if (short in LANGUAGES) return short;
  }
  return "en";
}

export async function setLanguage(language: string): Promise<void> {
  if (!i18next.hasResourceBundle(language, "translation")) {
    const found = await locales[`./locales/${language}.json`]?.();
    if (found) i18next.addResourceBundle(language, "translation", found.default);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  document.documentElement.dir = RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
}

export async function initialize(language: string): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  });
  await setLanguage(language);
}
