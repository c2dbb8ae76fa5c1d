/** Samples, bytes and levels. */

/** Realtime audio is 24 kHz mono 16-bit little-endian. */
export const RATE = 24_000;
/** Samples of one captured frame: 20 ms. */
export const FRAME = RATE / 50;

/** Base64 of 16-bit samples. */
export function toBase64(samples: Int16Array): string {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** Samples of -1 to 1 from base64 of 16-bit samples; a last odd byte is dropped. */
export function fromBase64(text: string): Float32Array {
  const raw = atob(text);
  const samples = new Float32Array(raw.length >> 1);
  for (let at = 0; at < samples.length; at++) {
    const value = raw.charCodeAt(2 * at) | (raw.charCodeAt(2 * at + 1) << 8);
    samples[at] = (value >= 0x8000 ? value - 0x10000 : value) / 0x8000;
  }
  return samples;
}

/** 16-bit samples from samples of -1 to 1. */
export function toInt16(samples: Float32Array): Int16Array {
  const out = new Int16Array(samples.length);
  for (let at = 0; at < samples.length; at++) {
    const value = Math.max(-1, Math.min(1, samples[at] as number));
    out[at] = value < 0 ? value * 0x8000 : value * 0x7fff;
  }
  return out;
}

/** Root mean square. */
export function rms(samples: Float32Array): number {
  let sum = 0;
  for (const value of samples) sum += value * value;
  return samples.length ? Math.sqrt(sum / samples.length) : 0;
}

/** A meter's deflection, 0 to 1, from a root mean square: -60 dB is 0, full scale is 1. */
export function deflection(level: number): number {
  return level <= 0.001 ? 0 : Math.min(1, 1 + (20 * Math.log10(level)) / 60);
}
