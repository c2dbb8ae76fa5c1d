/** The audio thread's end of the loudspeaker: plays a queue, counts what it played, fades when it is told to stop. */
import type { PlaybackCommand, PlaybackReport } from "./messages";
import { PlaybackQueue } from "./queue";
import { rms } from "./samples";

const REPORT_EVERY = 0.05;

class Playback extends AudioWorkletProcessor {
  private queue = new PlaybackQueue();
  private reportedAt = 0;
  private wasAudible = false;
  private loudest = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<PlaybackCommand>) => this.obey(data);
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const block = outputs[0]?.[0];
    if (!block) return true;
    const before = this.queue.current;
    this.queue.read(block);
    this.loudest = Math.max(this.loudest, rms(block));
    const audible = this.queue.audible;
    if (audible || this.wasAudible) this.report(before?.item ?? null, audible);
    return true;
  }

  private obey(command: PlaybackCommand): void {
    switch (command.type) {
      case "push":
        this.queue.push(command.item, command.samples);
        break;
      case "hold":
        this.queue.hold();
        break;
      case "resume":
        this.queue.resume();
        break;
      case "cut": {
        const current = this.queue.current;
        this.queue.cut();
        const report: PlaybackReport = { type: "cut", played: current };
        this.port.postMessage(report);
        break;
      }
    }
  }

  private report(item: string | null, audible: boolean): void {
    const ended = this.wasAudible && !audible;
    if (!ended && currentTime - this.reportedAt < REPORT_EVERY) {
      this.wasAudible = audible;
      return;
    }
    const report: PlaybackReport = {
      type: "played",
      played: item === null ? null : { item, samples: this.queue.played(item) },
      queued: this.queue.queued,
      level: this.loudest,
      playing: audible,
    };
    this.port.postMessage(report);
    this.reportedAt = currentTime;
    this.wasAudible = audible;
    this.loudest = 0;
  }
}

registerProcessor("playback", Playback);
