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
  /** The microphone was lost (unplugged, taken away); the default one took its place, unless there is an `error`. */
  onMicrophoneLost(error: Error | null): void;
  /** Something was plugged in or out. */
  onDevicesChanged(): void;
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
  private ready: Promise<void> | null = null;
  private playback: AudioWorkletNode | null = null;
  private capture: AudioWorkletNode | null = null;
  private source: MediaStreamAudioSourceNode | null = null;
  private stream: MediaStream | null = null;
  private element: HTMLAudioElement | null = null;
  private cutWaiting: ((played: Played | null) => void)[] = [];
  private speaker: string | null = null;
  /** Counts what was asked of the microphone: only the last request is carried out. */
  private latestRequest = 0;

  constructor(private readonly events: AudioEvents) {
    navigator.mediaDevices?.addEventListener("devicechange", () => this.events.onDevicesChanged());
  }

  /** Make the loudspeaker ready; must follow a gesture of the user's. */
  async start(): Promise<void> {
    this.context ??= new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    this.ready ??= this.build(this.context);
    try {
      await this.ready;
    } catch (error) {
      this.ready = null; // to be tried again
      throw error;
    }
    await this.sound();
  }

  private async sound(): Promise<void> {
    if (this.context?.state !== "running") await this.context?.resume();
    if (this.element?.paused) await this.element.play();
  }

  private async build(context: AudioContext): Promise<void> {
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
    await this.pickSpeaker(this.speaker);
  }

  /**
   * Open the microphone, or another one; the default one where the chosen one isn't there.
   *
   * Resolves with false if it was closed or another one was asked for meanwhile. Rejects with a `DOMException` when it
   * may not or can't.
   */
  async listen(microphone: string | null): Promise<boolean> {
    const request = ++this.latestRequest;
    await this.start();
    const context = this.context as AudioContext;
    const [stream, replaced] = await this.openMicrophone(microphone);
    if (request !== this.latestRequest) {
      for (const track of stream.getTracks()) track.stop();
      return false;
    }
    this.release();
    this.stream = stream;
    this.capture ??= this.makeCapture(context);
    this.source = context.createMediaStreamSource(stream);
    this.source.connect(this.capture);
    for (const track of stream.getAudioTracks()) track.onended = () => void this.lost();
    if (replaced) this.events.onMicrophoneLost(null);
    return true;
  }

  private async openMicrophone(microphone: string | null): Promise<[MediaStream, boolean]> {
    const open = (device: MediaTrackConstraints) =>
      navigator.mediaDevices.getUserMedia({ audio: { ...MICROPHONE, ...device } });
    if (!microphone) return [await open({}), false];
    try {
      return [await open({ deviceId: { exact: microphone } }), false];
    } catch (error) {
      if (!["OverconstrainedError", "NotFoundError"].includes((error as DOMException).name)) throw error;
      return [await open({}), true];
    }
  }

  /** Close the microphone. */
  silence(): void {
    this.latestRequest++;
    this.release();
  }

  private release(): void {
    this.source?.disconnect();
    this.source = null;
    for (const track of this.stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    this.stream = null;
  }

  /** Go on after a sleep of the page or of the machine: both may stop the sound, and take the microphone away. */
  async wake(): Promise<void> {
    await this.sound();
    if (this.stream?.getAudioTracks().some((track) => track.readyState === "ended")) await this.lost();
  }

  get listening(): boolean {
    return this.stream !== null;
  }

  /** Play on another device where the browser can, and where it isn't there on the default one. */
  async pickSpeaker(speaker: string | null): Promise<void> {
    this.speaker = speaker;
    const { element } = this;
    if (element && "setSinkId" in element)
      await element.setSinkId(speaker ?? "").catch(() => element.setSinkId(""));
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
    this.release();
    try {
      if (await this.listen(null)) this.events.onMicrophoneLost(null);
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
