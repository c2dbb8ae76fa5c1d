import { beforeAll, describe, expect, it } from "vitest";
import { ApiError, UNREACHABLE } from "../api/http";
import { initialize, setLanguage } from ".";
import { explain } from "./problem";

beforeAll(() => initialize("en"));

describe("a problem", () => {
  it("is told in the language of the app by its code", async () => {
    const problem = { message: "One client may have 8 sessions at a time.", code: "rate_limit_exceeded" };
    expect(explain(problem)).toBe(problem.message);
    await setLanguage("de");
    expect(explain(problem)).toMatch(/^Zu viele Anfragen/);
    expect(explain(new ApiError("The server can't be reached.", UNREACHABLE, 0))).toMatch(/nicht erreichbar/);
    expect(explain({ message: "", code: "llm_timeout" })).toBe(
      explain({ message: "", code: "upstream_timeout" }),
    );
    await setLanguage("en");
  });

  it("is told in the server's words where the app doesn't know the code", () => {
    expect(explain({ message: "No such voice.", code: "invalid_voice" })).toBe("No such voice.");
    expect(explain(new Error("broken"))).toBe("broken");
  });

  it("says something even where nothing is known", () => {
    expect(explain({ message: "", code: null })).toBe("Something went wrong. Try again.");
    expect(explain({})).toBe("Something went wrong. Try again.");
  });
});
