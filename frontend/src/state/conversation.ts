/** The conversation as the app shows it: a pure function of what happened. */

import type { LinkState } from "../realtime/connection";
import type { Item, KnownServerEvent, Passage, ServerEvent } from "../realtime/events";
import type { WordTime } from "./pieces";

export interface CitedSpan {
  /** Characters of the turn's text. */
  start: number;
  end: number;
  passages: string[];
}

/** Times of one exchange in ms of the page's clock; what never happened is missing. */
export interface Marks {
  speechEnd?: number;
  transcript?: number;
  created?: number;
  firstText?: number;
  firstAudio?: number;
  done?: number;
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
  failed: string | null;
  citations: CitedSpan[];
  /** When each word is spoken, as far as it is known. */
  words: WordTime[];
  responseId: string | null;
}

export interface Problem {
  message: string;
  code: string | null;
}

export interface Playing {
  item: string;
  ms: number;
}

export interface Conversation {
  link: LinkState;
  /** A connection has been up in this conversation: the next one is a reconnection. */
  linked: boolean;
  microphone: "off" | "opening" | "on" | "muted";
  userSpeaking: boolean;
  /** The response that lives, if any. */
  response: string | null;
  /** Its turn is being heard or written, and nothing of it has been said. */
  silent: boolean;
  tool: string | null;
  playing: Playing | null;
  interrupted: boolean;
  problem: Problem | null;
  turns: Turn[];
  passages: Record<string, Passage>;
  marks: Record<string, Marks>;
  /** Of the speech that ended and isn't answered yet. */
  pending: Marks;
  sessionId: string | null;
}

export const EMPTY: Conversation = {
  link: "closed",
  linked: false,
  microphone: "off",
  userSpeaking: false,
  response: null,
  silent: false,
  tool: null,
  playing: null,
  interrupted: false,
  problem: null,
  turns: [],
  passages: {},
  marks: {},
  pending: {},
  sessionId: null,
};

export type Phase =
  | "idle"
  | "connecting"
  | "reconnecting"
  | "listening"
  | "hearing"
  | "thinking"
  | "searching"
  | "speaking"
  | "interrupted"
  | "muted"
  | "error";

/** Problems that are over when they are told. */
export const NOTICES: ReadonlySet<string | null> = new Set(["microphone_changed"]);

/** What the one large control shows. */
export function phaseOf(state: Conversation): Phase {
  if (state.link === "waiting") return "reconnecting";
  if (state.link === "connecting") return state.linked ? "reconnecting" : "connecting";
  if (state.link === "closed") return state.problem ? "error" : "idle";
  if (state.userSpeaking) return state.interrupted ? "interrupted" : "hearing";
  if (state.tool) return "searching";
  if (state.playing) return "speaking";
  if (state.response) return "thinking";
  if (state.problem && !NOTICES.has(state.problem.code)) return "error";
  if (state.microphone === "muted") return "muted";
  if (state.microphone === "on") return "listening";
  return "idle";
}

export type Happening =
  | { type: "server"; event: ServerEvent; at: number }
  /** A question in writing is on its way. */
  | { type: "asked"; id: string; text: string; at: number }
  | { type: "link"; state: LinkState; reason: string }
  | { type: "microphone"; state: Conversation["microphone"] }
  | { type: "playing"; playing: Playing | null }
  | { type: "problem"; problem: Problem | null }
  | { type: "reset" };

export function reduce(state: Conversation, happening: Happening): Conversation {
  switch (happening.type) {
    case "server":
      return heard(state, happening.event as KnownServerEvent, happening.at);
    case "asked": {
      if (state.turns.some(({ id }) => id === happening.id)) return state;
      const turn = { ...userTurn(happening.id, happening.at, true), text: happening.text };
      return { ...state, turns: [...state.turns, turn] };
    }
    case "link":
      return linked(state, happening.state, happening.reason);
    case "microphone":
      return { ...state, microphone: happening.state };
    case "playing":
      return { ...state, playing: happening.playing };
    case "problem":
      return { ...state, problem: happening.problem };
    case "reset":
      return { ...EMPTY, link: state.link, linked: state.linked, microphone: state.microphone };
  }
}

function linked(state: Conversation, link: LinkState, reason: string): Conversation {
  const gone = link !== "open";
  // What an error has said in full, a closing connection repeats as far as it has room.
  const said = state.problem?.message.startsWith(reason.replace(/…$/, ""));
  return {
    ...state,
    link,
    linked: state.linked || link === "open",
    problem:
      link === "open" ? null : said || !reason ? state.problem : { message: reason, code: "connection" },
    ...(gone ? { userSpeaking: false, response: null, silent: false, tool: null, interrupted: false } : {}),
    turns: link === "closed" ? settled(state.turns) : state.turns,
  };
}

/** Nothing more comes of them: what is empty was nothing, and the rest is all there is. */
function settled(turns: Turn[]): Turn[] {
  return turns
    .filter((turn) => turn.text !== "" || !turn.provisional)
    .map((turn) => (turn.provisional ? { ...turn, provisional: false } : turn));
}

function heard(state: Conversation, event: KnownServerEvent, at: number): Conversation {
  switch (event.type) {
    case "session.created":
      if (state.sessionId === event.session.id) return state;
      return { ...state, sessionId: event.session.id, turns: settled(state.turns) };
    case "error":
      // A cancel that came too late isn't worth a word.
      if (event.error.code === "response_cancel_not_active") return state;
      return {
        ...(event.error.event_id
          ? changed(state, event.error.event_id, (turn) => ({
              ...turn,
              provisional: false,
              failed: event.error.message,
            }))
          : state),
        problem: { message: event.error.message, code: event.error.code ?? null },
      };
    case "conversation.item.added":
    case "conversation.item.done":
      return added(state, event.item, event.previous_item_id, at);
    case "conversation.item.retrieved":
      return changed(state, event.item.id, (turn) => ({ ...turn, text: textOf(event.item) ?? turn.text }));
    case "conversation.item.deleted":
      return { ...state, turns: state.turns.filter((turn) => turn.id !== event.item_id) };
    case "conversation.item.truncated":
      return changed(state, event.item_id, (turn) => ({
        ...turn,
        cutAtMs: event.audio_end_ms,
        provisional: false,
      }));
    case "conversation.item.input_audio_transcription.delta":
      return changed(state, event.item_id, (turn) => ({ ...turn, text: turn.text + event.delta }));
    case "conversation.item.input_audio_transcription.completed": {
      const marked = { ...state, pending: { ...state.pending, transcript: at } };
      if (event.transcript.trim() === "")
        return { ...marked, turns: marked.turns.filter((turn) => turn.id !== event.item_id) };
      return changed(marked, event.item_id, (turn) => ({
        ...turn,
        text: event.transcript,
        provisional: false,
      }));
    }
    case "conversation.item.input_audio_transcription.failed":
      return changed(state, event.item_id, (turn) => ({
        ...turn,
        provisional: false,
        failed: event.error.message ?? "not understood",
      }));
    case "input_audio_buffer.speech_started": {
      const interrupted = state.playing !== null || state.response !== null;
      const turn = { ...userTurn(event.item_id, at, true), spoken: true };
      return { ...state, userSpeaking: true, interrupted, problem: null, turns: [...state.turns, turn] };
    }
    case "input_audio_buffer.speech_stopped":
      return { ...state, userSpeaking: false, interrupted: false, pending: { speechEnd: at } };
    case "response.created": {
      const id = event.response.id;
      const marks = { ...state.marks, [id]: { ...state.pending, created: at } };
      return { ...state, response: id, silent: true, problem: null, marks, pending: {} };
    }
    case "response.output_text.delta":
    case "response.output_audio_transcript.delta": {
      const spoken = event.type === "response.output_audio_transcript.delta";
      const known = state.turns.some((turn) => turn.id === event.item_id);
      const base = known ? state : { ...state, turns: [...state.turns, assistantTurn(event.item_id, at)] };
      return marked(
        changed(base, event.item_id, (turn) => ({
          ...turn,
          text: turn.text + event.delta,
          spoken,
          responseId: event.response_id,
        })),
        event.response_id,
        "firstText",
        at,
      );
    }
    case "response.output_audio.delta":
      return marked(state, event.response_id, "firstAudio", at);
    case "response.done":
      return ended(state, event, at);
    case "vasi.tool_call.started":
      return { ...state, tool: event.name };
    case "vasi.tool_call.done":
      return { ...state, tool: null };
    case "vasi.passages": {
      const found = Object.fromEntries(event.passages.map((passage) => [passage.id, passage]));
      return { ...state, passages: { ...state.passages, ...found } };
    }
    case "vasi.output_audio.words":
      return changed(state, event.item_id, (turn) => ({
        ...turn,
        words: [
          ...turn.words,
          ...event.words.map(({ start, audio_start_ms }) => ({ start, ms: audio_start_ms })),
        ],
      }));
    case "vasi.citation":
      return changed(state, event.item_id, (turn) => ({
        ...turn,
        citations: [...turn.citations, { start: event.start, end: event.end, passages: event.passages }],
      }));
    default:
      return state;
  }
}

function ended(
  state: Conversation,
  event: Extract<KnownServerEvent, { type: "response.created" | "response.done" }>,
  at: number,
): Conversation {
  const { response } = event;
  const error = response.status === "failed" ? response.status_details?.error : undefined;
  const turns = state.turns.map((turn) =>
    turn.responseId === response.id
      ? { ...turn, provisional: false, failed: error ? (error.message ?? "failed") : turn.failed }
      : turn,
  );
  return marked(
    {
      ...state,
      turns,
      response: state.response === response.id ? null : state.response,
      silent: false,
      tool: state.response === response.id ? null : state.tool,
      problem: error ? { message: error.message ?? "failed", code: error.code ?? null } : state.problem,
    },
    response.id,
    "done",
    at,
  );
}

function added(state: Conversation, item: Item, previous: string | null, at: number): Conversation {
  if (item.type !== "message" || (item.role !== "user" && item.role !== "assistant")) return state;
  const text = textOf(item);
  const role = item.role;
  if (state.turns.some((turn) => turn.id === item.id))
    return changed(state, item.id, (turn) => ({
      ...turn,
      text: text && text.length >= turn.text.length ? text : turn.text,
      spoken: turn.spoken || isSpoken(item),
      provisional:
        role === "user" ? turn.provisional && isSpoken(item) && text === null : item.status === "in_progress",
    }));
  const fresh =
    role === "user"
      ? { ...userTurn(item.id, at, isSpoken(item) && text === null), text: text ?? "" }
      : { ...assistantTurn(item.id, at), text: text ?? "", provisional: item.status === "in_progress" };
  const place = state.turns.findIndex((turn) => turn.id === previous);
  const turns = [...state.turns];
  turns.splice(place < 0 ? turns.length : place + 1, 0, { ...fresh, spoken: isSpoken(item) });
  return { ...state, turns };
}

function textOf(item: Item): string | null {
  const parts = (item.content ?? []).map((part) => part.text ?? part.transcript ?? null);
  const known = parts.filter((part): part is string => part !== null);
  return known.length ? known.join("\n") : null;
}

function isSpoken(item: Item): boolean {
  return (item.content ?? []).some((part) => part.type === "input_audio" || part.type === "output_audio");
}

function userTurn(id: string, at: number, provisional: boolean): Turn {
  return { ...assistantTurn(id, at), role: "user", provisional };
}

function assistantTurn(id: string, at: number): Turn {
  return {
    id,
    role: "assistant",
    text: "",
    provisional: true,
    spoken: false,
    at,
    cutAtMs: null,
    failed: null,
    citations: [],
    words: [],
    responseId: null,
  };
}

function changed(state: Conversation, id: string, change: (turn: Turn) => Turn): Conversation {
  return { ...state, turns: state.turns.map((turn) => (turn.id === id ? change(turn) : turn)) };
}

function marked(state: Conversation, response: string, mark: keyof Marks, at: number): Conversation {
  const marks = state.marks[response];
  if (!marks || marks[mark] !== undefined) return state;
  return {
    ...state,
    silent: mark === "done" ? state.silent : false,
    marks: { ...state.marks, [response]: { ...marks, [mark]: at } },
  };
}
