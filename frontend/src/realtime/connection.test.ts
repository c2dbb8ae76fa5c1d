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

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("WebSocket", FakeSocket);
    FakeSocket.made = [];
    states.length = events.length = 0;
    connection = new Connection(
      () => "ws://here/v1/realtime",
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

  it("has no key, neither in its address nor in its protocols", () => {
    connection.open();
    expect([last().url, last().protocols]).toEqual(["ws://here/v1/realtime", ["realtime"]]);
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
    connection.probe();
    expect(FakeSocket.made).toHaveLength(2);
    connection.probe();
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

  it("leaves a connection on which nothing is answered any more, and not one that answers", () => {
    connection.open();
    last().open();
    connection.send({ type: "input_audio_buffer.append", audio: "" });
    vi.advanceTimersByTime(60_000);
    expect(states.at(-1)?.[0]).toBe("open");
    connection.send({ type: "response.create" });
    last().onmessage?.({ data: '{"type":"response.created"}' });
    vi.advanceTimersByTime(60_000);
    expect(states.at(-1)?.[0]).toBe("open");
    connection.send({ type: "response.create" });
    const dead = last();
    vi.advanceTimersByTime(6_000);
    expect(states.at(-1)).toEqual(["waiting", ""]);
    vi.advanceTimersByTime(500);
    expect(FakeSocket.made).toHaveLength(2);
    dead.onmessage?.({ data: '{"type":"error"}' });
    dead.drop();
    expect(events).toHaveLength(1);
    expect(FakeSocket.made).toHaveLength(2);
  });

  it("hears what came while the page slept before it judges", () => {
    connection.open();
    last().open();
    connection.send({ type: "response.create" });
    const now = performance.now();
    const clock = vi.spyOn(performance, "now").mockReturnValue(now + 3_600_000);
    vi.advanceTimersByTime(6_000);
    expect(states.at(-1)?.[0]).toBe("open");
    last().onmessage?.({ data: '{"type":"response.created"}' });
    clock.mockRestore();
    vi.advanceTimersByTime(60_000);
    expect(states.at(-1)?.[0]).toBe("open");
  });

  it("asks whether the server is still there when it is hurried, once", () => {
    connection.open();
    last().open();
    for (let times = 0; times < 3; times++) {
      connection.probe();
      vi.advanceTimersByTime(800);
    }
    expect(last().sent).toHaveLength(1);
    vi.advanceTimersByTime(100);
    expect(states.at(-1)?.[0]).toBe("waiting");
  });

  it("stays when the server shows that it is there", () => {
    connection.open();
    last().open();
    connection.probe();
    last().onmessage?.({ data: '{"type":"session.updated"}' });
    vi.advanceTimersByTime(60_000);
    expect(states.at(-1)?.[0]).toBe("open");
  });

  it("doesn't take what was on its way for an answer, and waits as long as more comes", () => {
    connection.open();
    last().open();
    connection.probe();
    for (let times = 0; times < 3; times++) {
      vi.advanceTimersByTime(2_000);
      last().onmessage?.({ data: '{"type":"response.output_audio.delta"}' });
    }
    vi.advanceTimersByTime(2_499);
    expect(states.at(-1)?.[0]).toBe("open");
    vi.advanceTimersByTime(1);
    expect(states.at(-1)?.[0]).toBe("waiting");
  });

  it("tries again when a connection takes too long to be made", () => {
    connection.open();
    vi.advanceTimersByTime(8_000);
    expect(states.at(-1)?.[0]).toBe("waiting");
    vi.advanceTimersByTime(500);
    expect(FakeSocket.made).toHaveLength(2);
  });
});
