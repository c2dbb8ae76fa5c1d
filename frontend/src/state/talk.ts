/** The one conversation of this page, and what drives it. */
import i18next from "i18next";
import { create } from "zustand";
import { request } from "../api/http";
import { explain } from "../i18n/problem";
import { Assistant } from "./assistant";
import { type Action, type Conversation, EMPTY, reduce } from "./conversation";
import { tell } from "./notice";
import { useSettings } from "./settings";

export const useConversation = create<Conversation>()(() => EMPTY);

function dispatch(action: Action): void {
  useConversation.setState((state) => reduce(state, action), true);
}

function address(): string {
  const url = new URL("/v1/realtime", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.toString();
}

export const assistant = new Assistant({
  dispatch,
  state: () => useConversation.getState(),
  settings: () => useSettings.getState().settings,
  noteAdded: ({ id, text }) =>
    tell(i18next.t("notes.taken", { text }), () => {
      request("DELETE", `/notes/${id}`).catch((error: unknown) => tell(explain(error)));
    }),
  address: address(),
  now: () => performance.now(),
});

/** Show a problem that isn't the server's. */
export function complain(code: string, message = code): void {
  dispatch({ type: "problem", problem: { message, code } });
}

export function dismissProblem(): void {
  dispatch({ type: "problem", problem: null });
}

export const LAST = "vasi.conversation";

/** The conversation that this tab was in before it was loaded anew; null if there was none. */
export const lastConversation: string | null = sessionStorage.getItem(LAST);

/** Begin a new conversation, or go on with one that was recorded. */
export function startConversation(id: string | null): void {
  const wasOpen = useConversation.getState().link !== "closed";
  assistant.hangUp();
  assistant.conversation = id;
  if (!id) sessionStorage.removeItem(LAST);
  dispatch({ type: "reset" });
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
