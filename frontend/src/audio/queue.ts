/** What is to be played: chunks of mono samples by item, handed out in small blocks at constant cost. */

export interface Played {
  /** The Realtime item whose samples these are. */
  item: string;
  /** Samples of it that have reached the loudspeaker. */
  samples: number;
}

interface Chunk {
  item: string;
  samples: Float32Array;
}

export const FADE_SAMPLES = 240;

/**
 * A queue that is read by the audio thread.
 *
 * `read` costs the same whatever is queued: it copies at most one block and drops chunks at the head without moving
 * the others. `hold` keeps the place, `cut` forgets it; both fade out so that nothing clicks.
 */
export class PlaybackQueue {
  private chunks: Chunk[] = [];
  private head = 0;
  private offset = 0;
  private waiting = 0;
  private gain = 1;
  private held = false;
  private dropping = false;
  private counts = new Map<string, number>();
  private refused = new Set<string>();
  /** The item that came last: more of it may be on its way although nothing waits. */
  private newest: string | null = null;

  /** Samples that wait. */
  get queued(): number {
    return this.waiting;
  }

  /** Whether a block would be heard. */
  get audible(): boolean {
    return this.waiting > 0 && !(this.held && this.gain === 0);
  }

  /** Queue samples of `item`; those of an item that was cut are dropped. */
  push(item: string, samples: Float32Array): void {
    if (samples.length === 0 || this.refused.has(item)) return;
    this.newest = item;
    this.chunks.push({ item, samples });
    this.waiting += samples.length;
  }

  /** Fade out and keep the place. */
  hold(): void {
    this.held = true;
  }

  /** Go on where `hold` stopped. */
  resume(): void {
    this.held = false;
  }

  /** Fade out, then forget everything queued; what still arrives of these items is dropped. */
  cut(): void {
    if (this.newest !== null) this.refuse(this.newest);
    if (this.waiting > 0) this.dropping = true;
  }

  private refuse(item: string): void {
    this.refused.add(item);
    if (this.refused.size > 64) this.refused.delete(this.refused.values().next().value as string);
  }

  /** Samples of `item` that were handed out. */
  played(item: string): number {
    return this.counts.get(item) ?? 0;
  }

  /** The item at the head, and how far it has come; null when nothing waits. */
  get current(): Played | null {
    const chunk = this.chunks[this.head];
    return chunk ? { item: chunk.item, samples: this.played(chunk.item) } : null;
  }

  /** Fill `block` with the next samples, silence where there are none. */
  read(block: Float32Array): void {
    const target = this.held || this.dropping ? 0 : 1;
    const step = 1 / FADE_SAMPLES;
    for (let at = 0; at < block.length; at++) {
      if (this.gain < target) this.gain = Math.min(target, this.gain + step);
      else if (this.gain > target) this.gain = Math.max(target, this.gain - step);
      const silent = target === 0 && this.gain === 0;
      if (silent && this.dropping) this.drop();
      block[at] = silent ? 0 : this.next() * this.gain;
    }
    if (this.head > 1024 && this.head * 2 > this.chunks.length) {
      this.chunks = this.chunks.slice(this.head);
      this.head = 0;
    }
  }

  private next(): number {
    const chunk = this.chunks[this.head];
    if (!chunk) return 0;
    const value = chunk.samples[this.offset] as number;
    this.offset++;
    this.waiting--;
    this.counts.set(chunk.item, this.played(chunk.item) + 1);
    if (this.offset === chunk.samples.length) {
      this.offset = 0;
      this.chunks[this.head] = undefined as unknown as Chunk; // let it go
      this.head++;
      if (this.head === this.chunks.length) {
        this.chunks = [];
        this.head = 0;
        if (this.dropping) this.drop();
      }
    }
    return value;
  }

  private drop(): void {
    for (let at = this.head; at < this.chunks.length; at++) this.refuse((this.chunks[at] as Chunk).item);
    this.chunks = [];
    this.head = 0;
    this.offset = 0;
    this.waiting = 0;
    this.dropping = false;
    this.gain = this.held ? 0 : 1;
  }
}
