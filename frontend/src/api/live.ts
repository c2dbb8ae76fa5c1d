/** What changes on the server, pushed: documents, notes, conversations, wherever they were changed. */
import { useSettings } from "../state/settings";

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
let source: EventSource | null = null;

function open(): void {
  const { key } = useSettings.getState().settings;
  source = new EventSource(key ? `/api/events?api-key=${encodeURIComponent(key)}` : "/api/events");
  for (const [type, topic] of Object.entries(TOPICS))
    source.addEventListener(type, (event) => {
      const data: unknown = JSON.parse((event as MessageEvent<string>).data);
      for (const listener of listeners.get(topic) ?? []) listener({ type, data });
    });
  source.addEventListener("reset", tellAll);
  let wasOpen = false;
  source.onopen = () => {
    if (wasOpen) tellAll();
    wasOpen = true;
  };
}

/** Something may have been missed: everybody looks anew. */
function tellAll(): void {
  for (const [, some] of listeners) for (const listener of some) listener({ type: "reset", data: null });
}

/** The network is another one now: what is pushed over the old one may never come. */
export function followAnew(): void {
  if (!source) return;
  source.close();
  open();
  tellAll();
}

/** Call `listener` for every change of `topic`; returns what ends that. */
export function follow(topic: Topic, listener: Listener): () => void {
  const some = listeners.get(topic) ?? new Set();
  listeners.set(topic, some.add(listener));
  if (!source || source.readyState === EventSource.CLOSED) open();
  return () => {
    some.delete(listener);
    if ([...listeners.values()].every((each) => each.size === 0)) {
      source?.close();
      source = null;
    }
  };
}
