/** The bytes of a chip that were read and not written since: what a write compares with. By address. */
export class KnownBytes {
  readonly #bytes = new Map<number, number>();

  learn(address: number, data: Uint8Array): void {
    data.forEach((byte, i) => this.#bytes.set(address + i, byte));
  }

  /** What a pulse that may have failed has touched is known no longer. */
  forget(address: number, length: number): void {
    for (let i = 0; i < length; i++) this.#bytes.delete(address + i);
  }

  /** Undefined where one of them is not known. */
  get(address: number, length: number): Uint8Array | undefined {
    const data = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      const byte = this.#bytes.get(address + i);
      if (byte === undefined) return undefined;
      data[i] = byte;
    }
    return data;
  }
}
