/** Data that a device gives when it has some. Fails with what the transfer ends with. */
export type Source = (length: number) => Promise<Uint8Array>;

interface Wanted {
  readonly id: bigint;
  readonly length: number;
  readonly answer: (data: Uint8Array) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Requests on a bulk endpoint that goes in, in turn. What comes for one that was given up meanwhile waits for the next, as in the
 * memory of a device.
 */
export class InEndpoint {
  readonly #source: Source;
  #wanted: Wanted[] = [];
  #kept: Uint8Array | undefined;
  #runs = false;

  constructor(source: Source) {
    this.#source = source;
  }

  want(request: Wanted): void {
    this.#wanted.push(request);
    if (!this.#runs) void this.#run();
  }

  /** Whether it still waited. */
  giveUp(id: bigint): boolean {
    const before = this.#wanted.length;
    this.#wanted = this.#wanted.filter((each) => each.id !== id);
    return this.#wanted.length < before;
  }

  async #run(): Promise<void> {
    this.#runs = true;
    for (let first = this.#wanted[0]; first !== undefined; first = this.#wanted[0]) {
      try {
        const data = this.#kept ?? (await this.#source(first.length));
        this.#kept = data;
        const next = this.#wanted.shift();
        if (next === undefined) break;
        this.#kept = data.length > next.length ? data.subarray(next.length) : undefined;
        next.answer(data.subarray(0, next.length));
      } catch (error) {
        this.#wanted.shift()?.fail(error);
      }
    }
    this.#runs = false;
  }
}
