/** The app's side of a conversation: microphone, loudspeaker and connection, and what each does to the others. */
import { AudioDevices } from "../audio/devices";
import { OnsetGate } from "../audio/gate";
import { fromBase64, toBase64 } from "../audio/samples";
import type { Conversation, Happening } from "../state/conversation";
import type { Settings } from "../state/settings";
import { Connection } from "./connection";
import type { ClientEvent, KnownServerEvent, ServerEvent } from "./events";
import { sessionUpdate } from "./session";
import { Trace } from "./trace";

export interface Levels {
  /** Root mean square of what was captured and of what is played, 0 to 1. */
  user: number;
  assistant: number;
}

export interface Host {
  happen(happening: Happening): void;
  state(): Conversation;
  settings(): Settings;
  /** Address of the Realtime API, without the conversation. */
  address: string;
  now(): number;
}

const SAMPLES_PER_MS = 24;
const REPORT_EVERY_MS = 200;
/** 0.3 s: nothing can be asked in less. */
const SHORTEST_SAID_FRAMES = 15;

export class Assistant {
  readonly trace = new Trace();
  readonly levels: Levels = { user: 0, assistant: 0 };
  /** The conversation to go on with when the connection is made anew. */
  conversation: string | null = null;
  private readonly devices: AudioDevices;
  private readonly connection: Connection;
  private readonly gate = new OnsetGate();
  private token: { resume_token: string; grace_s: number } | null = null;
  private lostAt: number | null = null;
  private reportedAt = 0;
  private muted = false;
  private talking = false;
  /** Frames sent since the key to talk went down. */
  private saidFrames = 0;
  private waitingToSay: (() => void)[] = [];

  constructor(private readonly host: Host) {
    this.devices = new AudioDevices({
      onFrame: (frame) => this.captured(frame.samples, frame.level),
      onPlayback: (report) => {
        this.levels.assistant = report.playing ? report.level : 0;
        const played = report.playing ? report.played : null;
        const playing = played && { item: played.item, ms: Math.floor(played.samples / SAMPLES_PER_MS) };
        this.host.happen({ type: "playing", playing });
        if (playing) this.reportPlayout(playing.item, playing.ms);
      },
      onMicrophoneLost: (error) => {
        if (error) this.host.happen({ type: "microphone", state: "off" });
        const message = error ? "microphone_lost" : "microphone_changed";
        this.host.happen({ type: "problem", problem: { message, code: message } });
      },
    });
    const key = () => this.host.settings().key;
    this.connection = new Connection(() => this.address(), key, {
      onEvent: (event) => this.received(event),
      onSent: (event) => this.trace.add("sent", event, this.host.now()),
      onState: (state, reason) => {
        this.host.happen({ type: "link", state, reason });
        if (state === "waiting") this.lostAt ??= this.host.now();
        if (state === "open") return;
        void this.devices.cut();
        for (const resolve of this.waitingToSay.splice(0)) resolve();
      },
    });
  }

  // --- the connection ------------------------------------------------------------------------------------------
  connect(): void {
    this.connection.open();
  }

  hurry(): void {
    this.connection.hurry();
  }

  /** End the connection and close the microphone. */
  hangUp(): void {
    this.token = null;
    this.connection.close();
    this.devices.silence();
    this.host.happen({ type: "microphone", state: "off" });
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

  /** Where to connect: to the session that was lost, while it waits, else to the conversation as it was recorded. */
  private address(): string {
    const address = new URL(this.host.address);
    const token = this.token;
    this.token = null; // it is good for one connection
    if (token && this.lostAt !== null && this.host.now() - this.lostAt < token.grace_s * 1000)
      address.searchParams.set("resume", token.resume_token);
    else if (this.conversation) address.searchParams.set("conversation", this.conversation);
    return address.toString();
  }

  // --- talking -------------------------------------------------------------------------------------------------
  /** Open the microphone; must follow a gesture of the user's. Rejects with a `DOMException`. */
  async listen(): Promise<void> {
    this.host.happen({ type: "microphone", state: "opening" });
    try {
      await this.devices.listen(this.host.settings().microphone);
      await this.devices.pickSpeaker(this.host.settings().speaker);
    } catch (error) {
      this.host.happen({ type: "microphone", state: "off" });
      throw error;
    }
    this.host.happen({ type: "microphone", state: this.muted ? "muted" : "on" });
  }

  async changeDevices(): Promise<void> {
    if (this.devices.listening) await this.devices.listen(this.host.settings().microphone);
    await this.devices.pickSpeaker(this.host.settings().speaker);
  }

  /** Close the microphone and stay connected. */
  stopListening(): void {
    this.devices.silence();
    this.send({ type: "input_audio_buffer.clear" });
    this.host.happen({ type: "microphone", state: "off" });
  }

  mute(muted: boolean): void {
    this.muted = muted;
    if (!this.devices.listening) return;
    if (muted && !this.byHand) this.send({ type: "input_audio_buffer.clear" });
    this.host.happen({ type: "microphone", state: muted ? "muted" : "on" });
  }

  /** The key to talk is down: what is being said stops, and the microphone counts. */
  async beginTalking(): Promise<void> {
    if (!this.byHand || this.talking) return;
    if (!this.devices.listening) await this.listen();
    this.talking = true;
    this.saidFrames = 0;
    await this.interrupt();
    this.send({ type: "input_audio_buffer.clear" });
  }

  /** The key is up: what was said is to be answered. */
  endTalking(): void {
    if (!this.talking) return;
    this.talking = false;
    this.levels.user = 0;
    if (this.saidFrames < SHORTEST_SAID_FRAMES) {
      // A touch by mistake, not a question: an answer to it would be about what was asked before.
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
    const content = [{ type: "input_text", text }];
    await this.idle();
    this.send({ type: "conversation.item.create", item: { type: "message", role: "user", content } });
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
    if (this.host.state().response) this.send({ type: "response.cancel" });
    await this.fallSilent();
  }

  private async fallSilent(): Promise<void> {
    const played = await this.devices.cut();
    this.devices.resume();
    this.levels.assistant = 0;
    this.host.happen({ type: "playing", playing: null });
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
    if (!this.host.state().response) return Promise.resolve();
    return new Promise((resolve) => this.waitingToSay.push(resolve));
  }

  private get byHand(): boolean {
    return this.host.settings().turnTaking === "push";
  }

  private captured(samples: Int16Array, level: number): void {
    const counts = !this.muted && (!this.byHand || this.talking);
    this.levels.user = counts ? level : 0;
    if (counts && !this.byHand) this.heed(this.gate.hear(level, this.host.state().playing !== null));
    if (counts && this.send({ type: "input_audio_buffer.append", audio: toBase64(samples) }))
      this.saidFrames++;
  }

  /** A recorded conversation that a new session goes on with is told from its beginning. */
  private entered(session: string): void {
    this.lostAt = null;
    const before = this.host.state().sessionId;
    if (before !== null && before !== session && this.conversation) this.host.happen({ type: "reset" });
  }

  private heed(advice: "hold" | "resume" | null): void {
    if (advice === "hold") this.devices.hold();
    else if (advice === "resume") this.devices.resume();
  }

  // --- what the server says --------------------------------------------------------------------------------------
  private received(event: ServerEvent): void {
    const at = this.host.now();
    this.trace.add("received", event, at);
    const known = event as KnownServerEvent;
    if (known.type === "session.created") this.entered(known.session.id);
    this.host.happen({ type: "server", event, at });
    switch (known.type) {
      case "session.created":
        this.reconfigure();
        break;
      case "vasi.session":
        this.token = known;
        break;
      case "vasi.conversation":
        this.conversation = known.conversation_id;
        break;
      case "response.output_audio.delta":
        this.devices.play(known.item_id, fromBase64(known.delta));
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
        if (!this.host.state().response) for (const resolve of this.waitingToSay.splice(0)) resolve();
        break;
    }
  }
}
