import { removed } from './error.ts';
import type { ReaderError } from './error.ts';

/**
 * One power-up of a card: over when the card leaves, when its session ends, or when a later session gets the card.
 * Whatever waits with it ends then, at once.
 */
export class Epoch {
  readonly #listeners = new Set<() => void>();
  #error: ReaderError | undefined;
  #left = false;

  get over(): boolean {
    return this.#error !== undefined;
  }

  /** Whether the card or its reader is away: what is under way for it will not be answered any more. */
  get left(): boolean {
    return this.#left;
  }

  /** `reader.removed`, or what it ended with. */
  check(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  end(error: ReaderError = removed()): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }

  /** Ends because the card left. */
  leave(error?: ReaderError): void {
    this.#left = true;
    this.end(error);
  }

  /** Calls back at the end, once; returns its own removal. */
  onEnd(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** What the work gives, unless the epoch ends first: then that, whatever the work still brings. */
  during<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const off = this.onEnd(() => {
        reject(this.#error ?? removed());
      });
      work
        .then((value) => {
          this.check();
          resolve(value);
        })
        .catch(reject)
        .then(off, off);
    });
  }
}
