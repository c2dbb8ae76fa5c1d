import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Job } from "../api/types";

const stream = vi.hoisted(() => ({ tell: (_: { data: unknown }): void => undefined }));
vi.mock("../api/live", () => ({
  follow: (_: string, handler: (event: { data: unknown }) => void) => {
    stream.tell = handler;
  },
}));

import { upload, useUploads } from "./upload";

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
