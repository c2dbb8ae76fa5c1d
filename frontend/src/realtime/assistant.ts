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
  /** A note was taken in this conversation. */
  noted(note: { id: string; text: string }): void;
  /** Address of the Realtime API, without the conversation. */
  address: string;
  now(): number;
}

const SAMPLES_PER_MS = 24;
const REPORT_EVERY_MS = 200;
/** Somebody speaks up and the server says nothing: it is asked whether it is there. */
const UNHEARD_MS = 4_000;
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
  /** By which the session that was lost is found again; another one replaces it with every connection. */
  private token: string | null = null;
  /** The last event that came. */
  private latest: string | null = null;
  private reportedAt = 0;
  private muted = false;
  /** The microphone was lost while it was wanted: the next one that appears is taken. */
  private bereft = false;
  /** The key to talk is down; and what is said counts. */
  private pressed = false;
  private talking = false;
  /** Frames sent since the key to talk went down. */
  private saidFrames = 0;
  private waitingToSay: (() => void)[] = [];
  /** A question in writing that the server hasn't got, as far as is known. */
  private asked: { id: string; text: string } | null = null;
  /** The connection was made anew, and what was missed is still to come. */
  private returning = false;

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
        this.bereft = error !== null;
        if (error) this.host.happen({ type: "microphone", state: "off" });
        const message = error ? "microphone_lost" : "microphone_changed";
        this.host.happen({ type: "problem", problem: { message, code: message } });
      },
      onDevicesChanged: () => {
        if (this.bereft) void this.changeDevices().catch(() => {});
      },
    });
    const key = () => this.host.settings().key;
    this.connection = new Connection(() => this.address(), key, {
      onEvent: (event) => this.received(event),
      onSent: (event) => this.trace.add("sent", event, this.host.now()),
      onState: (state, reason) => {
        this.host.happen({ type: "link", state, reason });
        if (state === "open") return;
        // The server ends an answer that nobody hears, and takes it for cut about here.
        void this.devices.cut();
        this.devices.resume();
        for (const resolve of this.waitingToSay.splice(0)) resolve();
        if (state === "closed") this.silence();
      },
    });
  }

  // --- the connection ------------------------------------------------------------------------------------------
  connect(): void {
    this.connection.open();
  }

  /** The network has changed, or the page is in front again after a sleep: see that everything is still there. */
  wake(): void {
    this.connection.hurry();
    void this.devices.wake().catch(() => {});
  }

  /** End the connection and close the microphone. */
  hangUp(): void {
    this.token = this.asked = null;
    this.connection.close();
  }

  private silence(): void {
    this.bereft = this.pressed = this.talking = false;
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
    if (this.token) address.searchParams.set("resume", this.token);
    if (this.token && this.latest) address.searchParams.set("after", this.latest);
    if (this.conversation) address.searchParams.set("conversation", this.conversation);
    return address.toString();
  }

  // --- talking -------------------------------------------------------------------------------------------------
  /** Open the microphone; must follow a gesture of the user's. Rejects with a `DOMException`. */
  async listen(): Promise<void> {
    const { microphone, speaker } = this.host.settings();
    this.host.happen({ type: "microphone", state: "opening" });
    try {
      const opened = await this.devices.listen(microphone);
      if (!opened) return;
      await this.devices.pickSpeaker(speaker);
    } catch (error) {
      this.host.happen({ type: "microphone", state: "off" });
      throw error;
    }
    this.host.happen({ type: "microphone", state: this.muted ? "muted" : "on" });
    if (this.bereft) this.host.happen({ type: "problem", problem: null });
    this.bereft = false;
  }

  /** Use the devices that were chosen, if any are in use; a microphone that takes the place of a lost one, too. */
  async changeDevices(): Promise<void> {
    if (this.devices.listening || this.bereft) await this.listen();
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
    this.host.happen({ type: "microphone", state: muted ? "muted" : "on" });
  }

  /** The key to talk is down: what is being said stops, and the microphone counts. */
  async beginTalking(): Promise<void> {
    if (!this.byHand || this.pressed) return;
    this.pressed = true;
    if (!this.devices.listening) await this.listen();
    await this.interrupt();
    if (!this.pressed) return; // the key was let go of meanwhile
    this.talking = true;
    this.saidFrames = 0;
    this.send({ type: "input_audio_buffer.clear" });
  }

  /** The key is up: what was said is to be answered. */
  endTalking(): void {
    this.pressed = false;
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
    await this.idle();
    this.asked = { id: `item_${Math.random().toString(36).slice(2)}`, text };
    this.put(this.asked);
  }

  private put({ id, text }: { id: string; text: string }): void {
    this.host.happen({ type: "asked", id, text, at: this.host.now() });
    const content = [{ type: "input_text", text }];
    const item = { id, type: "message", role: "user", content };
    this.send({ type: "conversation.item.create", event_id: id, item });
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
    if (counts && !this.byHand) {
      this.heed(this.gate.hear(level, this.host.state().playing !== null));
      if (this.gate.loud && this.connection.silence > UNHEARD_MS) this.connection.hurry();
    }
    if (counts && this.send({ type: "input_audio_buffer.append", audio: toBase64(samples) }))
      this.saidFrames++;
  }

  /** A recorded conversation that a new session goes on with is told from its beginning. */
  private entered(session: string): void {
    const before = this.host.state().sessionId;
    this.returning = before !== null;
    if (before !== null && before !== session && this.conversation) this.host.happen({ type: "reset" });
  }

  /** What was missed has been told: what got lost on the way is sent again, and an answer that is owed is asked for. */
  private returned(): void {
    this.returning = false;
    const { turns, response } = this.host.state();
    const latest = turns.findLast(({ role, cutAtMs }) => role === "user" || cutAtMs !== 0);
    if (this.asked) this.put(this.asked);
    else if (latest?.role === "user" && !latest.provisional && !response)
      this.send({ type: "response.create" });
  }

  private heed(advice: "hold" | "resume" | null): void {
    if (advice === "hold") this.devices.hold();
    else if (advice === "resume") this.devices.resume();
  }

  // --- what the server says --------------------------------------------------------------------------------------
  private received(event: ServerEvent): void {
    const at = this.host.now();
    this.trace.add("received", event, at);
    this.latest = event.event_id ?? this.latest;
    const known = event as KnownServerEvent;
    if (known.type === "session.created") this.entered(known.session.id);
    // What couldn't be resumed goes on as it was recorded.
    if (known.type === "error" && known.error.code === "session_not_resumed" && this.conversation) return;
    this.host.happen({ type: "server", event, at });
    switch (known.type) {
      case "error":
        if (known.error.code === "session_idle") this.hangUp();
        if (known.error.event_id === this.asked?.id) this.asked = null;
        break;
      case "session.created":
        this.reconfigure();
        break;
      case "session.updated":
        if (this.returning) this.returned();
        break;
      case "conversation.item.added":
        if (known.item.id === this.asked?.id) this.asked = null;
        break;
      case "vasi.session":
        this.token = known.resume_token;
        break;
      case "vasi.conversation":
        this.conversation = known.conversation_id;
        break;
      case "vasi.notes.changed":
        if (known.action === "added") this.host.noted(known.note);
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
