import { describe, expect, it } from "vitest";
import { pieces, spokenTo } from "./pieces";

const TEXT = "It is here. It is there. That is all.";
const WORDS = [
  { start: 0, ms: 0 },
  { start: 12, ms: 900 },
  { start: 25, ms: 1800 },
];
const CITATIONS = [
  { start: 12, end: 24, passages: ["q"] },
  { start: 0, end: 11, passages: ["p"] },
];

describe("pieces", () => {
  it("cut the text where its sources begin and end, and lose no character", () => {
    const found = pieces({ text: TEXT, citations: CITATIONS, words: [] }, null);
    expect(found.map((piece) => piece.text).join("")).toBe(TEXT);
    expect(found.map((piece) => piece.sources)).toEqual([["p"], [], ["q"], []]);
  });

  it("are lit while they are spoken", () => {
    const lit = (ms: number | null) =>
      pieces({ text: TEXT, citations: CITATIONS, words: WORDS }, ms).map((piece) => piece.lit);
    expect(lit(100)).toEqual([true, false, false, false]);
    expect(lit(1000)).toEqual([false, false, true, false]);
    expect(lit(1900)).toEqual([false, false, false, false]);
    expect(lit(null)).toEqual([false, false, false, false]);
  });

  it("bear citations that overlap or lie outside the text", () => {
    const citations = [
      { start: 0, end: 20, passages: ["p"] },
      { start: 10, end: 99, passages: ["q"] },
      { start: 60, end: 70, passages: ["r"] },
    ];
    const found = pieces({ text: TEXT, citations, words: [] }, null);
    expect(found.map((piece) => piece.text).join("")).toBe(TEXT);
    expect(found.flatMap((piece) => piece.sources)).toEqual(["p", "q"]);
  });
});

describe("spokenTo", () => {
  it("is the last word that has begun", () => {
    expect(spokenTo(WORDS, 899)).toBe(0);
    expect(spokenTo(WORDS, 900)).toBe(12);
    expect(spokenTo([], 900)).toBeNull();
  });
});
