/**
 * Falls silent the moment somebody speaks, before the server can know.
 *
 * The server judges whether it was speech. This gate only hears that the microphone became loud, holds the playback for
 * a moment, and lets it go on when the server doesn't agree.
 */

const FRAME_MS = 20;
/** Loud frames in a row that count as an onset: a click is shorter. */
const ONSET_FRAMES = 2;
/** Twice as loud as this, and as the room, at least. */
const QUIETEST = 0.012;
const ABOVE_ROOM = 4;
/** How long the playback is held without a word from the server. */
const PATIENCE_MS = 450;

export class OnsetGate {
  private room = QUIETEST / ABOVE_ROOM;
  private loudFrames = 0;
  private heldFor = 0;
  private holding = false;
  /** After a false alarm, until the room is quiet again. */
  private ignoring = false;

  /**
   * Take the level of a frame of 20 ms.
   *
   * @param playing whether the assistant can be heard.
   * @returns what to do with the playback, if anything.
   */
  hear(level: number, playing: boolean): "hold" | "resume" | null {
    const isLoud = level > Math.max(QUIETEST, this.room * ABOVE_ROOM);
    if (!isLoud) {
      this.room += (level - this.room) * 0.05;
      this.ignoring = false;
    }
    this.loudFrames = isLoud ? this.loudFrames + 1 : 0;
    if (this.holding) {
      this.heldFor += FRAME_MS;
      if (this.heldFor < PATIENCE_MS) return null;
      this.holding = false;
      this.ignoring = isLoud;
      return "resume";
    }
    if (!playing || this.ignoring || !this.loud) return null;
    this.holding = true;
    this.heldFor = 0;
    return "hold";
  }

  /** Somebody seems to speak. */
  get loud(): boolean {
    return this.loudFrames >= ONSET_FRAMES;
  }

  /** The server has decided: the gate has nothing more to say about this onset. */
  settle(): void {
    this.holding = false;
    this.ignoring = this.loudFrames > 0;
  }
}
