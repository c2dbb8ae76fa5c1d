import { describe, expect, it } from "vitest";
import type { ServerEvent } from "../protocol/wire";
import { type Action, type Conversation, EMPTY, phaseOf, reduce } from "./conversation";
import type { Turn } from "./turn";

function following(...events: [number, object][]): Conversation {
  return on(open({ ...EMPTY, microphone: "on" }), ...events);
}

function open(state: Conversation): Conversation {
  return reduce(state, { type: "link", state: "open", reason: "" });
}

function on(state: Conversation, ...events: [number, object][]): Conversation {
  return events.reduce<Conversation>(
    (now, [at, event]) => reduce(now, { type: "server", event: event as ServerEvent, at }),
    state,
  );
}

function turn(state: Conversation, id: string): Turn {
  const found = state.turns.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no turn ${id}`);
  return found;
}

const part = { response_id: "r", item_id: "a", output_index: 0, content_index: 0 };
const started = { type: "input_audio_buffer.speech_started", item_id: "u", audio_start_ms: 0 };
const stopped = { type: "input_audio_buffer.speech_stopped", item_id: "u", audio_end_ms: 900 };
const transcript = { type: "conversation.item.input_audio_transcription.completed", item_id: "u" };
const created = { type: "response.created", response: { id: "r", status: "in_progress", output: [] } };
const word = { type: "response.output_audio_transcript.delta", ...part };
const sound = { type: "response.output_audio.delta", ...part, delta: "" };
const done = { type: "response.done", response: { id: "r", status: "completed", output: [] } };

describe("a spoken turn", () => {
  const asked: [number, object][] = [
    [0, started],
    [900, stopped],
    [950, { ...transcript, transcript: "Where is it?" }],
    [960, created],
    [990, { ...word, delta: "By the " }],
    [995, { ...word, delta: "slipway." }],
    [1000, sound],
    [1200, sound],
    [1300, done],
  ];

  it("is captioned, answered and measured", () => {
    const state = following(...asked);
    expect(turn(state, "u").text).toBe("Where is it?");
    expect(turn(state, "a")).toMatchObject({
      text: "By the slipway.",
      role: "assistant",
      provisional: false,
    });
    expect(state.marks.r).toEqual({
      speechEnd: 900,
      transcript: 950,
      created: 960,
      firstText: 990,
      firstAudio: 1000,
      done: 1300,
    });
  });

  it("goes through the phases that the control shows", () => {
    const phases = asked.map((_, at) => phaseOf(following(...asked.slice(0, at + 1))));
    expect(phases).toEqual([
      "hearing",
      "listening",
      "listening",
      "thinking",
      "thinking",
      "thinking",
      "thinking",
      "thinking",
      "listening",
    ]);
    const playing: Action = { type: "playing", playing: { item: "a", ms: 10 } };
    expect(phaseOf(reduce(following(...asked), playing))).toBe("speaking");
  });

  it("leaves nothing behind when nothing was understood", () => {
    const state = following([0, started], [900, stopped], [950, { ...transcript, transcript: " " }]);
    expect(state.turns).toEqual([]);
  });

  it("shows words while they may still change", () => {
    const delta = { type: "conversation.item.input_audio_transcription.delta", item_id: "u" };
    const state = following(
      [0, started],
      [300, { ...delta, delta: "where " }],
      [500, { ...delta, delta: "is" }],
    );
    expect(turn(state, "u")).toMatchObject({ text: "where is", provisional: true });
  });
});

describe("an interruption", () => {
  it("is shown, and the answer ends where it was cut", () => {
    const speaking = reduce(following([0, created], [10, { ...word, delta: "One two three" }], [20, sound]), {
      type: "playing",
      playing: { item: "a", ms: 400 },
    });
    const interrupted = on(speaking, [500, { ...started, item_id: "v" }]);
    expect(phaseOf(interrupted)).toBe("interrupted");
    const cut = on(
      interrupted,
      [510, { type: "conversation.item.truncated", item_id: "a", content_index: 0, audio_end_ms: 400 }],
      [
        520,
        {
          type: "conversation.item.retrieved",
          item: {
            id: "a",
            type: "message",
            role: "assistant",
            content: [{ type: "output_audio", transcript: "One" }],
          },
        },
      ],
    );
    expect(turn(cut, "a")).toMatchObject({ text: "One", cutAtMs: 400 });
  });
});

describe("what goes wrong", () => {
  it("is told with its cause", () => {
    const failed = {
      id: "r",
      status: "failed",
      status_details: { error: { code: "engine_error", message: "The model is gone." } },
      output: [],
    };
    const state = following([0, created], [10, { type: "response.done", response: failed }]);
    expect(state.problem).toEqual({ code: "engine_error", message: "The model is gone." });
    expect(phaseOf(state)).toBe("error");
  });

  it("tells the whole of an error of which the closing connection repeats the beginning", () => {
    const error = { code: "upstream_unauthorized", message: "It refused the key; set another one." };
    const told = following([0, { type: "error", error }]);
    const closed = (reason: string) =>
      reduce(told, { type: "link", state: "closed", reason }).problem?.message;
    expect(closed("It refused the key; set…")).toBe(error.message);
    expect(closed("")).toBe(error.message);
    expect(closed("It's late.")).toBe("It's late.");
  });

  const session = (id: string) => ({ type: "session.created", session: { id } });
  const lost = (...events: [number, object][]) =>
    reduce(following([0, session("s")], ...events), { type: "link", state: "waiting", reason: "" });

  it("ends with the connection, and words that nobody will finish go with the session", () => {
    const state = lost([0, started]);
    expect(phaseOf(state)).toBe("reconnecting");
    expect(state.exchange).toBeNull();
    expect(on(open(state), [9, session("another")]).turns).toEqual([]);
  });

  it("goes on when the session does", () => {
    const state = on(
      open(lost([0, started], [900, stopped])),
      [2000, session("s")],
      [2001, { ...transcript, transcript: "Where is it?" }],
    );
    expect(turn(state, "u")).toMatchObject({ text: "Where is it?", provisional: false });
  });

  it("is not a cancel that came too late", () => {
    const error = { code: "response_cancel_not_active", message: "", type: "invalid_request_error" };
    expect(following([0, { type: "error", error }]).problem).toBeNull();
  });
});

describe("sources and items", () => {
  it("are attached to the characters that rest on them", () => {
    const passage = { id: "p", document: "a.pdf", page: 3, heading: "", text: "…", score: 1 };
    const state = following(
      [0, created],
      [10, { type: "vasi.passages", response_id: "r", call_id: "c", found: true, passages: [passage] }],
      [20, { ...word, delta: "One. Two." }],
      [30, { type: "vasi.citation", ...part, start: 0, end: 4, text: "One.", passages: ["p"] }],
    );
    expect(turn(state, "a").citations).toEqual([{ start: 0, end: 4, passages: ["p"] }]);
    expect(state.passages.p).toEqual(passage);
  });

  it("are what comes nearest, where an answer that was heard to its end rests on nothing", () => {
    const ended = (status: string, said: string) => ({
      type: "response.done",
      response: { id: "r", status, output: [], metadata: { "vasi.nearest": said } },
    });
    const places = JSON.stringify([
      { document: "a.pdf", page: 9, passage: "p" },
      { document: "b.md", passage: "q" },
    ]);
    const answered = (done: object) =>
      following(
        [0, created],
        [10, { ...word, item_id: "before", delta: "Let me look." }],
        [20, { ...word, delta: "It isn't there." }],
        [30, done],
      );
    const state = answered(ended("completed", places));
    expect(turn(state, "a").nearest).toEqual(["p", "q"]);
    expect(turn(state, "before").nearest).toEqual([]);
    expect(turn(answered(ended("cancelled", places)), "a").nearest).toEqual([]);
    for (const said of ["[", "{}", "null", "7", "[null]"])
      expect(turn(answered(ended("completed", said)), "a").nearest).toEqual([]);
    expect(turn(answered(done), "a").nearest).toEqual([]);
  });

  it("stand where the server put them", () => {
    const item = (id: string, role: string) => ({
      id,
      type: "message",
      role,
      content: [{ type: "input_text", text: id }],
    });
    const add = (id: string, role: string, previous_item_id: string | null): [number, object] => [
      0,
      { type: "conversation.item.added", item: item(id, role), previous_item_id },
    ];
    const state = following(
      add("one", "user", null),
      add("three", "assistant", "one"),
      add("two", "user", "one"),
    );
    expect(state.turns.map(({ id }) => id)).toEqual(["one", "two", "three"]);
    const less = on(state, [1, { type: "conversation.item.deleted", item_id: "two" }]);
    expect(less.turns.map(({ id }) => id)).toEqual(["one", "three"]);
  });
});

describe("a question in writing", () => {
  const item = { id: "q", type: "message", role: "user", content: [{ type: "input_text", text: "Where?" }] };
  const asking = reduce(following(), { type: "asked", id: "q", text: "Where?", at: 0 });

  it("is there at once, and once", () => {
    expect(turn(asking, "q")).toMatchObject({ text: "Where?", role: "user" });
    const again = reduce(asking, { type: "asked", id: "q", text: "Where?", at: 1 });
    const state = on(again, [2, { type: "conversation.item.added", item, previous_item_id: null }]);
    expect(state.turns).toHaveLength(1);
    expect(turn(state, "q").provisional).toBe(false);
  });

  it("says so when it is refused", () => {
    const error = { type: "invalid_request_error", message: "Too long.", event_id: "q" };
    expect(turn(on(asking, [1, { type: "error", error }]), "q").failed?.message).toBe("Too long.");
  });
});
