/** An answer's text cut where its sources begin and end. */
import type { Turn, WordTime } from "./turn";

export interface Piece {
  start: number;
  text: string;
  /** Passages that this piece rests on. */
  sources: string[];
  /** It is being spoken right now. */
  lit: boolean;
}

/**
 * @param playedMs how far the turn's audio has been played; null when it isn't being played.
 */
export function pieces(turn: Pick<Turn, "text" | "citations" | "words">, playedMs: number | null): Piece[] {
  const at = playedMs === null ? null : spokenTo(turn.words, playedMs);
  const spans = [...turn.citations].sort((a, b) => a.start - b.start);
  const found: Piece[] = [];
  let from = 0;
  const add = (start: number, end: number, sources: string[]) => {
    if (end <= start) return;
    const lit = at !== null && sources.length > 0 && start <= at && at < end;
    found.push({ start, text: turn.text.slice(start, end), sources, lit });
  };
  for (const span of spans) {
    const start = Math.max(from, span.start);
    const end = Math.min(turn.text.length, span.end);
    if (end <= start) continue;
    add(from, start, []);
    add(start, end, span.passages);
    from = end;
  }
  add(from, turn.text.length, []);
  return found;
}

/** The character that is spoken at `ms`; null before the first word. */
export function spokenTo(words: WordTime[], ms: number): number | null {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle] as WordTime).ms <= ms) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : (words[low - 1] as WordTime).start;
}
