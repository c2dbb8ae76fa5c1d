/** What the user chose; kept in this browser. */
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
  /** Asked for when the server wants one; sent only to the server that this page came from. */
  key: string;
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
  key: "",
};

const PLACE = "vasi.settings";

function load(): Settings {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLACE) ?? "{}");
    if (typeof kept !== "object" || kept === null) return DEFAULTS;
    const known = Object.entries(kept).filter(([name, value]) => {
      const usual = DEFAULTS[name as keyof Settings];
      return name in DEFAULTS && (usual === null || typeof value === typeof usual);
    });
    return { ...DEFAULTS, ...Object.fromEntries(known) };
  } catch {
    return DEFAULTS;
  }
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
