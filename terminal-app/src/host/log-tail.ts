import type { DestinationStream } from 'pino';

/** The last lines of the log, as they were written: what must not be in them is out already. */
export class LogTail implements DestinationStream {
  readonly #to: DestinationStream;
  readonly #most: number;
  #lines: string[] = [];

  constructor(to: DestinationStream, most: number) {
    this.#to = to;
    this.#most = most;
  }

  get lines(): readonly string[] {
    return this.#lines.slice(-this.#most);
  }

  write(line: string): void {
    this.#to.write(line);
    this.#lines.push(line.trimEnd());
    // Not with every line: the list would be copied each time.
    if (this.#lines.length >= 2 * this.#most) this.#lines = this.#lines.slice(-this.#most);
  }
}
