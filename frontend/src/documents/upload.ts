/** Files on their way to the server: sent one after the other, each with its own progress. */
import { create } from "zustand";
import { ApiError, headers, refusal, UNREACHABLE } from "../api/http";
import { follow } from "../api/live";
import type { Job } from "../api/types";
import { explain } from "../i18n/problem";

export interface Upload {
  key: number;
  name: string;
  /** The job on the server, once the file is there. */
  job: string | null;
  stage: "sending" | Job["stage"];
  /** Of what is being sent, 0 to 1. */
  sent: number;
  error: string | null;
  /** What there is to say of one that is done: that it's a copy, or what of an archive wasn't read. */
  note: string | null;
}

export const useUploads = create<{ uploads: Upload[] }>()(() => ({ uploads: [] }));

let count = 0;
let queue: Promise<void> = Promise.resolve();
let following = false;
/** What the event stream said of jobs whose ids aren't known here yet: it may be quicker than the request's answer. */
const early = new Map<string, Job>();

function change(key: number, some: Partial<Upload>): void {
  useUploads.setState(({ uploads }) => ({
    uploads: uploads.map((upload) => (upload.key === key ? { ...upload, ...some } : upload)),
  }));
}

/** Send files; `replace` is the document that the only one of them takes the place of. */
export function upload(files: Iterable<File>, replace: string | null = null): void {
  if (!following) follow("jobs", ({ data }) => progressed(data));
  following = true;
  for (const file of files) {
    const key = ++count;
    const fresh: Upload = {
      key,
      name: file.name,
      job: null,
      stage: "sending",
      sent: 0,
      error: null,
      note: null,
    };
    useUploads.setState(({ uploads }) => ({ uploads: [fresh, ...uploads] }));
    queue = queue.then(() => send(key, file, replace));
  }
}

export function forget(key: number): void {
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((upload) => upload.key !== key) }));
}

function progressed(data: unknown): void {
  const job = (data as { job?: Job } | null)?.job;
  if (!job) return;
  const { uploads } = useUploads.getState();
  const mine = uploads.find((upload) => upload.job === job.id);
  if (mine) show(mine.key, job);
  else if (uploads.some((upload) => upload.stage === "sending")) early.set(job.id, job);
}

function show(key: number, job: Job): void {
  change(key, { job: job.id, stage: job.stage, error: job.error, note: job.note, sent: 1 });
  // What is said stays until it's dismissed.
  if (job.stage === "done" && !job.note) setTimeout(() => forget(key), 4_000);
}

async function send(key: number, file: File, replace: string | null): Promise<void> {
  const form = new FormData();
  form.append("files", file, file.name);
  if (replace) form.append("replace", replace);
  try {
    const answer = await post(form, (sent) => change(key, { sent }));
    const job = answer.jobs[0];
    if (!job) throw new ApiError("The server took nothing.", "failed", 500);
    show(key, early.get(job.id) ?? job);
  } catch (error) {
    change(key, { stage: "failed", error: explain(error) });
  } finally {
    if (!useUploads.getState().uploads.some((upload) => upload.stage === "sending")) early.clear();
  }
}

/** `fetch` can't tell how much has been sent. */
function post(form: FormData, onProgress: (sent: number) => void): Promise<{ jobs: Job[] }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/documents");
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onerror = () => reject(new ApiError("The server can't be reached.", UNREACHABLE, 0));
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as { jobs: Job[] });
      else refusal(new Response(request.responseText, { status: request.status })).then(reject, reject);
    };
    request.send(form);
  });
}
