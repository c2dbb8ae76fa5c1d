/** Files and web pages on their way to the server, each with its own progress. Files are sent one after the other. */
import { create } from "zustand";
import { ApiError, refusal, request, unreachable } from "../api/http";
import { follow } from "../api/live";
import type { DocumentInfo, Job } from "../api/types";
import { explain } from "../i18n/problem";

export interface Upload {
  key: number;
  name: string;
  /** The job on the server, once the file or page is there. */
  job: string | null;
  stage: "sending" | "fetching" | Job["stage"];
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
/** Requests that the server hasn't answered yet: the ids of their jobs aren't known here. */
let unanswered = 0;
/** Documents whose pages are being fetched. */
const refreshing = new Set<string>();
/** What the event stream said of jobs whose ids aren't known here yet: it may be quicker than the request's answer. */
const early = new Map<string, Job>();

function change(key: number, some: Partial<Upload>): void {
  useUploads.setState(({ uploads }) => ({
    uploads: uploads.map((upload) => (upload.key === key ? { ...upload, ...some } : upload)),
  }));
}

interface Target {
  /** The document that the only file takes the place of. */
  replace?: string;
  /** The collection that the files are for; none for one's own. */
  collection?: string;
}

export function upload(files: Iterable<File>, target: Target = {}): void {
  for (const file of files) {
    const key = add(file.name, "sending");
    queue = queue.then(() => showResult(key, () => send(key, file, target)));
  }
}

/** Have a web page fetched and read. Raises `ApiError` where it can't be fetched: nothing is listed then. */
export async function addPage(address: string): Promise<void> {
  const job = await receive(() => ask("/documents/pages", { address }));
  show(add(job.name, job.stage), job);
}

/** Have the page that a document was read from fetched and read again. */
export async function refreshPage({ id, name }: DocumentInfo): Promise<void> {
  if (refreshing.has(id)) return;
  refreshing.add(id);
  const key = add(name, "fetching");
  await showResult(key, () => ask(`/documents/${id}/refresh`));
  refreshing.delete(id);
}

/** The address that somebody means who leaves out how it begins. */
export function pageAddress(text: string): string {
  const trimmed = text.trim();
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
}

/** Whether a document was fetched from the web: then its source is the page's address. */
export function isPage({ uploaded, source }: Pick<DocumentInfo, "uploaded" | "source">): boolean {
  return uploaded && /^https?:\/\//i.test(source);
}

export function forget(key: number): void {
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((upload) => upload.key !== key) }));
}

function add(name: string, stage: Upload["stage"]): number {
  const key = ++count;
  const fresh: Upload = { key, name, job: null, stage, sent: 0, error: null, note: null };
  useUploads.setState(({ uploads }) => ({ uploads: [fresh, ...uploads] }));
  return key;
}

function progressed(data: unknown): void {
  const job = (data as { job?: Job } | null)?.job;
  if (!job) return;
  const mine = useUploads.getState().uploads.find((upload) => upload.job === job.id);
  if (mine) show(mine.key, job);
  else if (unanswered > 0) early.set(job.id, job);
}

function show(key: number, job: Job): void {
  change(key, { job: job.id, stage: job.stage, error: job.error, note: job.note, sent: 1 });
  // What is said stays until it's dismissed.
  if (job.stage === "done" && !job.note) setTimeout(() => forget(key), 4_000);
}

/** The job that a request brings, as far as it is known to be. */
async function receive(send: () => Promise<Job>): Promise<Job> {
  if (!following) follow("jobs", ({ data }) => progressed(data));
  following = true;
  unanswered += 1;
  try {
    const job = await send();
    return early.get(job.id) ?? job;
  } finally {
    unanswered -= 1;
    if (unanswered === 0) early.clear();
  }
}

async function showResult(key: number, send: () => Promise<Job>): Promise<void> {
  try {
    show(key, await receive(send));
  } catch (error) {
    change(key, { stage: "failed", error: explain(error) });
  }
}

async function ask(path: string, body?: unknown): Promise<Job> {
  return (await (await request("POST", path, body)).json()) as Job;
}

async function send(key: number, file: File, { replace, collection }: Target): Promise<Job> {
  const form = new FormData();
  form.append("files", file, file.name);
  if (replace) form.append("replace", replace);
  const path = collection ? `/api/documents?${new URLSearchParams({ collection })}` : "/api/documents";
  const [job] = (await post(path, form, (sent) => change(key, { sent }))).jobs;
  if (!job) throw new ApiError("The server took nothing.", "failed", 500);
  return job;
}

/** `fetch` can't tell how much has been sent. */
function post(path: string, form: FormData, onProgress: (sent: number) => void): Promise<{ jobs: Job[] }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onerror = () => reject(unreachable());
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as { jobs: Job[] });
      else refusal(new Response(request.responseText, { status: request.status })).then(reject, reject);
    };
    request.send(form);
  });
}
