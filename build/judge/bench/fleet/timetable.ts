const SLOT_MS = 5;

/** What is due when: a hundred thousand entries that come and go, in slots of some milliseconds. */
export class Timetable<T> {
  readonly #slots = new Map<number, T[]>();
  /** The first that was not taken out yet. */
  #next: number;

  constructor(nowMs: number) {
    this.#next = Math.floor(nowMs / SLOT_MS);
  }

  add(atMs: number, entry: T): void {
    const slot = Math.max(Math.ceil(atMs / SLOT_MS), this.#next);
    const entries = this.#slots.get(slot);
    if (entries === undefined) this.#slots.set(slot, [entry]);
    else entries.push(entry);
  }

  /** Takes out all that is due by now, the earliest first. */
  take(nowMs: number): T[] {
    const taken: T[] = [];
    for (; this.#next <= Math.floor(nowMs / SLOT_MS); this.#next += 1) {
      taken.push(...(this.#slots.get(this.#next) ?? []));
      this.#slots.delete(this.#next);
    }
    return taken;
  }
}
