import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { signWith } from "./http";
import { follow } from "./live";

class Source {
  static readonly CLOSED = 2;
  static all: Source[] = [];
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  private readonly listeners = new Map<string, (event: { data: string }) => void>();

  constructor(readonly url: string) {
    Source.all.push(this);
  }

  addEventListener(type: string, listener: (event: { data: string }) => void): void {
    this.listeners.set(type, listener);
  }

  send(type: string, data: unknown): void {
    this.listeners.get(type)?.({ data: JSON.stringify(data) });
  }

  refuse(): void {
    this.readyState = Source.CLOSED;
    this.onerror?.();
  }

  close(): void {
    this.readyState = Source.CLOSED;
  }
}

const tickets = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  Source.all = [];
  let number = 0;
  tickets.mockReset().mockImplementation(() => Promise.resolve(Response.json({ ticket: `t${++number}` })));
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal("fetch", tickets);
});

afterEach(() => {
  signWith(() => "");
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const urls = () => Source.all.map((source) => source.url);

describe("events", () => {
  it("need no ticket without a key", async () => {
    const seen: unknown[] = [];
    const end = follow("notes", (event) => seen.push(event));
    await vi.advanceTimersByTimeAsync(0);
    expect(urls()).toEqual(["/api/events"]);
    Source.all[0]?.send("note.added", { note: 1 });
    Source.all[0]?.send("document.added", { document: 1 });
    expect(seen).toEqual([{ type: "note.added", data: { note: 1 } }]);
    end();
    expect(Source.all[0]?.readyState).toBe(Source.CLOSED);
    expect(tickets).not.toHaveBeenCalled();
  });

  it("are followed with a ticket, and the key stands in no address", async () => {
    signWith(() => "secret-key");
    const seen: string[] = [];
    const end = follow("notes", ({ type }) => seen.push(type));
    await vi.advanceTimersByTimeAsync(0);
    expect(urls()).toEqual(["/api/events?ticket=t1"]);
    Source.all[0]?.onopen?.();
    // The connection is lost: the used ticket is refused, another one is asked for, and all is looked at anew.
    Source.all[0]?.refuse();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(urls()).toEqual(["/api/events?ticket=t1", "/api/events?ticket=t2"]);
    Source.all[1]?.onopen?.();
    expect(seen).toEqual(["reset"]);
    expect(tickets.mock.calls.map(([url]) => String(url)).join()).not.toContain("secret-key");
    end();
  });

  it("are asked for again, less and less often, while the server refuses", async () => {
    signWith(() => "wrong");
    tickets.mockImplementation(() => Promise.resolve(new Response("{}", { status: 401 })));
    const end = follow("notes", () => {});
    await vi.advanceTimersByTimeAsync(120_000);
    expect(Source.all).toEqual([]);
    expect(tickets.mock.calls.length).toBeGreaterThan(4);
    expect(tickets.mock.calls.length).toBeLessThan(10);
    end();
    const before = tickets.mock.calls.length;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(tickets.mock.calls.length).toBe(before);
  });
});
