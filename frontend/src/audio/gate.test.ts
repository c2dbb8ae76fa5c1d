import { describe, expect, it } from "vitest";
import { OnsetGate } from "./gate";

function run(gate: OnsetGate, levels: number[], playing = true): (string | null)[] {
  return levels.map((level) => gate.hear(level, playing));
}

const quiet = (frames: number) => new Array<number>(frames).fill(0.001);
const loud = (frames: number) => new Array<number>(frames).fill(0.2);

describe("OnsetGate", () => {
  it("holds within 40 ms of an onset", () => {
    const gate = new OnsetGate();
    run(gate, quiet(50));
    expect(run(gate, loud(3))).toEqual([null, "hold", null]);
  });

  it("lets a click pass", () => {
    const gate = new OnsetGate();
    expect(run(gate, [...quiet(20), ...loud(1), ...quiet(20)])).not.toContain("hold");
  });

  it("goes on when the server says nothing, once an onset", () => {
    const gate = new OnsetGate();
    run(gate, quiet(20));
    const said = run(gate, [...loud(200), ...quiet(10)]).filter(Boolean);
    expect(said).toEqual(["hold", "resume"]);
    expect(run(gate, loud(3))).toContain("hold");
  });

  it("leaves it to the server once that has decided", () => {
    const gate = new OnsetGate();
    run(gate, [...quiet(20), ...loud(5)]);
    gate.settle();
    expect(run(gate, loud(100)).filter(Boolean)).toEqual([]);
  });

  it("does nothing while nothing is played", () => {
    expect(run(new OnsetGate(), [...quiet(20), ...loud(50)], false).filter(Boolean)).toEqual([]);
  });

  it("gets used to a loud room", () => {
    const gate = new OnsetGate();
    run(gate, new Array<number>(400).fill(0.011));
    expect(run(gate, new Array<number>(50).fill(0.03)).filter(Boolean)).toEqual([]);
    expect(run(gate, loud(3))).toContain("hold");
  });
});
