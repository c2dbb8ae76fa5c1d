/** Which screen is shown, and which source lies open beside the conversation. The address bar knows the screen. */
import { create } from "zustand";
import type { Passage } from "../realtime/events";

export const SCREENS = ["talk", "documents", "notes", "conversations", "settings"] as const;
export type Screen = (typeof SCREENS)[number];

interface View {
  screen: Screen;
  source: Passage | null;
}

function screenOf(path: string): Screen {
  const name = path.split("/")[1] as Screen;
  return SCREENS.includes(name) ? name : "talk";
}

export const useView = create<View>()(() => ({ screen: screenOf(location.pathname), source: null }));

export function show(screen: Screen): void {
  if (useView.getState().screen === screen) return;
  history.pushState(null, "", screen === "talk" ? "/" : `/${screen}`);
  useView.setState({ screen });
}

export function openSource(source: Passage | null): void {
  useView.setState({ source });
}

addEventListener("popstate", () => useView.setState({ screen: screenOf(location.pathname) }));
