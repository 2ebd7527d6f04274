import type { Journal, JournalEntry } from '@bianmin/card/meter-card/journal';
import { journalText, parseJournalText } from '@bianmin/card/meter-card/journal-text';
import { BoxError } from './error.ts';
import type { ShellLink } from './shell-link.ts';

/** The journal on the shell's shelf, an entry under its order's number: a value there is whole or not there at all. */
export class ShellJournal implements Journal {
  readonly #link: ShellLink;

  constructor(link: ShellLink) {
    this.#link = link;
  }

  async put(entry: JournalEntry): Promise<void> {
    const value = journalText(entry);
    try {
      await this.#link.ask({ op: 'storePut', shelf: 'journal', name: entry.orderNo, value });
    } catch (cause) {
      throw new BoxError({
        code: 'journal.not-durable',
        message: 'The journal cannot be written, so no card is written. Make room on the box.',
        cause,
      });
    }
  }

  async remove(orderNo: string): Promise<void> {
    try {
      await this.#link.ask({ op: 'storeRemove', shelf: 'journal', name: orderNo });
    } catch (cause) {
      throw unreadable(orderNo, cause);
    }
  }

  async list(): Promise<JournalEntry[]> {
    const entries: JournalEntry[] = [];
    for (const name of await this.#names()) {
      const entry = await this.#read(name);
      if (entry !== undefined) entries.push(entry);
    }
    return entries.sort((a, b) => a.startedAt - b.startedAt);
  }

  async #names(): Promise<readonly string[]> {
    try {
      return await this.#link.askFor({ op: 'storeList', shelf: 'journal' }, 'names');
    } catch (cause) {
      throw unreadable('', cause);
    }
  }

  async #read(name: string): Promise<JournalEntry | undefined> {
    try {
      const { value } = await this.#link.ask({ op: 'storeGet', shelf: 'journal', name });
      // Removed between the listing and now.
      if (value === undefined) return undefined;
      const entry = parseJournalText(value);
      if (entry.orderNo !== name) throw new Error('An entry under the name of another.');
      return entry;
    } catch (cause) {
      throw unreadable(name, cause);
    }
  }
}

function unreadable(orderNo: string, cause: unknown): BoxError {
  return new BoxError({
    code: 'journal.unreadable',
    message:
      'The journal of card writes cannot be read, so this box stops selling. Keep the box for the engineers.',
    cause,
    context: { orderNo },
  });
}
