/** Callbacks that come and go. One that throws does not keep the others from hearing. */
export class Listeners<T> {
  readonly #set = new Set<(value: T) => void>();

  /** Returns its own removal. */
  add(listener: (value: T) => void): () => void {
    this.#set.add(listener);
    return () => {
      this.#set.delete(listener);
    };
  }

  emit(value: T): void {
    const faults: unknown[] = [];
    for (const listener of [...this.#set]) {
      try {
        listener(value);
      } catch (fault) {
        faults.push(fault);
      }
    }
    if (faults.length > 0) throw faults[0];
  }

  clear(): void {
    this.#set.clear();
  }
}
