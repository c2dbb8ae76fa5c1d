/** Which screen is shown, what is read on it, and which source lies open beside it. The address bar knows the first two. */
import { create } from "zustand";
import type { PassageShown } from "../protocol/wire";

export const SCREENS = ["talk", "documents", "notes", "conversations", "settings"] as const;
export type Screen = (typeof SCREENS)[number];

/** Where something stands: what events, the search and the citations of a recorded conversation say of it alike. */
export interface SourcePlace extends Pick<PassageShown, "id" | "kind" | "source_id" | "document" | "page"> {
  /** What the passage says; recorded citations tell only how it begins. */
  text?: string;
  excerpt?: string;
}

interface View {
  screen: Screen;
  /** The past conversation that is being read. */
  reading: string | null;
  /** The turn of it that is looked for. */
  turn: string | null;
  source: SourcePlace | null;
}

type Route = Pick<View, "screen" | "reading" | "turn">;

function routeOf({ pathname, hash }: Location): Route {
  const [, name, id] = pathname.split("/");
  const screen = SCREENS.find((known) => known === name) ?? "talk";
  const reading = screen === "conversations" && id ? decodeURIComponent(id) : null;
  return { screen, reading, turn: reading && hash ? decodeURIComponent(hash.slice(1)) : null };
}

export const useView = create<View>()(() => ({ ...routeOf(location), source: null }));

function go(path: string): void {
  if (path !== location.pathname + location.hash) history.pushState(null, "", path);
  useView.setState(routeOf(location));
}

export function show(screen: Screen): void {
  go(screen === "talk" ? "/" : `/${screen}`);
}

/** Read a past conversation, at a turn of it. */
export function readConversation(id: string, turn: string | null = null): void {
  go(`/conversations/${encodeURIComponent(id)}${turn ? `#${encodeURIComponent(turn)}` : ""}`);
}

export function openSource(source: SourcePlace | null): void {
  useView.setState({ source });
}

/** Go where the browser's back and forward buttons lead. */
export function followAddress(): void {
  addEventListener("popstate", () => useView.setState(routeOf(location)));
}
