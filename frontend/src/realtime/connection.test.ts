import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connection, type LinkState } from "./connection";

class FakeSocket {
  static made: FakeSocket[] = [];
  static readonly OPEN = 1;
  readyState = 0;
  bufferedAmount = 0;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {
    FakeSocket.made.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.readyState = 3;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  drop(code = 1006, reason = ""): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
}

const last = () => FakeSocket.made.at(-1) as FakeSocket;

describe("Connection", () => {
  const states: [LinkState, string][] = [];
  const events: unknown[] = [];
  let connection: Connection;
  let key = "";

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("WebSocket", FakeSocket);
    FakeSocket.made = [];
    states.length = events.length = 0;
    connection = new Connection(
      () => "ws://here/v1/realtime",
      () => key,
      {
        onEvent: (event) => events.push(event),
        onSent: () => {},
        onState: (state, reason) => states.push([state, reason]),
      },
      () => 1,
    );
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("sends only while it is open", () => {
    connection.open();
    expect(connection.send({ type: "response.create" })).toBe(false);
    last().open();
    expect(connection.send({ type: "response.create" })).toBe(true);
    expect(JSON.parse(last().sent[0] as string)).toEqual({ type: "response.create" });
  });

  it("brings the key where the official clients do", () => {
    connection.open();
    expect(last().protocols).toEqual(["realtime"]);
    last().drop();
    key = "secret";
    connection.hurry();
    expect(last().protocols).toEqual(["realtime", "openai-insecure-api-key.secret"]);
    key = "";
  });

  it("comes back, waiting longer each time, and at once after a success", () => {
    connection.open();
    last().drop();
    expect(states.at(-1)).toEqual(["waiting", ""]);
    vi.advanceTimersByTime(499);
    expect(FakeSocket.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.made).toHaveLength(2);
    last().drop();
    vi.advanceTimersByTime(999);
    expect(FakeSocket.made).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.made).toHaveLength(3);
    last().open();
    last().drop();
    vi.advanceTimersByTime(500);
    expect(FakeSocket.made).toHaveLength(4);
  });

  it("doesn't wait when the network is back", () => {
    connection.open();
    last().drop();
    connection.hurry();
    expect(FakeSocket.made).toHaveLength(2);
    connection.hurry();
    expect(FakeSocket.made).toHaveLength(2);
  });

  it("stays closed when it was closed, and when the server won't have it", () => {
    connection.open();
    last().open();
    connection.close();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.made).toHaveLength(1);
    connection.open();
    last().drop(1008, "no");
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.made).toHaveLength(2);
    expect(states.at(-1)).toEqual(["closed", "no"]);
  });

  it("drops audio, and nothing else, while the network doesn't keep up", () => {
    connection.open();
    last().open();
    last().bufferedAmount = 2_000_000;
    expect(connection.send({ type: "input_audio_buffer.append", audio: "" })).toBe(false);
    expect(connection.send({ type: "input_audio_buffer.commit" })).toBe(true);
  });

  it("hears nothing from a connection that it has left", () => {
    connection.open();
    const old = last();
    old.open();
    connection.close();
    old.onmessage?.({ data: '{"type":"error"}' });
    old.drop();
    expect(events).toEqual([]);
    expect(states.at(-1)?.[0]).toBe("closed");
  });
});
