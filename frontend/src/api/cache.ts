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
  try {
    const db = await database();
    await db.put("answers", { path, answer, at: Date.now() } satisfies Kept);
    const keys = await db.getAllKeysFromIndex("answers", "at");
    for (const key of keys.slice(0, Math.max(0, keys.length - MOST_KEPT))) await db.delete("answers", key);
  } catch {
    opened = null;
  }
}

export async function storedAnswer<Answer>(path: string): Promise<Answer | undefined> {
  try {
    return ((await (await database()).get("answers", path)) as Kept | undefined)?.answer as
      | Answer
      | undefined;
  } catch {
    return undefined;
  }
}
