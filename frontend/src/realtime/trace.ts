/** What went over the wire, for the inspector: the newest events, audio counted and left out. */
import type { ClientEvent, ServerEvent } from "../protocol/wire";

export interface Traced {
  at: number;
  direction: "sent" | "received";
  event: ClientEvent | ServerEvent;
}

export const MOST_TRACED = 5_000;

/** Whether an event carries audio in `audio` or `delta`. */
export function carriesAudio(type: string): boolean {
  return type === "input_audio_buffer.append" || type === "response.output_audio.delta";
}

/** Whether there are so many of an event's type while audio flows that they hide the others. */
export function isFlow(type: string): boolean {
  return carriesAudio(type) || type === "vasi.playout" || type === "vasi.output_audio.words";
}

export class Trace {
  private events: Traced[] = [];
  private listeners = new Set<() => void>();
  private snapshot: readonly Traced[] = [];
  private stale = false;

  add(direction: Traced["direction"], event: ClientEvent | ServerEvent, at: number): void {
    this.events.push({ at, direction, event });
    if (this.events.length > MOST_TRACED + 500) this.events = this.events.slice(-MOST_TRACED);
    this.stale = true;
    for (const listener of this.listeners) listener();
  }

  clear(): void {
    this.events = [];
    this.stale = true;
    for (const listener of this.listeners) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  read = (): readonly Traced[] => {
    if (this.stale) this.snapshot = this.events.slice(-MOST_TRACED);
    this.stale = false;
    return this.snapshot;
  };

  /** One JSON object a line, with the time of each, as `vasi replay` reads it. */
  export(): string {
    return this.events
      .map(({ at, direction, event }) => JSON.stringify({ at_ms: Math.round(at), direction, event }))
      .join("\n");
  }
}
