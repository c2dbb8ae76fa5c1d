/** What this browser keeps of a user, and how it forgets all of it. */
import { eraseAnswers } from "../api/cache";

/** Caches of the service worker that hold the app's own files, and nothing of anybody. */
const APP = /^workbox-precache-/;

/** Forget everything of the user, on disk. What is in memory goes with the page. */
export async function eraseBrowser(): Promise<void> {
  try {
    localStorage.clear();
    sessionStorage.clear();
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
  await eraseAnswers();
  if (!("caches" in globalThis)) return;
  const names = await caches.keys().catch(() => []);
  await Promise.all(names.filter((name) => !APP.test(name)).map((name) => caches.delete(name)));
}
