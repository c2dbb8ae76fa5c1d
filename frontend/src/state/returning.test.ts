import { describe, expect, it } from "vitest";
import { placeIn, signInPath } from "./returning";

describe("where somebody goes on", () => {
  it("is a place in the app", () => {
    expect(placeIn("/notes")).toBe("/notes");
    expect(placeIn("/conversations/a%20b?x=1#turn")).toBe("/conversations/a%20b?x=1#turn");
  });

  it.each([
    null,
    "",
    "notes",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/x\\..\\y",
    "/sign-in?return_to=/sign-in",
    "/./sign-in",
  ])("is the first screen for %j", (wanted) => expect(placeIn(wanted)).toBe("/"));
});

describe("the sign-in page's address", () => {
  it("says why, and the screen, and nothing of what was open there", () => {
    expect(signInPath("disabled", "/conversations/conv_secret")).toBe(
      "/sign-in?error=disabled&return_to=%2Fconversations",
    );
    expect(signInPath(null, "/")).toBe("/sign-in");
    expect(signInPath("out", null)).toBe("/sign-in?error=out");
    expect(signInPath(null, "/sign-in")).toBe("/sign-in");
  });
});
