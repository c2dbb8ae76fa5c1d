/** The key to talk: which frames of the microphone count, and whether what was said while it was down is a question. */

/** 0.3 s in frames of 20 ms: nothing can be asked in less. */
export const SHORTEST_QUESTION_FRAMES = 15;

export class PushToTalk {
  private pressed = false;
  private counting = false;
  private frames = 0;

  /** Whether what the microphone hears is part of the question. */
  get recording(): boolean {
    return this.counting;
  }

  /** The key is down. Returns false if it was already. */
  press(): boolean {
    if (this.pressed) return false;
    this.pressed = true;
    return true;
  }

  /** The microphone is open and the assistant is silent. Returns false if the key was let go of meanwhile. */
  begin(): boolean {
    if (!this.pressed) return false;
    this.counting = true;
    this.frames = 0;
    return true;
  }

  /** A frame of the question was sent. */
  countFrame(): void {
    this.frames++;
  }

  /**
   * The key is up.
   *
   * Returns what becomes of what was said: it is to be answered; it is too short and thrown away, since an answer to it
   * would be about what was asked before; or null if nothing counted.
   */
  release(): "answer" | "discard" | null {
    const recorded = this.counting;
    this.reset();
    if (!recorded) return null;
    return this.frames < SHORTEST_QUESTION_FRAMES ? "discard" : "answer";
  }

  /** The microphone was closed. */
  reset(): void {
    this.pressed = this.counting = false;
  }
}
