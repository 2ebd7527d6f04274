import type { Journal, JournalEntry } from '../meter-card/journal.ts';

/** A journal that lives as long as the test; `puts` keeps every entry as it was made durable, in order. */
export class MemoryJournal implements Journal {
  readonly puts: JournalEntry[] = [];
  readonly #entries = new Map<string, JournalEntry>();

  put(entry: JournalEntry): Promise<void> {
    this.puts.push(entry);
    this.#entries.set(entry.orderNo, entry);
    return Promise.resolve();
  }

  remove(orderNo: string): Promise<void> {
    this.#entries.delete(orderNo);
    return Promise.resolve();
  }

  list(): Promise<JournalEntry[]> {
    return Promise.resolve([...this.#entries.values()].sort((a, b) => a.startedAt - b.startedAt));
  }
}
