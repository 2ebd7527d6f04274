import type { AbortSignalLike } from './clock.ts';

/** What `AbortController` is elsewhere: the shared core may name neither Node nor the DOM. */
export class Stop {
  readonly #listeners = new Set<() => void>();
  #stopped = false;

  readonly signal: AbortSignalLike = this.#asSignal();

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }

  #asSignal(): AbortSignalLike {
    const isStopped = (): boolean => this.#stopped;
    return {
      get aborted() {
        return isStopped();
      },
      addEventListener: (_type, listener) => {
        this.#listeners.add(listener);
      },
      removeEventListener: (_type, listener) => {
        this.#listeners.delete(listener);
      },
    };
  }
}
