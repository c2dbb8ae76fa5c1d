/** What changes on the server, pushed: documents, notes, conversations, wherever they were changed. */
import { get } from "./http";

export type Topic = "documents" | "notes" | "conversations" | "jobs";

const TOPICS: Record<string, Topic> = {
  "document.added": "documents",
  "document.updated": "documents",
  "document.removed": "documents",
  "job.progress": "jobs",
  "note.added": "notes",
  "note.updated": "notes",
  "note.removed": "notes",
  "conversation.updated": "conversations",
  "conversation.removed": "conversations",
};

type Listener = (event: { type: string; data: unknown }) => void;

const listeners = new Map<Topic, Set<Listener>>();
const RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;

let source: EventSource | null = null;
let failures = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let wasOpen = false;

function open(): void {
  close();
  listen(new EventSource("/api/events"));
}

function listen(opened: EventSource): void {
  source = opened;
  for (const [type, topic] of Object.entries(TOPICS))
    opened.addEventListener(type, (event) => {
      const data: unknown = JSON.parse((event as MessageEvent<string>).data);
      for (const listener of listeners.get(topic) ?? []) listener({ type, data });
    });
  opened.addEventListener("reset", tellAll);
  opened.onopen = () => {
    if (wasOpen) tellAll();
    wasOpen = true;
    failures = 0;
  };
  opened.onerror = () => {
    // It tries again by itself, unless it was refused; why isn't told here, but where a request is refused as well.
    if (opened !== source || opened.readyState !== EventSource.CLOSED) return;
    openLater();
    get("/status").catch(() => {});
  };
}

function openLater(): void {
  close();
  const delay = Math.min(RETRY_MS * 2 ** failures, LONGEST_RETRY_MS);
  failures += 1;
  retry = setTimeout(() => open(), delay);
}

function close(): void {
  clearTimeout(retry);
  retry = undefined;
  source?.close();
  source = null;
}

/** Something may have been missed: everybody looks anew. */
function tellAll(): void {
  for (const [, some] of listeners) for (const listener of some) listener({ type: "reset", data: null });
}

/** The network is another one now: what is pushed over the old one may never come. */
export function followAnew(): void {
  if (listeners.size === 0) return;
  open();
  tellAll();
}

/** Call `listener` for every change of `topic`; returns what ends that. */
export function follow(topic: Topic, listener: Listener): () => void {
  const first = listeners.size === 0;
  const some = listeners.get(topic) ?? new Set();
  listeners.set(topic, some.add(listener));
  if (first || retry !== undefined) open();
  return () => {
    some.delete(listener);
    if (some.size === 0 && listeners.get(topic) === some) listeners.delete(topic);
    if (listeners.size > 0) return;
    close();
    wasOpen = false;
    failures = 0;
  };
}
