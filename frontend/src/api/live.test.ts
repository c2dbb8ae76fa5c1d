import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { onSignedOut } from "./http";
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

const requests = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  Source.all = [];
  requests.mockReset().mockImplementation(() => Promise.resolve(Response.json({})));
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal("fetch", requests);
});

afterEach(() => {
  onSignedOut(() => {});
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const urls = () => Source.all.map((source) => source.url);

describe("events", () => {
  it("are told by their topics", () => {
    const seen: unknown[] = [];
    const end = follow("notes", (event) => seen.push(event));
    expect(urls()).toEqual(["/api/events"]);
    Source.all[0]?.send("note.added", { note: 1 });
    Source.all[0]?.send("document.added", { document: 1 });
    expect(seen).toEqual([{ type: "note.added", data: { note: 1 } }]);
    end();
    expect(Source.all[0]?.readyState).toBe(Source.CLOSED);
    expect(requests).not.toHaveBeenCalled();
  });

  it("are followed anew when the server refuses for a while, and then all is looked at", async () => {
    const seen: string[] = [];
    const end = follow("notes", ({ type }) => seen.push(type));
    Source.all[0]?.onopen?.();
    Source.all[0]?.refuse();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(urls()).toEqual(["/api/events", "/api/events"]);
    Source.all[1]?.onopen?.();
    expect(seen).toEqual(["reset"]);
    end();
  });

  it("are asked for less and less often while the server refuses, which tells that nobody is signed in", async () => {
    const told = vi.fn();
    onSignedOut(told);
    requests.mockImplementation(() => Promise.resolve(new Response("{}", { status: 401 })));
    const end = follow("notes", () => {});
    for (let second = 0; second < 120; second++) {
      if (Source.all.at(-1)?.readyState === 1) Source.all.at(-1)?.refuse();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(told).toHaveBeenCalled();
    expect(Source.all.length).toBeGreaterThan(4);
    expect(Source.all.length).toBeLessThan(10);
    end();
    const before = Source.all.length;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(Source.all.length).toBe(before);
  });
});
