import { malformed } from './malformed.ts';

/** Digits in front of a frame: how many bytes follow them. */
export const LENGTH_DIGITS = 8;
/** A card with everything on it, sealed, is a tenth of this. */
export const MAX_FRAME_BYTES = 131_072;

/** Puts a frame together from what a stream brings, however it is cut. One frame a connection and way. */
export class FrameReader {
  #bytes = Buffer.alloc(0);

  /** The frame with its length once it is whole; until then nothing. `wire.malformed` where it cannot become one. */
  push(chunk: Uint8Array): Buffer | undefined {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const digits = this.#bytes.subarray(0, LENGTH_DIGITS).toString('latin1');
    if (!/^\d*$/.test(digits)) throw malformed('length', 'is not 8 digits');
    if (digits.length < LENGTH_DIGITS) return undefined;
    const whole = LENGTH_DIGITS + Number(digits);
    if (whole > MAX_FRAME_BYTES) throw malformed('length', 'is longer than any frame');
    if (this.#bytes.length > whole) throw malformed('length', 'is less than what came');
    return this.#bytes.length === whole ? this.#bytes : undefined;
  }
}
