/** The conversation as the app shows it: a pure function of what happened. */

import { textsOf } from "../protocol/items";
import type { AnyItem, Message, PassageShown, ResponseDone, ServerEvent } from "../protocol/wire";
import type { LinkState } from "../realtime/connection";
import type { Problem, Turn } from "./turn";

/** Times of one exchange in ms of the page's clock; what never happened is missing. */
export interface Marks {
  speechEnd?: number;
  transcript?: number;
  created?: number;
  firstText?: number;
  firstAudio?: number;
  done?: number;
}

export interface Playing {
  item: string;
  ms: number;
}

/** What goes on while there is a connection, and is over when it ends. */
export interface Exchange {
  userSpeaking: boolean;
  /** What the user says began while the assistant spoke or was about to. */
  interrupted: boolean;
  /** The active response. */
  response: string | null;
  /** The tool of the server's that is running. */
  tool: string | null;
}

interface Recorded {
  /** A connection has been up in this conversation: the next one is a reconnection. */
  linked: boolean;
  microphone: "off" | "opening" | "on" | "muted";
  playing: Playing | null;
  problem: Problem | null;
  turns: Turn[];
  passages: Record<string, PassageShown>;
  marks: Record<string, Marks>;
  /** Of the speech that ended and isn't answered yet. */
  pending: Marks;
  sessionId: string | null;
}

export type Conversation = Recorded &
  ({ link: "open"; exchange: Exchange } | { link: Exclude<LinkState, "open">; exchange: null });

export const EMPTY: Conversation = {
  link: "closed",
  exchange: null,
  linked: false,
  microphone: "off",
  playing: null,
  problem: null,
  turns: [],
  passages: {},
  marks: {},
  pending: {},
  sessionId: null,
};

const NOTHING_YET: Exchange = { userSpeaking: false, interrupted: false, response: null, tool: null };

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

/** Problems that are over when they are reported. */
export const NOTICES: ReadonlySet<string | null> = new Set(["microphone_changed"]);

/** What the one large control shows. */
export function phaseOf(state: Conversation): Phase {
  switch (state.link) {
    case "waiting":
      return "reconnecting";
    case "connecting":
      return state.linked ? "reconnecting" : "connecting";
    case "closed":
      return state.problem ? "error" : "idle";
    case "open":
      return openPhase(state, state.exchange);
  }
}

function openPhase(state: Recorded, exchange: Exchange): Phase {
  if (exchange.userSpeaking) return exchange.interrupted ? "interrupted" : "hearing";
  if (exchange.tool) return "searching";
  if (state.playing) return "speaking";
  if (exchange.response) return "thinking";
  if (state.problem && !NOTICES.has(state.problem.code)) return "error";
  if (state.microphone === "muted") return "muted";
  if (state.microphone === "on") return "listening";
  return "idle";
}

export type Action =
  | { type: "server"; event: ServerEvent; at: number }
  /** A question in writing is on its way. */
  | { type: "asked"; id: string; text: string; at: number }
  | { type: "link"; state: LinkState; reason: string }
  | { type: "microphone"; state: Conversation["microphone"] }
  | { type: "playing"; playing: Playing | null }
  | { type: "problem"; problem: Problem | null }
  | { type: "reset" };

export function reduce(state: Conversation, action: Action): Conversation {
  switch (action.type) {
    case "server":
      return reduceServerEvent(state, action.event, action.at);
    case "asked": {
      if (state.turns.some(({ id }) => id === action.id)) return state;
      const turn = { ...userTurn(action.id, action.at, true), text: action.text };
      return { ...state, turns: [...state.turns, turn] };
    }
    case "link":
      return changeLink(state, action.state, action.reason);
    case "microphone":
      return { ...state, microphone: action.state };
    case "playing":
      return { ...state, playing: action.playing };
    case "problem":
      return { ...state, problem: action.problem };
    case "reset": {
      const fresh = { ...EMPTY, linked: state.linked, microphone: state.microphone };
      return state.link === "open"
        ? { ...fresh, link: state.link, exchange: NOTHING_YET }
        : { ...fresh, link: state.link, exchange: null };
    }
  }
}

function changeLink(state: Conversation, link: LinkState, reason: string): Conversation {
  if (link === "open") return { ...state, link, linked: true, problem: null, exchange: NOTHING_YET };
  // What an error has said in full, a closing connection repeats as far as it has room.
  const reported = state.problem?.message.startsWith(reason.replace(/…$/, ""));
  return {
    ...state,
    link,
    exchange: null,
    problem: reported || !reason ? state.problem : { message: reason, code: "connection" },
    turns: link === "closed" ? settle(state.turns) : state.turns,
  };
}

/** Nothing more comes of them: what is empty was nothing, and the rest is all there is. */
function settle(turns: Turn[]): Turn[] {
  return turns
    .filter((turn) => turn.text !== "" || !turn.provisional)
    .map((turn) => (turn.provisional ? { ...turn, provisional: false } : turn));
}

/** `state` with some of what goes on changed; without a connection nothing does. */
function updateExchange(state: Conversation, some: Partial<Exchange>): Conversation {
  return state.link === "open" ? { ...state, exchange: { ...state.exchange, ...some } } : state;
}

function reduceServerEvent(state: Conversation, event: ServerEvent, at: number): Conversation {
  switch (event.type) {
    case "session.created":
      if (state.sessionId === event.session.id) return state;
      return { ...state, sessionId: event.session.id, turns: settle(state.turns) };
    case "error":
      // A cancel that came too late changes nothing for the user.
      if (event.error.code === "response_cancel_not_active") return state;
      return {
        ...(event.error.event_id
          ? updateTurn(state, event.error.event_id, (turn) => ({
              ...turn,
              provisional: false,
              failed: problemOf(event.error),
            }))
          : state),
        problem: problemOf(event.error),
      };
    case "conversation.item.added":
    case "conversation.item.done":
      return addItem(state, event.item, event.previous_item_id, at);
    case "conversation.item.retrieved":
      return updateTurn(state, event.item.id, (turn) => ({ ...turn, text: textOf(event.item) ?? turn.text }));
    case "conversation.item.deleted":
      return { ...state, turns: state.turns.filter((turn) => turn.id !== event.item_id) };
    case "conversation.item.truncated":
      return updateTurn(state, event.item_id, (turn) => ({
        ...turn,
        cutAtMs: event.audio_end_ms,
        provisional: false,
      }));
    case "conversation.item.input_audio_transcription.delta":
      return updateTurn(state, event.item_id, (turn) => ({ ...turn, text: turn.text + event.delta }));
    case "conversation.item.input_audio_transcription.completed": {
      const measured = { ...state, pending: { ...state.pending, transcript: at } };
      if (event.transcript.trim() === "")
        return { ...measured, turns: measured.turns.filter((turn) => turn.id !== event.item_id) };
      return updateTurn(measured, event.item_id, (turn) => ({
        ...turn,
        text: event.transcript,
        provisional: false,
      }));
    }
    case "conversation.item.input_audio_transcription.failed":
      return updateTurn(state, event.item_id, (turn) => ({
        ...turn,
        provisional: false,
        failed: problemOf(event.error),
      }));
    case "input_audio_buffer.speech_started": {
      const interrupted = state.playing !== null || Boolean(state.exchange?.response);
      const turn = { ...userTurn(event.item_id, at, true), spoken: true };
      const turns = [...state.turns, turn];
      return updateExchange({ ...state, problem: null, turns }, { userSpeaking: true, interrupted });
    }
    case "input_audio_buffer.speech_stopped":
      return updateExchange(
        { ...state, pending: { speechEnd: at } },
        { userSpeaking: false, interrupted: false },
      );
    case "response.created": {
      const id = event.response.id;
      const marks = { ...state.marks, [id]: { ...state.pending, created: at } };
      return updateExchange({ ...state, problem: null, marks, pending: {} }, { response: id });
    }
    case "response.output_text.delta":
    case "response.output_audio_transcript.delta": {
      const spoken = event.type === "response.output_audio_transcript.delta";
      const known = state.turns.some((turn) => turn.id === event.item_id);
      const base = known ? state : { ...state, turns: [...state.turns, assistantTurn(event.item_id, at)] };
      return setMark(
        updateTurn(base, event.item_id, (turn) => ({
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
      return setMark(state, event.response_id, "firstAudio", at);
    case "response.done":
      return endResponse(state, event, at);
    case "vasi.tool_call.started":
      return updateExchange(state, { tool: event.name });
    case "vasi.tool_call.done":
      return updateExchange(state, { tool: null });
    case "vasi.passages": {
      const found = Object.fromEntries(event.passages.map((passage) => [passage.id, passage]));
      return { ...state, passages: { ...state.passages, ...found } };
    }
    case "vasi.output_audio.words":
      return updateTurn(state, event.item_id, (turn) => ({
        ...turn,
        words: [
          ...turn.words,
          ...event.words.map(({ start, audio_start_ms }) => ({ start, ms: audio_start_ms })),
        ],
      }));
    case "vasi.citation":
      return updateTurn(state, event.item_id, (turn) => ({
        ...turn,
        citations: [...turn.citations, { start: event.start, end: event.end, passages: event.passages }],
      }));
    default:
      return state;
  }
}

function problemOf(error: { message?: string; code?: string | null }): Problem {
  return { message: error.message ?? "", code: error.code ?? null };
}

function endResponse(state: Conversation, { response }: ResponseDone, at: number): Conversation {
  const error = response.status === "failed" ? response.status_details?.error : undefined;
  const problem = error ? problemOf(error) : null;
  const last = state.turns.findLast((turn) => turn.responseId === response.id);
  const nearest = response.status === "completed" ? nearestOf(response.metadata) : [];
  const turns = state.turns.map((turn) =>
    turn.responseId === response.id
      ? {
          ...turn,
          provisional: false,
          failed: problem ?? turn.failed,
          nearest: turn === last ? nearest : turn.nearest,
        }
      : turn,
  );
  const after = { ...state, turns, problem: problem ?? state.problem };
  const isActive = state.exchange?.response === response.id;
  return setMark(
    isActive ? updateExchange(after, { response: null, tool: null }) : after,
    response.id,
    "done",
    at,
  );
}

/** The passages that a response which rests on nothing names instead. Clients may write into metadata, too. */
function nearestOf(metadata: ResponseDone["response"]["metadata"]): string[] {
  try {
    const places = JSON.parse(metadata?.["vasi.nearest"] ?? "[]") as { passage: string }[];
    return places.map(({ passage }) => passage);
  } catch {
    return [];
  }
}

function addItem(state: Conversation, item: AnyItem, previous: string | null, at: number): Conversation {
  if (item.type !== "message" || item.role === "system" || item.id === undefined) return state;
  const text = textOf(item);
  const { role, id } = item;
  if (state.turns.some((turn) => turn.id === id))
    return updateTurn(state, id, (turn) => ({
      ...turn,
      text: text && text.length >= turn.text.length ? text : turn.text,
      spoken: turn.spoken || isSpoken(item),
      provisional:
        role === "user" ? turn.provisional && isSpoken(item) && text === null : item.status === "in_progress",
    }));
  const fresh =
    role === "user"
      ? { ...userTurn(id, at, isSpoken(item) && text === null), text: text ?? "" }
      : { ...assistantTurn(id, at), text: text ?? "", provisional: item.status === "in_progress" };
  const place = state.turns.findIndex((turn) => turn.id === previous);
  const turns = [...state.turns];
  turns.splice(place < 0 ? turns.length : place + 1, 0, { ...fresh, spoken: isSpoken(item) });
  return { ...state, turns };
}

function textOf(item: AnyItem): string | null {
  const texts = textsOf(item);
  return texts.length ? texts.join("\n") : null;
}

function isSpoken(item: Message): boolean {
  return item.content.some((part) => part.type === "input_audio" || part.type === "output_audio");
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
    nearest: [],
    words: [],
    responseId: null,
  };
}

function updateTurn(state: Conversation, id: string | undefined, change: (turn: Turn) => Turn): Conversation {
  return { ...state, turns: state.turns.map((turn) => (turn.id === id ? change(turn) : turn)) };
}

function setMark(state: Conversation, response: string, mark: keyof Marks, at: number): Conversation {
  const marks = state.marks[response];
  if (!marks || marks[mark] !== undefined) return state;
  return {
    ...state,
    marks: { ...state.marks, [response]: { ...marks, [mark]: at } },
  };
}
