import { describe, expect, it } from "vitest";
import { PushToTalk, SHORTEST_QUESTION_FRAMES } from "./pushToTalk";

function said(frames: number): PushToTalk {
  const key = new PushToTalk();
  key.press();
  key.begin();
  for (let frame = 0; frame < frames; frame++) key.countFrame();
  return key;
}

describe("the key to talk", () => {
  it("makes what was said while it was down a question", () => {
    const key = said(SHORTEST_QUESTION_FRAMES);
    expect(key.recording).toBe(true);
    expect(key.release()).toBe("answer");
    expect(key.recording).toBe(false);
  });

  it("throws away a touch by mistake", () => {
    expect(said(SHORTEST_QUESTION_FRAMES - 1).release()).toBe("discard");
  });

  it("counts each question anew", () => {
    const key = said(SHORTEST_QUESTION_FRAMES);
    key.release();
    key.press();
    key.begin();
    key.countFrame();
    expect(key.release()).toBe("discard");
  });

  it("is pressed once however often it repeats", () => {
    const key = new PushToTalk();
    expect([key.press(), key.press()]).toEqual([true, false]);
  });

  it("that is let go of before the microphone is open has asked nothing", () => {
    const key = new PushToTalk();
    key.press();
    expect(key.release()).toBeNull();
    expect(key.begin()).toBe(false);
    expect(key.recording).toBe(false);
  });

  it("asks nothing once the microphone was closed", () => {
    const key = said(SHORTEST_QUESTION_FRAMES);
    key.reset();
    expect(key.recording).toBe(false);
    expect(key.release()).toBeNull();
    expect(key.press()).toBe(true);
  });
});
