/** A Realtime connection that comes back when the network or the server does. */
import type { ClientEvent, ServerEvent } from "../protocol/wire";

export type LinkState = "closed" | "connecting" | "open" | "waiting";

export interface ConnectionEvents {
  onEvent(event: ServerEvent): void;
  onSent(event: ClientEvent): void;
  /** `reason` is what the server said when it closed or refused; "" if nothing. */
  onState(state: LinkState, reason: string): void;
}

const SHORTEST_WAIT = 500;
const LONGEST_WAIT = 5_000;
/** How long a connection may take to be made. */
const OPENS_WITHIN = 8_000;
/** How long the server may take to answer an event; and a question whether it is still there. */
const ANSWERS_WITHIN = 6_000;
const SHOWS_WITHIN = 2_500;
/** A timer that is later than this was asleep. */
const LATE = 1_000;
/** An update of nothing: its answer shows that the server is there. */
const QUESTION: ClientEvent = { type: "session.update", session: { type: "realtime" } };
const ANSWER = "session.updated";
/** Events that nobody answers. */
const UNANSWERED = new Set(["input_audio_buffer.append", "vasi.playout"]);
/** Closed for good: the session is over, or going on would be refused again. */
const FINAL = new Set([1000, 1008, 4001, 4003, 4009]);
/** How a connection is left that seems dead; the session waits for another one. */
const LEFT = 4000;
/** A client that can't send must not pile up audio. */
const MOST_BUFFERED = 1_000_000;

/**
 * A network that is gone says nothing: the socket stays open for minutes. So a connection counts as dead when an event
 * that the server answers stays unanswered, and `probe` asks. What was on its way when the network went still comes: it
 * gives a question more time, and doesn't answer it.
 */
export class Connection {
  private socket: WebSocket | null = null;
  private attempts = 0;
  /** Until the next attempt, or until the present one has taken too long. */
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Until the connection counts as dead. */
  private deadline: ReturnType<typeof setTimeout> | null = null;
  private asking = false;
  private heardAt = 0;
  private wanted = false;

  /** @param address makes the address of each attempt; it may name the conversation to go on with. */
  constructor(
    private readonly address: () => string,
    private readonly events: ConnectionEvents,
    private readonly random: () => number = Math.random,
  ) {}

  open(): void {
    this.wanted = true;
    this.attempts = 0;
    this.connect();
  }

  close(): void {
    this.leave(1000);
    this.end("");
  }

  /** The network is back or another one, or the page is in front again: try now, or see whether the server is there. */
  probe(): void {
    if (!this.wanted) return;
    if (this.socket === null) this.connect();
    else if (this.connected) this.ask();
  }

  /** Ms since the server said something; 0 without a connection. */
  get silence(): number {
    return this.connected ? performance.now() - this.heardAt : 0;
  }

  get connected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Send, unless there is no connection; audio is dropped while the network doesn't keep up. */
  send(event: ClientEvent): boolean {
    const socket = this.socket;
    if (!socket || socket.readyState !== WebSocket.OPEN) return false;
    if (event.type === "input_audio_buffer.append" && socket.bufferedAmount > MOST_BUFFERED) return false;
    socket.send(JSON.stringify(event));
    this.events.onSent(event);
    if (!UNANSWERED.has(event.type) && this.deadline === null) this.expect(ANSWERS_WITHIN);
    return true;
  }

  /** Find out whether the server is still there. */
  private ask(): void {
    if (this.asking) return;
    this.send(QUESTION);
    this.asking = true;
    this.expect(SHOWS_WITHIN);
  }

  private answered(by: ServerEvent): void {
    if (this.asking && by.type !== ANSWER) this.expect(SHOWS_WITHIN);
    else this.stopExpecting();
  }

  private connect(): void {
    this.stopTimer();
    this.events.onState("connecting", "");
    const socket = new WebSocket(this.address(), ["realtime"]);
    this.socket = socket;
    this.timer = setTimeout(() => this.lose(""), OPENS_WITHIN);
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.stopTimer();
      this.attempts = 0;
      this.heardAt = performance.now();
      this.events.onState("open", "");
    };
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket || typeof data !== "string") return;
      this.heardAt = performance.now();
      const event = JSON.parse(data) as ServerEvent; // one that is newer than this app has another type: it's passed on
      this.answered(event);
      this.events.onEvent(event);
    };
    socket.onclose = ({ code, reason }) => {
      if (this.socket !== socket) return;
      if (FINAL.has(code)) this.end(reason);
      else this.lose(reason);
    };
  }

  /** The connection is gone, or counts as gone: another one is made after a while. */
  private lose(reason: string): void {
    this.leave(LEFT);
    this.events.onState("waiting", reason);
    this.timer = setTimeout(() => this.connect(), this.wait());
  }

  private end(reason: string): void {
    this.wanted = false;
    this.leave(1000);
    this.events.onState("closed", reason);
  }

  private leave(code: number): void {
    this.stopTimer();
    this.stopExpecting();
    const socket = this.socket;
    this.socket = null; // from now on nothing is heard of it
    socket?.close(code);
  }

  private expect(within: number): void {
    if (this.deadline !== null) clearTimeout(this.deadline);
    const due = performance.now() + within;
    this.deadline = setTimeout(() => {
      this.deadline = null;
      // After a sleep of the page, what came meanwhile still waits to be heard: that has its turn first.
      if (performance.now() - due > LATE) this.expect(within);
      else this.lose("");
    }, within);
  }

  private stopExpecting(): void {
    if (this.deadline !== null) clearTimeout(this.deadline);
    this.deadline = null;
    this.asking = false;
  }

  private wait(): number {
    const longest = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** this.attempts++);
    return longest / 2 + this.random() * (longest / 2);
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
