/** What the user chose; kept in this browser, and where somebody is signed in on the server too (`preferences.ts`). */
import { create } from "zustand";
import type { SpeechSettings } from "../realtime/session";

export interface Settings extends SpeechSettings {
  /** Of the words on the screen; "" follows the browser. */
  interface: string;
  theme: "system" | "light" | "dark" | "contrast";
  motion: "system" | "reduced";
  captions: "small" | "medium" | "large";
  microphone: string | null;
  speaker: string | null;
}

export const DEFAULTS: Settings = {
  voice: "",
  speed: 1,
  language: "",
  interface: "",
  turnTaking: "semantic",
  eagerness: "auto",
  persona: "",
  interpretFirst: "",
  interpretSecond: "",
  theme: "system",
  motion: "system",
  captions: "medium",
  microphone: null,
  speaker: null,
};

export const PLACE = "vasi.settings";

function load(): Settings {
  try {
    return { ...DEFAULTS, ...known(JSON.parse(localStorage.getItem(PLACE) ?? "{}")) };
  } catch {
    return DEFAULTS;
  }
}

/** Of what was kept, what are settings still. */
export function known(kept: unknown): Partial<Settings> {
  if (typeof kept !== "object" || kept === null) return {};
  return Object.fromEntries(
    Object.entries(kept).filter(([name, value]) => {
      const usual = DEFAULTS[name as keyof Settings];
      return name in DEFAULTS && (usual === null || typeof value === typeof usual);
    }),
  );
}

interface Store {
  settings: Settings;
  change(some: Partial<Settings>): void;
}

export const useSettings = create<Store>()((set, get) => ({
  settings: load(),
  change(some) {
    const settings = { ...get().settings, ...some };
    set({ settings });
    try {
      localStorage.setItem(PLACE, JSON.stringify(settings));
    } catch {
      // A browser that keeps nothing still has them until it is closed.
    }
  },
}));
