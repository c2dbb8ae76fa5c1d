import { describe, expect, it } from "vitest";
import { matchingPieces } from "./match";

const PAGE = [
  "Work",
  "shop ",
  "safety",
  "The assembly point is the flag-",
  "pole beside the slipway.",
  "Page 13",
];

describe("matchingPieces", () => {
  it("finds a passage across pieces and hyphens", () => {
    expect(matchingPieces(PAGE, "The assembly point is the flagpole beside the slipway.")).toEqual([3, 4]);
  });
  it("finds a part of a piece", () => {
    expect(matchingPieces(PAGE, "beside the slipway")).toEqual([4]);
  });
  it("marks nothing when the passage stands elsewhere", () => {
    expect(matchingPieces(PAGE, "Helmets are worn on deck.")).toEqual([]);
    expect(matchingPieces(PAGE, "")).toEqual([]);
  });
  it("finds a passage whose middle differs by its beginning and its end", () => {
    const begin =
      "In the case of a fire in the boat hall everybody leaves by the nearest door and nobody goes back.";
    const end =
      "Whoever counts the people at the flagpole reports to the fire brigade and to nobody else at all.";
    expect(matchingPieces([begin, "TABLE 4", end, "tail"], `${begin} Something else. ${end}`)).toEqual([
      0, 1, 2,
    ]);
  });
});
