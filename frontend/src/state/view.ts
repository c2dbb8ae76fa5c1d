/** Which screen is shown, what is read on it, and which source lies open beside it. The address bar knows the first two. */
import { create } from "zustand";
import type { Passage } from "../realtime/events";

export const SCREENS = ["talk", "documents", "notes", "conversations", "settings"] as const;
export type Screen = (typeof SCREENS)[number];

interface View {
  screen: Screen;
  /** The past conversation that is being read. */
  reading: string | null;
  /** The turn of it that is looked for. */
  turn: string | null;
  source: Passage | null;
}

type Place = Pick<View, "screen" | "reading" | "turn">;

function placeOf({ pathname, hash }: Location): Place {
  const [, name, id] = pathname.split("/");
  const screen = SCREENS.find((known) => known === name) ?? "talk";
  const reading = screen === "conversations" && id ? decodeURIComponent(id) : null;
  return { screen, reading, turn: reading && hash ? decodeURIComponent(hash.slice(1)) : null };
}

export const useView = create<View>()(() => ({ ...placeOf(location), source: null }));

function go(path: string): void {
  if (path !== location.pathname + location.hash) history.pushState(null, "", path);
  useView.setState(placeOf(location));
}

export function show(screen: Screen): void {
  go(screen === "talk" ? "/" : `/${screen}`);
}

/** Read a past conversation, at a turn of it. */
export function readConversation(id: string, turn: string | null = null): void {
  go(`/conversations/${encodeURIComponent(id)}${turn ? `#${encodeURIComponent(turn)}` : ""}`);
}

export function openSource(source: Passage | null): void {
  useView.setState({ source });
}

addEventListener("popstate", () => useView.setState(placeOf(location)));
