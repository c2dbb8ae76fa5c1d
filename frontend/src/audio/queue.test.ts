import { describe, expect, it } from "vitest";
import { FADE_SAMPLES, PlaybackQueue } from "./queue";

const BLOCK = 128;

function read(queue: PlaybackQueue, blocks = 1): Float32Array {
  const all = new Float32Array(BLOCK * blocks);
  for (let at = 0; at < blocks; at++) queue.read(all.subarray(at * BLOCK, (at + 1) * BLOCK));
  return all;
}

function ones(length: number): Float32Array {
  return new Float32Array(length).fill(1);
}

describe("PlaybackQueue", () => {
  it("plays chunks in order, whatever their length, and silence after them", () => {
    const queue = new PlaybackQueue();
    queue.push("a", Float32Array.from([0.1, 0.2, 0.3]));
    queue.push("b", Float32Array.from([0.4]));
    const heard = read(queue);
    expect(Array.from(heard.subarray(0, 5)).map((v) => Math.round(v * 10))).toEqual([1, 2, 3, 4, 0]);
    expect(queue.played("a")).toBe(3);
    expect(queue.played("b")).toBe(1);
    expect(queue.current).toBeNull();
  });

  it("counts what was played to the sample", () => {
    const queue = new PlaybackQueue();
    queue.push("a", ones(1000));
    read(queue, 3);
    expect(queue.current).toEqual({ item: "a", samples: 3 * BLOCK });
    expect(queue.queued).toBe(1000 - 3 * BLOCK);
  });

  it("fades out within 10 ms when it is cut and never plays late audio of what was cut", () => {
    const queue = new PlaybackQueue();
    queue.push("a", ones(5000));
    read(queue, 2);
    queue.cut();
    const heard = read(queue, 4);
    expect(heard[0]).toBeLessThan(1);
    expect(heard[FADE_SAMPLES + 1]).toBe(0);
    for (let at = 1; at < heard.length; at++)
      expect((heard[at - 1] as number) - (heard[at] as number)).toBeLessThan(0.01);
    expect(queue.queued).toBe(0);
    queue.push("a", ones(100));
    expect(queue.queued).toBe(0);
    queue.push("b", ones(100));
    expect(read(queue)[50]).toBe(1);
  });

  it("plays nothing more of what was cut while it waited for more", () => {
    const queue = new PlaybackQueue();
    queue.push("a", ones(BLOCK));
    read(queue, 2);
    queue.cut();
    queue.push("a", ones(BLOCK));
    expect(queue.queued).toBe(0);
    queue.push("b", ones(BLOCK));
    expect(read(queue)[0]).toBe(1);
  });

  it("holds its place and goes on where it stopped", () => {
    const queue = new PlaybackQueue();
    queue.push("a", ones(5000));
    queue.hold();
    read(queue, 4);
    const held = queue.played("a");
    read(queue, 20);
    expect(queue.played("a")).toBe(held);
    expect(queue.audible).toBe(false);
    queue.resume();
    read(queue, 3);
    expect(queue.played("a")).toBe(held + 3 * BLOCK);
  });

  it("is cut while it is held", () => {
    const queue = new PlaybackQueue();
    queue.push("a", ones(5000));
    queue.hold();
    read(queue, 4);
    queue.cut();
    read(queue);
    expect(queue.queued).toBe(0);
    queue.resume();
    queue.push("b", ones(BLOCK));
    expect(queue.played("b")).toBe(0);
    read(queue, 4);
    expect(queue.played("b")).toBe(BLOCK);
  });

  it("costs the same with a minute queued as with a second", () => {
    const time = (seconds: number): number => {
      const queue = new PlaybackQueue();
      for (let at = 0; at < seconds * 50; at++) queue.push("a", ones(480));
      const began = performance.now();
      read(queue, 150);
      return (performance.now() - began) / 150;
    };
    time(60);
    const minute = time(60);
    expect(minute).toBeLessThan(0.1);
  });
});
