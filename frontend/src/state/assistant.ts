/** The app's side of a conversation: microphone, loudspeaker and connection, and what each does to the others. */
import { AudioDevices } from "../audio/devices";
import { OnsetGate } from "../audio/gate";
import { fromBase64, toBase64 } from "../audio/samples";
import type { ClientEvent, ServerEvent } from "../protocol/wire";
import { Connection } from "../realtime/connection";
import { sessionUpdate } from "../realtime/session";
import { Trace } from "../realtime/trace";
import type { Action, Conversation } from "./conversation";
import { PushToTalk } from "./pushToTalk";
import { Resumption, type WrittenQuestion } from "./resumption";
import type { Settings } from "./settings";

export interface Levels {
  /** Root mean square of what was captured and of what is played, 0 to 1. */
  user: number;
  assistant: number;
}

export interface Host {
  dispatch(action: Action): void;
  state(): Conversation;
  settings(): Settings;
  /** Called when a note was taken in this conversation. */
  noteAdded(note: { id: string; text: string }): void;
  /** Address of the Realtime API, without the conversation. */
  address: string;
  now(): number;
}

const SAMPLES_PER_MS = 24;
const REPORT_EVERY_MS = 200;
/** Somebody speaks up and the server says nothing: it is asked whether it is there. */
const UNHEARD_MS = 4_000;

export class Assistant {
  readonly trace = new Trace();
  readonly levels: Levels = { user: 0, assistant: 0 };
  private readonly devices: AudioDevices;
  private readonly connection: Connection;
  private readonly gate = new OnsetGate();
  private readonly resumption = new Resumption();
  private readonly pushToTalk = new PushToTalk();
  private reportedAt = 0;
  private muted = false;
  /** The microphone was lost while it was in use: the next one that appears is taken. */
  private microphoneLost = false;
  private waitingForIdle: (() => void)[] = [];

  constructor(private readonly host: Host) {
    this.devices = new AudioDevices({
      onFrame: (frame) => this.captured(frame.samples, frame.level),
      onPlayback: (report) => {
        this.levels.assistant = report.playing ? report.level : 0;
        const played = report.playing ? report.played : null;
        const playing = played && { item: played.item, ms: Math.floor(played.samples / SAMPLES_PER_MS) };
        this.host.dispatch({ type: "playing", playing });
        if (playing) this.reportPlayout(playing.item, playing.ms);
      },
      onMicrophoneLost: (error) => {
        this.microphoneLost = error !== null;
        if (error) this.host.dispatch({ type: "microphone", state: "off" });
        const message = error ? "microphone_lost" : "microphone_changed";
        this.host.dispatch({ type: "problem", problem: { message, code: message } });
      },
      onDevicesChanged: () => {
        if (this.microphoneLost) void this.changeDevices().catch(() => {});
      },
    });
    this.connection = new Connection(() => this.resumption.address(this.host.address), {
      onEvent: (event) => this.received(event),
      onSent: (event) => this.trace.add("sent", event, this.host.now()),
      onState: (state, reason) => {
        this.host.dispatch({ type: "link", state, reason });
        if (state === "open") return;
        // The server ends an answer that nobody hears, and takes it for cut about here.
        void this.devices.cut();
        this.devices.resume();
        for (const resolve of this.waitingForIdle.splice(0)) resolve();
        if (state === "closed") this.silence();
      },
    });
  }

  // --- the connection ------------------------------------------------------------------------------------------
  /** The conversation to go on with when the connection is made anew. */
  get conversation(): string | null {
    return this.resumption.conversation;
  }

  set conversation(id: string | null) {
    this.resumption.conversation = id;
  }

  connect(): void {
    this.connection.open();
  }

  /** The network has changed, or the page is in front again after a sleep: see that everything is still there. */
  wake(): void {
    this.connection.probe();
    void this.devices.wake().catch(() => {});
  }

  /** End the connection and close the microphone. */
  hangUp(): void {
    this.resumption.end();
    this.connection.close();
  }

  private silence(): void {
    this.microphoneLost = false;
    this.pushToTalk.reset();
    this.devices.silence();
    this.host.dispatch({ type: "microphone", state: "off" });
  }

  /** Tell the server the settings, now that they changed. */
  reconfigure(): void {
    this.send(sessionUpdate(this.host.settings()));
  }

  send(event: ClientEvent): boolean {
    return this.connection.send(event);
  }

  private reportPlayout(item_id: string, played_ms: number): void {
    const now = this.host.now();
    if (now - this.reportedAt < REPORT_EVERY_MS) return;
    this.reportedAt = now;
    this.send({ type: "vasi.playout", item_id, played_ms });
  }

  // --- talking -------------------------------------------------------------------------------------------------
  /** Open the microphone; must follow a gesture of the user's. Rejects with a `DOMException`. */
  async listen(): Promise<void> {
    const { microphone, speaker } = this.host.settings();
    this.host.dispatch({ type: "microphone", state: "opening" });
    try {
      const opened = await this.devices.listen(microphone);
      if (!opened) return;
      await this.devices.pickSpeaker(speaker);
    } catch (error) {
      this.host.dispatch({ type: "microphone", state: "off" });
      throw error;
    }
    this.host.dispatch({ type: "microphone", state: this.muted ? "muted" : "on" });
    if (this.microphoneLost) this.host.dispatch({ type: "problem", problem: null });
    this.microphoneLost = false;
  }

  /** Use the devices that were chosen, if any are in use; a microphone that takes the place of a lost one, too. */
  async changeDevices(): Promise<void> {
    if (this.devices.listening || this.microphoneLost) await this.listen();
    else await this.devices.pickSpeaker(this.host.settings().speaker);
  }

  /** Close the microphone and stay connected. */
  stopListening(): void {
    this.silence();
    this.send({ type: "input_audio_buffer.clear" });
  }

  mute(muted: boolean): void {
    this.muted = muted;
    if (!this.devices.listening) return;
    if (muted && !this.byHand) this.send({ type: "input_audio_buffer.clear" });
    this.host.dispatch({ type: "microphone", state: muted ? "muted" : "on" });
  }

  /** The key to talk is down: what is being said stops, and the microphone counts. */
  async beginTalking(): Promise<void> {
    if (!this.byHand || !this.pushToTalk.press()) return;
    if (!this.devices.listening) await this.listen();
    await this.interrupt();
    if (this.pushToTalk.begin()) this.send({ type: "input_audio_buffer.clear" });
  }

  /** The key is up: what was said is to be answered. */
  endTalking(): void {
    const outcome = this.pushToTalk.release();
    if (!outcome) return;
    this.levels.user = 0;
    if (outcome === "discard") {
      this.send({ type: "input_audio_buffer.clear" });
      return;
    }
    this.send({ type: "input_audio_buffer.commit" });
    this.send({ type: "response.create" });
  }

  /** Ask in writing, in the same conversation. */
  async say(text: string): Promise<void> {
    await this.devices.start();
    await this.interrupt();
    await this.idle();
    const question = { id: `item_${Math.random().toString(36).slice(2)}`, text };
    this.resumption.trackQuestion(question);
    this.put(question);
  }

  private put({ id, text }: WrittenQuestion): void {
    this.host.dispatch({ type: "asked", id, text, at: this.host.now() });
    this.send({
      type: "conversation.item.create",
      event_id: id,
      item: { id, type: "message", role: "user", content: [{ type: "input_text", text }] },
    });
    this.send({ type: "response.create" });
  }

  /** Say instead what was misheard: the turn and all that came after it are forgotten. */
  async correct(turn: string, text: string): Promise<void> {
    const turns = this.host.state().turns;
    const from = turns.findIndex(({ id }) => id === turn);
    await this.interrupt();
    await this.idle();
    for (const { id } of from < 0 ? [] : turns.slice(from).reverse())
      this.send({ type: "conversation.item.delete", item_id: id });
    await this.say(text);
  }

  /** Fall silent, and tell the server what was heard. */
  async interrupt(): Promise<void> {
    if (this.response) this.send({ type: "response.cancel" });
    await this.fallSilent();
  }

  private async fallSilent(): Promise<void> {
    const played = await this.devices.cut();
    this.devices.resume();
    this.levels.assistant = 0;
    this.host.dispatch({ type: "playing", playing: null });
    if (!played) return;
    this.send({
      type: "conversation.item.truncate",
      item_id: played.item,
      content_index: 0,
      audio_end_ms: Math.floor(played.samples / SAMPLES_PER_MS),
    });
    this.send({ type: "conversation.item.retrieve", item_id: played.item });
  }

  /** Resolves when no response lives: another one would be refused. */
  private idle(): Promise<void> {
    if (!this.response) return Promise.resolve();
    return new Promise((resolve) => this.waitingForIdle.push(resolve));
  }

  private get response(): string | null {
    return this.host.state().exchange?.response ?? null;
  }

  private get byHand(): boolean {
    return this.host.settings().turnTaking === "push";
  }

  private captured(samples: Int16Array, level: number): void {
    const counts = !this.muted && (!this.byHand || this.pushToTalk.recording);
    this.levels.user = counts ? level : 0;
    if (counts && !this.byHand) {
      this.applyGate(this.gate.hear(level, this.host.state().playing !== null));
      if (this.gate.loud && this.connection.silence > UNHEARD_MS) this.connection.probe();
    }
    if (counts && this.send({ type: "input_audio_buffer.append", audio: toBase64(samples) }))
      this.pushToTalk.countFrame();
  }

  private applyGate(advice: "hold" | "resume" | null): void {
    if (advice === "hold") this.devices.hold();
    else if (advice === "resume") this.devices.resume();
  }

  // --- what the server says --------------------------------------------------------------------------------------
  private received(event: ServerEvent): void {
    const at = this.host.now();
    this.trace.add("received", event, at);
    const before = this.host.state().sessionId;
    this.resumption.receive(event);
    if (event.type === "session.created" && this.resumption.beginSession(event.session.id, before))
      this.host.dispatch({ type: "reset" });
    if (this.resumption.handles(event)) return;
    this.host.dispatch({ type: "server", event, at });
    switch (event.type) {
      case "error":
        if (event.error.code === "session_idle") this.hangUp();
        break;
      case "session.created":
        this.reconfigure();
        break;
      case "session.updated":
        this.goOn();
        break;
      case "vasi.notes.changed":
        if (event.action === "added") this.host.noteAdded(event.note);
        break;
      case "response.output_audio.delta":
        this.devices.play(event.item_id, fromBase64(event.delta));
        break;
      case "input_audio_buffer.speech_started":
        this.gate.settle();
        void this.fallSilent();
        break;
      case "vasi.output_audio.hold":
        this.gate.settle();
        this.devices.hold();
        break;
      case "vasi.output_audio.resume":
        this.devices.resume();
        break;
      case "response.done":
        if (!this.response) for (const resolve of this.waitingForIdle.splice(0)) resolve();
        break;
    }
  }

  /** After a reconnection: send again what got lost on the way, ask for an answer that is owed. */
  private goOn(): void {
    const missing = this.resumption.finishCatchUp(this.host.state());
    if (missing === "response") this.send({ type: "response.create" });
    else if (missing) this.put(missing);
  }
}
