/** The one conversation of this page, and what drives it. */
import i18next from "i18next";
import { create } from "zustand";
import { ApiError, get, request } from "../api/http";
import { followAnew } from "../api/live";
import { Assistant } from "../realtime/assistant";
import { tell } from "../shell/Undo";
import { type Conversation, EMPTY, type Happening, reduce } from "./conversation";
import { useSettings } from "./settings";

export const useConversation = create<Conversation>()(() => EMPTY);

function happen(happening: Happening): void {
  useConversation.setState((state) => reduce(state, happening), true);
}

function address(): string {
  const url = new URL("/v1/realtime", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.toString();
}

export const assistant = new Assistant({
  happen,
  state: () => useConversation.getState(),
  settings: () => useSettings.getState().settings,
  noted: ({ id, text }) =>
    tell(i18next.t("notes.taken", { text }), () => {
      request("DELETE", `/notes/${id}`).catch((error: Error) => tell(error.message));
    }),
  address: address(),
  now: () => performance.now(),
});

declare global {
  interface Window {
    /** The levels of both voices, to be measured from outside. */
    vasi: { levels: Assistant["levels"] };
  }
}
window.vasi = { levels: assistant.levels };

/** Show a problem that isn't the server's. */
export function complain(code: string, message = code): void {
  happen({ type: "problem", problem: { message, code } });
}

export function dismissProblem(): void {
  happen({ type: "problem", problem: null });
}

const LAST = "vasi.conversation";

/** The conversation that this tab was in before it was loaded anew; null if there was none. */
export const lastConversation: string | null = sessionStorage.getItem(LAST);

useConversation.subscribe(() => {
  const { conversation } = assistant;
  if (conversation && sessionStorage.getItem(LAST) !== conversation)
    sessionStorage.setItem(LAST, conversation);
});

/** Begin a new conversation, or go on with one that was recorded. */
export function startConversation(id: string | null): void {
  const wasOpen = useConversation.getState().link !== "closed";
  assistant.hangUp();
  assistant.conversation = id;
  if (!id) sessionStorage.removeItem(LAST);
  happen({ type: "reset" });
  if (wasOpen || id) assistant.connect();
}

/** One tap: connect, and open the microphone if the user talks hands-free. */
export async function talk(): Promise<void> {
  const { link } = useConversation.getState();
  if (link === "closed") assistant.connect();
  try {
    await assistant.listen();
  } catch (error) {
    complain(microphoneProblem(error as DOMException));
  }
}

function microphoneProblem(error: DOMException): string {
  switch (error.name) {
    case "NotAllowedError":
      return "microphone_denied";
    case "NotFoundError":
      return "microphone_missing";
    default:
      return "microphone_failed";
  }
}

/** Ask in writing; connects first where there is no connection. Rejects when none can be had. */
export async function ask(text: string): Promise<void> {
  if (useConversation.getState().link === "closed") assistant.connect();
  await opened();
  await assistant.say(text);
}

function opened(): Promise<void> {
  if (useConversation.getState().sessionId && useConversation.getState().link === "open")
    return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = useConversation.subscribe((state) => {
      const ready = state.link === "open" && state.sessionId !== null;
      if (!ready && state.link !== "closed") return;
      stop();
      if (ready) resolve();
      else reject(new Error("closed"));
    });
  });
}

/** A browser doesn't say why a WebSocket was refused; the API does. */
useConversation.subscribe((state, before) => {
  if (state.link !== "waiting" || before.link === "waiting") return;
  get("/status").catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 401) return;
    assistant.hangUp();
    complain("key_wanted", error.message);
  });
});

const wake = () => assistant.wake();
const moved = () => {
  wake();
  followAnew();
};
// The network may be another one now, or none: `online` alone isn't told when a phone changes from one to the next.
for (const change of ["online", "offline"]) addEventListener(change, moved);
(navigator as { connection?: EventTarget }).connection?.addEventListener("change", moved);
document.addEventListener("resume", moved); // the page was frozen
addEventListener("pageshow", wake);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") wake();
});
