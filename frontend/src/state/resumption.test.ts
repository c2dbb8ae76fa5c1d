import { describe, expect, it } from "vitest";
import type { ServerEvent } from "../protocol/wire";
import { type Conversation, EMPTY, reduce } from "./conversation";
import { Resumption } from "./resumption";

const BASE = "wss://here/v1/realtime";
const QUESTION = { id: "q", text: "Where?" };
const ticket: ServerEvent = {
  type: "vasi.session",
  event_id: "e1",
  resume_token: "t1",
  grace_s: 30,
  resumed: false,
  complete: true,
};
const recorded: ServerEvent = { type: "vasi.conversation", event_id: "e2", conversation_id: "c1" };
const refused = (code: string, event_id: string | null = null): ServerEvent => ({
  type: "error",
  event_id: "e3",
  error: { type: "invalid_request_error", code, message: "No.", param: null, event_id },
});
const confirmed: ServerEvent = {
  type: "conversation.item.added",
  event_id: "e4",
  previous_item_id: null,
  item: { type: "message", id: "q", role: "user", content: [{ type: "input_text", text: "Where?" }] },
};

/** After a session that gave its ticket and was recorded, another connection is there. */
function reconnected(...events: ServerEvent[]): Resumption {
  const resumption = new Resumption();
  for (const event of [ticket, recorded, ...events]) resumption.receive(event);
  resumption.beginSession("s", "s");
  return resumption;
}

const open = reduce(EMPTY, { type: "link", state: "open", reason: "" });

function showing(...events: ServerEvent[]): Conversation {
  return events.reduce<Conversation>((state, event) => reduce(state, { type: "server", event, at: 0 }), open);
}

describe("a connection is made", () => {
  it("to a new session first", () => {
    expect(new Resumption().address(BASE)).toBe(BASE);
  });

  it("to the session that was lost, after the last event that came, else to what was recorded", () => {
    const address = new URL(reconnected().address(BASE));
    expect(Object.fromEntries(address.searchParams)).toEqual({
      resume: "t1",
      after: "e2",
      conversation: "c1",
    });
  });

  it("to the recorded conversation alone once the user has ended the session", () => {
    const resumption = reconnected();
    resumption.end();
    expect(resumption.address(BASE)).toBe(`${BASE}?conversation=c1`);
  });
});

describe("the conversation is shown from its beginning", () => {
  it("only where another session goes on with what was recorded", () => {
    const resumption = reconnected();
    expect(resumption.beginSession("s", null)).toBe(false);
    expect(resumption.beginSession("s", "s")).toBe(false);
    expect(resumption.beginSession("s2", "s")).toBe(true);
    expect(new Resumption().beginSession("s2", "s")).toBe(false);
  });

  it("and that the session couldn't be resumed is no problem then", () => {
    expect(reconnected().handles(refused("session_not_resumed"))).toBe(true);
    expect(reconnected().handles(refused("rate_limit_exceeded"))).toBe(false);
    expect(new Resumption().handles(refused("session_not_resumed"))).toBe(false);
  });
});

describe("after a reconnection", () => {
  it("a question that the server hasn't got is sent again, once", () => {
    const resumption = reconnected();
    resumption.trackQuestion(QUESTION);
    expect(resumption.finishCatchUp(open)).toEqual(QUESTION);
    expect(resumption.finishCatchUp(open)).toBeNull();
  });

  it("a question that arrived or was refused isn't", () => {
    for (const event of [confirmed, refused("invalid_value", "q")]) {
      const resumption = reconnected();
      resumption.trackQuestion(QUESTION);
      resumption.receive(event);
      expect(resumption.finishCatchUp(open)).toBeNull();
    }
  });

  it("an answer that nobody gives is asked for", () => {
    expect(reconnected().finishCatchUp(showing(confirmed))).toBe("response");
  });

  it("an answer that is being given isn't", () => {
    const answered = reduce(showing(confirmed), {
      type: "server",
      event: { type: "response.created", event_id: "e5", response: { id: "r" } } as ServerEvent,
      at: 0,
    });
    expect(reconnected().finishCatchUp(answered)).toBeNull();
  });

  it("but not on the first connection", () => {
    const resumption = new Resumption();
    resumption.beginSession("s", null);
    expect(resumption.finishCatchUp(showing(confirmed))).toBeNull();
  });
});
