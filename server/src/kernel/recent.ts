/** The newest of what passed by, by name; older ones go when there are more than `most`. Never the truth: what is stored is. */
export class Recent<T> {
  readonly #most: number;
  readonly #kept = new Map<string, T>();

  constructor(most: number) {
    this.#most = most;
  }

  keep(name: string, value: T): void {
    this.#kept.delete(name);
    this.#kept.set(name, value);
    if (this.#kept.size <= this.#most) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }

  get(name: string): T | undefined {
    return this.#kept.get(name);
  }

  drop(name: string): void {
    this.#kept.delete(name);
  }
}
