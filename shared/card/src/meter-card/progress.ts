/** The three named steps of writing, in order. */
export type WritePhase = 'code' | 'write' | 'read-back';

/** Called as bytes are done: the phase, and the share of all bytes to write and read back, 0 to 1, never falling. */
export type OnProgress = (phase: WritePhase, fraction: number) => void;

/** Counts bytes done of bytes to do. */
export class Progress {
  readonly #report: OnProgress;
  readonly #total: number;
  #done = 0;

  /** `total`: bytes to write and bytes to read back. */
  constructor(total: number, report: OnProgress) {
    this.#total = total;
    this.#report = report;
  }

  /** Tells the phase with what is done so far. */
  enter(phase: WritePhase): void {
    this.#report(phase, this.#fraction());
  }

  /** `bytes` more are done. */
  advance(phase: WritePhase, bytes: number): void {
    this.#done = Math.min(this.#total, this.#done + bytes);
    this.#report(phase, this.#fraction());
  }

  /** Everything before the last `remaining` bytes is done, whether or not it had to be. */
  advanceTo(phase: WritePhase, remaining: number): void {
    this.advance(phase, Math.max(0, this.#total - remaining - this.#done));
  }

  #fraction(): number {
    return this.#total === 0 ? 1 : this.#done / this.#total;
  }
}
