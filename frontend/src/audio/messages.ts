/** What the page and the audio thread say to each other. */
import type { Played } from "./queue";

export type PlaybackCommand =
  | { type: "push"; item: string; samples: Float32Array }
  | { type: "hold" }
  | { type: "resume" }
  | { type: "cut" };

export type PlaybackReport =
  | { type: "cut"; played: Played | null }
  | { type: "played"; played: Played | null; queued: number; level: number; playing: boolean };

export interface CapturedFrame {
  /** 480 samples: 20 ms at 24 kHz. */
  samples: Int16Array;
  /** Root mean square, 0 to 1. */
  level: number;
}
