import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { DocumentInfo, Job } from "../api/types";

const stream = vi.hoisted(() => ({ tell: (_: { data: unknown }): void => undefined }));
vi.mock("../api/live", () => ({
  follow: (_: string, handler: (event: { data: unknown }) => void) => {
    stream.tell = handler;
  },
}));

import { addPage, isPage, pageAddress, refreshPage, upload, useUploads } from "./upload";

const requests: { answer: (job: Job) => void }[] = [];

class Request {
  upload = {};
  status = 0;
  responseText = "";
  onload = () => undefined;
  open() {}
  setRequestHeader() {}
  send() {
    requests.push({
      answer: (job) => {
        this.status = 202;
        this.responseText = JSON.stringify({ jobs: [job] });
        this.onload();
      },
    });
  }
}

const job = (id: string, stage: Job["stage"], error: string | null = null) =>
  ({ id, name: `${id}.md`, stage, error }) as unknown as Job;
const stages = () => useUploads.getState().uploads.map(({ name, stage, error }) => [name, stage, error]);

beforeEach(() => {
  requests.length = 0;
  useUploads.setState({ uploads: [] });
  vi.stubGlobal("XMLHttpRequest", Request);
});
afterEach(() => vi.unstubAllGlobals());

test("what the stream says before the request is answered is kept, also when it was the end", async () => {
  upload([new File(["x"], "good.md"), new File(["x"], "bad.pdf")]);
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  stream.tell({ data: { job: job("a", "reading") } });
  requests[0]?.answer(job("a", "received"));
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  expect(stages()[1]).toEqual(["good.md", "reading", null]);
  stream.tell({ data: { job: job("b", "failed", "It isn't a PDF.") } });
  requests[1]?.answer(job("b", "received"));
  await vi.waitFor(() => expect(stages()[0]).toEqual(["bad.pdf", "failed", "It isn't a PDF."]));
  stream.tell({ data: { job: job("a", "done") } });
  expect(stages()[1]).toEqual(["good.md", "done", null]);
});

test("jobs of other windows are none of this one's", async () => {
  upload([new File(["x"], "mine.md")]);
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  stream.tell({ data: { job: job("theirs", "done") } });
  requests[0]?.answer(job("c", "received"));
  await vi.waitFor(() => expect(stages()).toEqual([["mine.md", "received", null]]));
});

describe("a web page", () => {
  const asked: { path: string; body: unknown; answer: (status: number, body: unknown) => void }[] = [];

  beforeEach(() => {
    asked.length = 0;
    vi.stubGlobal("fetch", (path: string, { body }: { body?: string }) => {
      return new Promise((resolve) => {
        const answer = (status: number, said: unknown) => resolve(Response.json(said, { status }));
        asked.push({ path, body: body === undefined ? null : JSON.parse(body), answer });
      });
    });
  });

  const refusal = (message: string) => ({ error: { message, code: "document_error" } });
  const document = { id: "doc_1", name: "example.org/rules" } as DocumentInfo;

  test("is listed once it has come, as far as it is read by then", async () => {
    const added = addPage("https://example.org/rules");
    expect(asked[0]).toMatchObject({
      path: "/api/documents/pages",
      body: { address: "https://example.org/rules" },
    });
    expect(stages()).toEqual([]);
    stream.tell({ data: { job: job("page", "reading") } });
    asked[0]?.answer(202, job("page", "received"));
    await added;
    expect(stages()).toEqual([["page.md", "reading", null]]);
    stream.tell({ data: { job: job("page", "done") } });
    expect(stages()).toEqual([["page.md", "done", null]]);
  });

  test("that can't be fetched is an error with the reason, and isn't listed", async () => {
    const added = addPage("https://example.org/none");
    asked[0]?.answer(422, refusal("There is no such page."));
    await expect(added).rejects.toThrow("There is no such page.");
    expect(stages()).toEqual([]);
  });

  test("that is read again is listed from the beginning, with why it can't be", async () => {
    const first = refreshPage(document);
    expect(asked[0]?.path).toBe("/api/documents/doc_1/refresh");
    expect(stages()).toEqual([["example.org/rules", "fetching", null]]);
    asked[0]?.answer(422, refusal("The page is gone."));
    await first;
    expect(stages()).toEqual([["example.org/rules", "failed", "The page is gone."]]);
  });

  test("is fetched once, however often it is asked for again meanwhile", async () => {
    const both = Promise.all([refreshPage(document), refreshPage(document)]);
    expect(asked).toHaveLength(1);
    asked[0]?.answer(202, job("again", "received"));
    await both;
    void refreshPage(document);
    expect(asked).toHaveLength(2);
  });

  test("may be named without how its address begins", () => {
    expect(pageAddress("  example.org/a ")).toBe("https://example.org/a");
    expect(pageAddress("localhost:8000/a")).toBe("https://localhost:8000/a");
    expect(pageAddress("HTTP://example.org")).toBe("HTTP://example.org");
    expect(pageAddress("ftp://example.org")).toBe("ftp://example.org");
  });

  test("is known by its source; a file that is called like one isn't one", () => {
    expect(isPage({ uploaded: true, source: "https://example.org/" })).toBe(true);
    expect(isPage({ uploaded: true, source: "upload:1" })).toBe(false);
    expect(isPage({ uploaded: false, source: "https://example.org/" })).toBe(false);
  });
});
