import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SourcePlace } from "../state/view";
import { readDocument, readNote } from "./reading";

const PLACE: SourcePlace = { id: "p1", kind: "document", source_id: "d1", document: "a.pdf", page: 2 };
const NOTE: SourcePlace = { id: "p9", kind: "note", source_id: "n1", document: "Notes", page: null };
const DOCUMENT = {
  document: { id: "d1", name: "a.pdf" },
  pages: [
    { page: 1, heading: null, text: "Nothing.", passages: [{ id: "p0", start: 0, end: 8 }] },
    { page: 2, heading: null, text: "It is here. No.", passages: [{ id: "p1", start: 0, end: 11 }] },
  ],
};
const MOVED = { id: "p7", kind: "document", source_id: "d1", document: "a.pdf", page: 1, text: "Nothing." };

let answers: Record<string, unknown>;
let asked: string[];

beforeEach(() => {
  asked = [];
  answers = {};
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    const answer = answers[path];
    const error = { error: { message: "There is no such passage.", code: "not_found" } };
    return Promise.resolve(Response.json(answer ?? error, { status: answer ? 200 : 404 }));
  });
});
afterEach(() => void vi.unstubAllGlobals());

describe("a cited document", () => {
  it("is opened at its passage with one request", async () => {
    answers["/api/documents/d1/text"] = DOCUMENT;
    const { passage } = await readDocument(PLACE);
    expect(passage).toEqual({ id: "p1", page: 2, text: "It is here." });
    expect(asked).toEqual(["/api/documents/d1/text"]);
  });

  it("is opened where the passage stands since it was read again", async () => {
    answers["/api/documents/d1/text"] = DOCUMENT;
    answers["/api/passages/old"] = MOVED;
    expect((await readDocument({ ...PLACE, id: "old" })).passage).toMatchObject({ id: "p7", page: 1 });
  });

  it("is found by the passage alone where the citation doesn't know it", async () => {
    answers["/api/documents/d1/text"] = DOCUMENT;
    answers["/api/passages/p1"] = MOVED;
    expect((await readDocument({ ...PLACE, source_id: "" })).document.id).toBe("d1");
  });

  it("is shown as a whole when no passage of it is meant", async () => {
    answers["/api/documents/d1/text"] = DOCUMENT;
    expect((await readDocument({ ...PLACE, id: "" })).passage).toBeNull();
  });

  it("that is gone is told in the server's words", async () => {
    await expect(readDocument({ ...PLACE, source_id: "" })).rejects.toThrow("There is no such passage.");
  });
});

describe("a cited note", () => {
  it("is shown as the search found it", async () => {
    expect(await readNote({ ...NOTE, text: "Buy oil." })).toBe("Buy oil.");
    expect(asked).toEqual([]);
  });

  it("of a recorded conversation is shown as it is now", async () => {
    answers["/api/notes?limit=200"] = {
      notes: [
        { id: "n0", text: "No." },
        { id: "n1", text: "Buy grease." },
      ],
    };
    expect(await readNote(NOTE)).toBe("Buy grease.");
  });
});
