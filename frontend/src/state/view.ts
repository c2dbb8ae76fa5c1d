/** Which screen is shown, what is read on it, and which source lies open beside it. The address bar knows the first two. */
import { create } from "zustand";
import type { PassageShown } from "../protocol/wire";

/** Where each screen is. */
const PATHS = {
  talk: "/",
  documents: "/documents",
  notes: "/notes",
  conversations: "/conversations",
  settings: "/settings",
  account: "/account",
  keys: "/account/keys",
  sessions: "/account/sessions",
  users: "/users",
  collections: "/collections",
  audit: "/audit",
} as const;
export type Screen = keyof typeof PATHS;

/** Those that everybody has. */
export const SCREENS = ["talk", "documents", "notes", "conversations", "settings"] as const;
/** Those of whoever is signed in. */
export const ACCOUNT = ["account", "keys", "sessions"] as const;
/** Those of administrators. */
export const ADMINISTRATION = ["users", "collections", "audit"] as const;

export function pathOf(screen: Screen): string {
  return PATHS[screen];
}

/** Where something stands: what events, the search and the citations of a recorded conversation say of it alike. */
export interface SourcePlace extends Pick<PassageShown, "id" | "kind" | "source_id" | "document" | "page"> {
  /** What the passage says; recorded citations tell only how it begins. */
  text?: string;
  excerpt?: string;
  /** The shared collection that the document is in. */
  collection?: { id: string; name: string } | null;
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
  const screens = Object.keys(PATHS) as Screen[];
  const screen =
    screens.find((known) => PATHS[known] === pathname) ??
    screens.find((known) => PATHS[known] === `/${name}`) ??
    "talk";
  const reading = screen === "conversations" && id ? decodeURIComponent(id) : null;
  return { screen, reading, turn: reading && hash ? decodeURIComponent(hash.slice(1)) : null };
}

export const useView = create<View>()(() => ({ ...routeOf(location), source: null }));

function go(path: string): void {
  if (path !== location.pathname + location.hash) history.pushState(null, "", path);
  useView.setState(routeOf(location));
}

export function show(screen: Screen): void {
  go(pathOf(screen));
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
