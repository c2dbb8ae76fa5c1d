/** What was read last, so that notes, conversations and sources can be read without a network. */
import { type IDBPDatabase, openDB } from "idb";

/** Answers kept; the oldest make room. */
const MOST_KEPT = 500;

interface Kept {
  path: string;
  answer: unknown;
  at: number;
}

let opened: Promise<IDBPDatabase> | null = null;
/** What is answered from now on belongs to somebody who is signed out. */
let closed = false;

function database(): Promise<IDBPDatabase> {
  opened ??= openDB("vasi", 1, {
    upgrade(db) {
      db.createObjectStore("answers", { keyPath: "path" }).createIndex("at", "at");
    },
  });
  return opened;
}

/** Remember an answer; a browser that keeps nothing goes without. */
export async function storeAnswer(path: string, answer: unknown): Promise<void> {
  if (closed) return;
  try {
    const db = await database();
    if (closed) return;
    await db.put("answers", { path, answer, at: Date.now() } satisfies Kept);
    const keys = await db.getAllKeysFromIndex("answers", "at");
    for (const key of keys.slice(0, Math.max(0, keys.length - MOST_KEPT))) await db.delete("answers", key);
  } catch {
    opened = null;
  }
}

export async function storedAnswer<Answer>(path: string): Promise<Answer | undefined> {
  if (closed) return undefined;
  try {
    return ((await (await database()).get("answers", path)) as Kept | undefined)?.answer as
      | Answer
      | undefined;
  } catch {
    return undefined;
  }
}

/** Forget every answer, and remember none until the page is loaded anew. */
export async function eraseAnswers(): Promise<void> {
  closed = true;
  try {
    await (await database()).clear("answers");
  } catch {
    opened = null;
  }
}
