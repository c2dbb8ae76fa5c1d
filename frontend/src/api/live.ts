/** What changes on the server, pushed: documents, notes, conversations, wherever they were changed. */
import { isSigned, request } from "./http";

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
/** Counts the attempts to open one, so that only the latest goes on. */
let attempt = 0;
let failures = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let wasOpen = false;

/** Where to follow the events. A key must not stand in an address, but a ticket that is good once may. */
async function address(): Promise<string> {
  if (!isSigned()) return "/api/events";
  const { ticket } = (await (await request("POST", "/events/ticket")).json()) as { ticket: string };
  return `/api/events?ticket=${encodeURIComponent(ticket)}`;
}

async function open(): Promise<void> {
  close();
  const mine = attempt;
  try {
    const url = await address();
    if (mine === attempt) listen(new EventSource(url));
  } catch {
    if (mine === attempt) openLater();
  }
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
    // It tries again by itself, unless it was refused: a ticket is good only once.
    if (opened === source && opened.readyState === EventSource.CLOSED) openLater();
  };
}

function openLater(): void {
  close();
  const delay = Math.min(RETRY_MS * 2 ** failures, LONGEST_RETRY_MS);
  failures += 1;
  retry = setTimeout(() => void open(), delay);
}

function close(): void {
  attempt += 1;
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
  void open();
  tellAll();
}

/** Call `listener` for every change of `topic`; returns what ends that. */
export function follow(topic: Topic, listener: Listener): () => void {
  const first = listeners.size === 0;
  const some = listeners.get(topic) ?? new Set();
  listeners.set(topic, some.add(listener));
  if (first || retry !== undefined) void open();
  return () => {
    some.delete(listener);
    if (some.size === 0 && listeners.get(topic) === some) listeners.delete(topic);
    if (listeners.size > 0) return;
    close();
    wasOpen = false;
    failures = 0;
  };
}
