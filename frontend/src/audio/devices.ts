/** Microphone and loudspeaker: one audio context, two worklets, devices that may change while somebody talks. */
import captureUrl from "./capture.worklet.ts?worker&url";
import type { CapturedFrame, PlaybackCommand, PlaybackReport } from "./messages";
import playbackUrl from "./playback.worklet.ts?worker&url";
import type { Played } from "./queue";
import { RATE } from "./samples";

export interface AudioEvents {
  /** A frame of 20 ms from the microphone; comes while it is open, muted or not. */
  onFrame(frame: CapturedFrame): void;
  onPlayback(report: Extract<PlaybackReport, { type: "played" }>): void;
  /** The microphone was lost (unplugged, taken away); it is being opened again with the default one. */
  onMicrophoneLost(error: Error | null): void;
}

export interface AudioChoice {
  microphone: string | null;
  speaker: string | null;
}

const MICROPHONE = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/**
 * The browser's audio. Lives outside React: a component that mounts twice must not open two microphones.
 *
 * The loudspeaker is an `<audio>` element fed by the context, so that echo cancellation hears what is played and the
 * output device can be picked.
 */
export class AudioDevices {
  private context: AudioContext | null = null;
  private playback: AudioWorkletNode | null = null;
  private capture: AudioWorkletNode | null = null;
  private source: MediaStreamAudioSourceNode | null = null;
  private stream: MediaStream | null = null;
  private element: HTMLAudioElement | null = null;
  private cutWaiting: ((played: Played | null) => void)[] = [];
  private choice: AudioChoice = { microphone: null, speaker: null };

  constructor(private readonly events: AudioEvents) {}

  /** Make the loudspeaker ready; must follow a gesture of the user's. */
  async start(): Promise<void> {
    if (this.context) {
      await this.context.resume();
      return;
    }
    const context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    this.context = context;
    await Promise.all([
      context.audioWorklet.addModule(captureUrl),
      context.audioWorklet.addModule(playbackUrl),
    ]);
    const playback = new AudioWorkletNode(context, "playback", {
      numberOfInputs: 0,
      numberOfOutputs: 1,
      outputChannelCount: [1],
    });
    playback.port.onmessage = ({ data }: MessageEvent<PlaybackReport>) => this.reported(data);
    const destination = context.createMediaStreamDestination();
    playback.connect(destination);
    const element = new Audio();
    element.srcObject = destination.stream;
    this.playback = playback;
    this.element = element;
    await context.resume();
    await element.play();
    if (this.choice.speaker) await this.pickSpeaker(this.choice.speaker);
  }

  /** Open the microphone, or another one. Rejects with a `DOMException` when it may not or can't. */
  async listen(microphone: string | null = this.choice.microphone): Promise<void> {
    await this.start();
    const context = this.context as AudioContext;
    const device = microphone ? { deviceId: { exact: microphone } } : {};
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { ...MICROPHONE, ...device } });
    this.silence();
    this.choice.microphone = microphone;
    this.stream = stream;
    this.capture ??= this.makeCapture(context);
    this.source = context.createMediaStreamSource(stream);
    this.source.connect(this.capture);
    for (const track of stream.getAudioTracks()) track.onended = () => void this.lost();
  }

  /** Close the microphone. */
  silence(): void {
    this.source?.disconnect();
    this.source = null;
    for (const track of this.stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    this.stream = null;
  }

  get listening(): boolean {
    return this.stream !== null;
  }

  /** Play on another device where the browser can. */
  async pickSpeaker(speaker: string | null): Promise<void> {
    this.choice.speaker = speaker;
    if (this.element && "setSinkId" in this.element) await this.element.setSinkId(speaker ?? "");
  }

  play(item: string, samples: Float32Array): void {
    this.command({ type: "push", item, samples }, [samples.buffer]);
  }

  hold(): void {
    this.command({ type: "hold" });
  }

  resume(): void {
    this.command({ type: "resume" });
  }

  /** Never play what may still come of `item`. */
  refuse(item: string): void {
    this.command({ type: "refuse", item });
  }

  /** Fall silent within 10 ms; resolves with what was being played and how far it had come. */
  cut(): Promise<Played | null> {
    if (!this.playback) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.cutWaiting.push(resolve);
      this.command({ type: "cut" });
    });
  }

  private makeCapture(context: AudioContext): AudioWorkletNode {
    const node = new AudioWorkletNode(context, "capture", { numberOfInputs: 1, numberOfOutputs: 0 });
    node.port.onmessage = ({ data }: MessageEvent<CapturedFrame>) => this.events.onFrame(data);
    return node;
  }

  private async lost(): Promise<void> {
    try {
      await this.listen(null);
      this.events.onMicrophoneLost(null);
    } catch (error) {
      this.silence();
      this.events.onMicrophoneLost(error as Error);
    }
  }

  private command(command: PlaybackCommand, transfer: Transferable[] = []): void {
    this.playback?.port.postMessage(command, transfer);
  }

  private reported(report: PlaybackReport): void {
    if (report.type === "cut") this.cutWaiting.shift()?.(report.played);
    else this.events.onPlayback(report);
  }
}

/** The microphones and loudspeakers; without names until the user has allowed the microphone. */
export async function listDevices(): Promise<{
  microphones: MediaDeviceInfo[];
  speakers: MediaDeviceInfo[];
}> {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const real = all.filter((device) => device.deviceId !== "");
  return {
    microphones: real.filter((device) => device.kind === "audioinput"),
    speakers: real.filter((device) => device.kind === "audiooutput"),
  };
}
