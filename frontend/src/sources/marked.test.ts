import { describe, expect, it } from "vitest";
import { marked } from "./marked";

const PAGE = [
  "Work",
  "shop ",
  "safety",
  "The assembly point is the flag-",
  "pole beside the slipway.",
  "Page 13",
];

describe("marked", () => {
  it("finds a passage across pieces and hyphens", () => {
    expect(marked(PAGE, "The assembly point is the flagpole beside the slipway.")).toEqual([3, 4]);
  });
  it("finds a part of a piece", () => {
    expect(marked(PAGE, "beside the slipway")).toEqual([4]);
  });
  it("marks nothing when the passage stands elsewhere", () => {
    expect(marked(PAGE, "Helmets are worn on deck.")).toEqual([]);
    expect(marked(PAGE, "")).toEqual([]);
  });
  it("finds a passage whose middle differs by its beginning and its end", () => {
    const begin =
      "In the case of a fire in the boat hall everybody leaves by the nearest door and nobody goes back.";
    const end =
      "Whoever counts the people at the flagpole reports to the fire brigade and to nobody else at all.";
    expect(marked([begin, "TABLE 4", end, "tail"], `${begin} Something else. ${end}`)).toEqual([0, 1, 2]);
  });
});
