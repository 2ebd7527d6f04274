/** Where a log's lines go; `pino.destination` is one. */
interface Lines {
  write(line: string): void;
  flushSync?(): void;
}

/** The last lines of the log, as they were written: what must not be in them is out already. */
export class LogTail {
  readonly #to: Lines;
  readonly #most: number;
  #lines: string[] = [];

  constructor(to: Lines, most: number) {
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

  /** pino asks for it before a process ends. */
  flushSync(): void {
    this.#to.flushSync?.();
  }
}
