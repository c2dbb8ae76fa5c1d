import { describe, expect, it } from "vitest";
import { grouped } from "./voices";

const VOICES = ["marin", "cedar", "af", "de", "en-gb", "en-us", "en-gb-x-rp", "fr-fr", "qdb", "en-029"];

describe("voices", () => {
  it("begin with those of the language that is spoken, then come names, then other languages", () => {
    const groups = grouped(VOICES, "en", "en");
    expect(groups.map(({ language }) => language)).toEqual([
      "English",
      null,
      "Afrikaans",
      "French",
      "German",
    ]);
    expect(groups[0]?.voices.map(({ id }) => id)).toEqual(["en-gb", "en-us", "en-gb-x-rp", "en-029"]);
    expect(groups[1]?.voices.map(({ name }) => name)).toEqual(["marin", "cedar", "qdb"]);
  });

  it("are all there, each under a name of its own, in the language of the app", () => {
    const groups = grouped(VOICES, "de-AT", "de");
    expect(groups[0]).toEqual({ language: "Deutsch", voices: [{ id: "de", name: "Deutsch" }] });
    const all = groups.flatMap(({ voices }) => voices);
    expect(all.map(({ id }) => id).sort()).toEqual([...VOICES].sort());
    expect(new Set(all.map(({ name }) => name)).size).toBe(VOICES.length);
  });
});
