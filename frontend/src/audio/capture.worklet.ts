/** The audio thread's end of the microphone: mono frames of 20 ms and their level. */
import { FRAME, rms, toInt16 } from "./samples";

class Capture extends AudioWorkletProcessor {
  private frame = new Float32Array(FRAME);
  private filled = 0;

  process(inputs: Float32Array[][]): boolean {
    const channels = inputs[0];
    const first = channels?.[0];
    if (!channels || !first) return true;
    for (let at = 0; at < first.length; at++) {
      let sum = 0;
      for (const channel of channels) sum += channel[at] as number;
      this.frame[this.filled++] = sum / channels.length;
      if (this.filled === FRAME) this.send();
    }
    return true;
  }

  private send(): void {
    const samples = toInt16(this.frame);
    this.port.postMessage({ samples, level: rms(this.frame) }, [samples.buffer]);
    this.filled = 0;
  }
}

registerProcessor("capture", Capture);
