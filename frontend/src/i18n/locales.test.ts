import { readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LANGUAGES } from ".";

type Words = { [key: string]: string | string[] | Words };

const here = `${__dirname}/locales`;
const words = (language: string): Words =>
  JSON.parse(readFileSync(`${here}/${language}.json`, "utf8")) as Words;

function flat(tree: Words, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === "string" || Array.isArray(value)) found.set(prefix + name, String(value));
    else for (const [key, inner] of flat(value, `${prefix}${name}.`)) found.set(key, inner);
  }
  return found;
}

const PLURAL = /_(zero|one|two|few|many|other)$/;
const english = flat(words("en"));

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !/\.test\./.test(name) ? [readFileSync(path, "utf8")] : [];
  });
}

describe.each(Object.keys(LANGUAGES))("the words in %s", (language) => {
  const found = flat(words(language));

  it("are all there, and no others", () => {
    const plain = (keys: Iterable<string>) => [...new Set([...keys].map((key) => key.replace(PLURAL, "")))];
    const app = plain(found.keys()).filter((key) => !key.startsWith("server."));
    expect(app.sort()).toEqual(plain(english.keys()).sort());
  });

  it("translate the same of what the server says in English", () => {
    const server = [...found.keys()].filter((key) => key.startsWith("server."));
    const others = [...flat(words("de")).keys()].filter((key) => key.startsWith("server."));
    expect(server.sort()).toEqual(language === "en" ? [] : others.sort());
  });

  it("have every plural that the language has", () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const counted = new Set(
      [...found.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, "")),
    );
    for (const key of counted)
      for (const form of forms) expect(found.has(`${key}_${form}`), `${key}_${form}`).toBe(true);
  });

  it("keep what is filled in, and leave nothing empty", () => {
    const holes = (text: string) => [...text.matchAll(/{{\w+}}/g)].map(String).sort();
    for (const [key, text] of found) {
      expect(text.trim(), key).not.toBe("");
      const wanted = english.get(key);
      // "One page" may say its number in a word.
      if (wanted !== undefined && !/_(zero|one|two)$/.test(key))
        expect(holes(text), key).toEqual(holes(wanted));
    }
  });
});

it("every word is used, and every used word is there", () => {
  const code = sources(`${__dirname}/..`).join("\n");
  const used = [...code.matchAll(/\bt\(\s*"([\w.]+)"/g)].map(([, key]) => key as string);
  for (const key of used) expect(english.has(key) || english.has(`${key}_other`), key).toBe(true);
  for (const key of english.keys()) {
    const bare = key.replace(PLURAL, "");
    const stem = bare.slice(0, bare.lastIndexOf(".") + 1);
    const named = code.includes(`"${bare}"`) || (stem !== "" && code.includes(`\`${stem}\${`));
    expect(named, `${bare} is used nowhere`).toBe(true);
  }
});
