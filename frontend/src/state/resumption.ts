/** What a new connection needs to go on where the lost one stopped: which session, after which event, what was under way. */
import type { ServerEvent } from "../protocol/wire";
import type { Conversation } from "./conversation";

/** A question in writing; `id` is both the item's and the event's. */
export interface WrittenQuestion {
  id: string;
  text: string;
}

export class Resumption {
  /** The recorded conversation to go on with where the session itself can't be resumed. */
  conversation: string | null = null;
  /** By which the session that was lost is found again; another one replaces it with every connection. */
  private token: string | null = null;
  private latestEvent: string | null = null;
  /** A question that the server hasn't got, as far as is known. */
  private unconfirmed: WrittenQuestion | null = null;
  /** The connection was made anew, and what was missed is still to come. */
  private catchingUp = false;

  /** Where to connect: to the session that was lost, while it waits, else to the conversation as it was recorded. */
  address(base: string): string {
    const address = new URL(base);
    if (this.token) address.searchParams.set("resume", this.token);
    if (this.token && this.latestEvent) address.searchParams.set("after", this.latestEvent);
    if (this.conversation) address.searchParams.set("conversation", this.conversation);
    return address.toString();
  }

  /** A question is being sent: it is sent again unless the server confirms it. */
  trackQuestion(question: WrittenQuestion): void {
    this.unconfirmed = question;
  }

  /** The user ended it: there is nothing to resume. The recorded conversation can still be continued. */
  end(): void {
    this.token = this.unconfirmed = null;
  }

  /** Whether the app says nothing of this event: what couldn't be resumed goes on as it was recorded. */
  handles(event: ServerEvent): boolean {
    return event.type === "error" && event.error.code === "session_not_resumed" && this.conversation !== null;
  }

  receive(event: ServerEvent): void {
    this.latestEvent = event.event_id || this.latestEvent;
    switch (event.type) {
      case "error":
        if (event.error.event_id === this.unconfirmed?.id) this.unconfirmed = null;
        break;
      case "conversation.item.added":
        if (event.item.id === this.unconfirmed?.id) this.unconfirmed = null;
        break;
      case "vasi.session":
        this.token = event.resume_token;
        break;
      case "vasi.conversation":
        this.conversation = event.conversation_id;
        break;
    }
  }

  /**
   * A session began on a connection.
   *
   * @param before the session of the connection before, null if this is the first one.
   * @returns whether the conversation is shown anew from its beginning: a new session tells the whole of what was
   *   recorded.
   */
  beginSession(session: string, before: string | null): boolean {
    this.catchingUp = before !== null;
    return before !== null && before !== session && this.conversation !== null;
  }

  /**
   * The session is configured: by now it has told what was missed.
   *
   * @returns the question that got lost on the way and is to be sent again, "response" where an answer is owed and
   *   nobody gives it, or null.
   */
  finishCatchUp({
    turns,
    exchange,
  }: Pick<Conversation, "turns" | "exchange">): WrittenQuestion | "response" | null {
    if (!this.catchingUp) return null;
    this.catchingUp = false;
    if (this.unconfirmed) return this.unconfirmed;
    const latest = turns.findLast(({ role, cutAtMs }) => role === "user" || cutAtMs !== 0);
    const owed = latest?.role === "user" && !latest.provisional && !exchange?.response;
    return owed ? "response" : null;
  }
}
