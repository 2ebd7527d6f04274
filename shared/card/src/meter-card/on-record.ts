import type { Journal, JournalEntry } from './journal.ts';

/** What becomes known as a write goes on; undefined: what was known holds no more. */
export type Noted = {
  readonly [Name in 'triesLeft' | 'keys' | 'reason']?: JournalEntry[Name] | undefined;
} & { readonly phase?: JournalEntry['phase'] };

/** The journal's entry of one write: durable before what it announces is done, and written only when it changes. */
export class OnRecord {
  readonly #journal: Journal;
  #entry: JournalEntry;

  constructor(journal: Journal, entry: JournalEntry) {
    this.#journal = journal;
    this.#entry = entry;
  }

  get entry(): JournalEntry {
    return this.#entry;
  }

  begin(): Promise<void> {
    return this.#journal.put(this.#entry);
  }

  async note(change: Noted): Promise<void> {
    const { triesLeft, keys, reason, ...rest } = { ...this.#entry, ...change };
    const next: JournalEntry = {
      ...rest,
      ...(triesLeft === undefined ? {} : { triesLeft }),
      ...(keys === undefined ? {} : { keys }),
      ...(reason === undefined ? {} : { reason }),
    };
    if (JSON.stringify(next) === JSON.stringify(this.#entry)) return;
    this.#entry = next;
    await this.#journal.put(next);
  }
}
