/** What was said in one turn, and on what it rests. */

export interface CitedSpan {
  /** Characters of the turn's text. */
  start: number;
  end: number;
  passages: string[];
}

/** Where each word of a turn begins: characters of its text and ms of its audio, both rising. */
export interface WordTime {
  start: number;
  ms: number;
}

/** What went wrong: the server's own words, in English, and the code by which the app translates them. */
export interface Problem {
  message: string;
  code: string | null;
}

export interface Turn {
  id: string;
  role: "user" | "assistant";
  text: string;
  /** The words may still change: nothing of them is final yet. */
  provisional: boolean;
  spoken: boolean;
  at: number;
  /** How much of it was heard before it was cut, in ms; null when nothing cut it. */
  cutAtMs: number | null;
  failed: Problem | null;
  citations: CitedSpan[];
  /** Passages that come nearest to what was asked, where the answer rests on none. */
  nearest: string[];
  /** When each word is spoken, as far as it is known. */
  words: WordTime[];
  responseId: string | null;
}
