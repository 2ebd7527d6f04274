import { BytesError } from './error.ts';

/** Reads forward through bytes and never past their end: `bytes.short` instead. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.take(1)[0] ?? 0;
  }

  u16le(): number {
    const [low = 0, high = 0] = this.take(2);
    return high * 0x100 + low;
  }

  u32le(): number {
    const low = this.u16le();
    return this.u16le() * 0x10000 + low;
  }

  /** A copy of the next `length` bytes. */
  take(length: number): Uint8Array {
    if (length > this.remaining) {
      throw new BytesError({
        code: 'bytes.short',
        message: 'The message ends too early; ask for it again.',
        context: { wanted: length, remaining: this.remaining },
      });
    }
    const start = this.#at;
    this.#at += length;
    return this.#bytes.slice(start, this.#at);
  }
}
