/** A Realtime connection that comes back when the network or the server does. */
import type { ClientEvent, ServerEvent } from "./events";

export type LinkState = "closed" | "connecting" | "open" | "waiting";

export interface ConnectionEvents {
  onEvent(event: ServerEvent): void;
  onSent(event: ClientEvent): void;
  /** `reason` is what the server said when it closed or refused; "" if nothing. */
  onState(state: LinkState, reason: string): void;
}

const SHORTEST_WAIT = 500;
const LONGEST_WAIT = 15_000;
/** Closed for good: going on would be refused again. */
const FINAL = new Set([1008, 4001, 4003]);
/** A client that can't send must not pile up audio. */
const MOST_BUFFERED = 1_000_000;

export class Connection {
  private socket: WebSocket | null = null;
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private wanted = false;

  /**
   * @param address makes the address of each attempt; it may name the conversation to go on with.
   * @param key for the server, if it wants one; "" if not.
   */
  constructor(
    private readonly address: () => string,
    private readonly key: () => string,
    private readonly events: ConnectionEvents,
    private readonly random: () => number = Math.random,
  ) {}

  open(): void {
    this.wanted = true;
    this.attempts = 0;
    this.connect();
  }

  close(): void {
    this.wanted = false;
    this.stopTimer();
    const socket = this.socket;
    this.socket = null;
    socket?.close(1000);
    this.events.onState("closed", "");
  }

  /** Try now instead of at the end of the wait: the network is back, or the page is in front again. */
  hurry(): void {
    if (this.wanted && this.socket === null) this.connect();
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
    return true;
  }

  private connect(): void {
    this.stopTimer();
    this.events.onState("connecting", "");
    const key = this.key();
    // A browser can't send headers with a WebSocket, so the key goes where the official clients put it.
    const protocols = key ? ["realtime", `openai-insecure-api-key.${key}`] : ["realtime"];
    const socket = new WebSocket(this.address(), protocols);
    this.socket = socket;
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.attempts = 0;
      this.events.onState("open", "");
    };
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket || typeof data !== "string") return;
      this.events.onEvent(JSON.parse(data) as ServerEvent);
    };
    socket.onclose = ({ code, reason }) => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (!this.wanted || FINAL.has(code)) {
        this.wanted = false;
        this.events.onState("closed", reason);
        return;
      }
      this.events.onState("waiting", reason);
      this.timer = setTimeout(() => this.connect(), this.wait());
    };
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
