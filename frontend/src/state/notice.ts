/** What was just done, told for a while, with the way to take it back. */
import { create } from "zustand";

export interface Notice {
  text: string;
  undo: (() => void) | null;
}

export const useNotice = create<{ notice: Notice | null }>()(() => ({ notice: null }));
const SHOWN_MS = 10_000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function tell(text: string, undo: (() => void) | null = null): void {
  clearTimeout(timer);
  useNotice.setState({ notice: { text, undo } });
  timer = setTimeout(dismissNotice, SHOWN_MS);
}

export function dismissNotice(): void {
  useNotice.setState({ notice: null });
}
