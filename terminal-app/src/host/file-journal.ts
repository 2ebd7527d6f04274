import { mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Journal, JournalEntry } from '@bianmin/card/meter-card/journal';
import { journalText, parseJournalText } from '@bianmin/card/meter-card/journal-text';
import { HostError } from './error.ts';

const SUFFIX = '.json';
/** More than all entries of one purchase and their files' own blocks. */
const RESERVE_BYTES = 65_536;

/**
 * The journal in a folder, a file an order. An entry is written beside its place, synced, renamed over the old
 * one, and the folder synced: after a power cut there is the old entry or the new one, never a torn one. A file
 * that fails its checksum anyway means that the disk lies: `journal.unreadable`.
 */
export class FileJournal implements Journal {
  readonly #folder: string;
  #counter = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder; fails with `journal.unreadable` where that is not possible. */
  async open(): Promise<this> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      return this;
    } catch (cause) {
      throw unreadable('', cause);
    }
  }

  async put(entry: JournalEntry): Promise<void> {
    const text = journalText(entry);
    try {
      await this.#write(entry.orderNo, text).catch(async (cause: unknown) => {
        if (!isFull(cause)) throw cause;
        // The room that was held for what is promised.
        await rm(this.#reserve, { force: true });
        await this.#write(entry.orderNo, text);
      });
    } catch (cause) {
      throw notDurable(cause);
    }
  }

  /**
   * Tries a small write, and holds room for the entries of a purchase, so that a disk that fills up in the middle of one
   * does not stop it. Fails with `journal.not-durable`.
   */
  async ready(): Promise<void> {
    const trial = join(this.#folder, '.trial.tmp');
    try {
      await durable(trial, 'trial');
      await rm(trial, { force: true });
      const held = await stat(this.#reserve).catch(() => undefined);
      if (held?.size !== RESERVE_BYTES) await this.#hold();
      await this.#syncFolder();
    } catch (cause) {
      await rm(trial, { force: true }).catch(() => undefined);
      throw notDurable(cause);
    }
  }

  async remove(orderNo: string): Promise<void> {
    try {
      await unlink(this.#path(orderNo));
      await this.#syncFolder();
    } catch (cause) {
      if (!isMissing(cause)) throw unreadable(orderNo, cause);
    }
  }

  async list(): Promise<JournalEntry[]> {
    let names: string[];
    try {
      names = await readdir(this.#folder);
    } catch (cause) {
      throw unreadable('', cause);
    }
    // What ends otherwise is a put that a power cut stopped before its rename: no caller was promised it.
    const entries = await Promise.all(
      names.filter((name) => name.endsWith(SUFFIX)).map((name) => this.#read(name)),
    );
    return entries.filter((entry) => entry !== undefined).sort((a, b) => a.startedAt - b.startedAt);
  }

  async #read(name: string): Promise<JournalEntry | undefined> {
    try {
      const entry = parseJournalText(await readFile(join(this.#folder, name), 'utf8'));
      if (name !== entry.orderNo + SUFFIX) throw new Error('An entry under the name of another.');
      return entry;
    } catch (cause) {
      // Removed between the listing and now.
      if (isMissing(cause)) return undefined;
      throw unreadable(name.slice(0, -SUFFIX.length), cause);
    }
  }

  async #write(orderNo: string, text: string): Promise<void> {
    const temporary = join(this.#folder, `.${orderNo}.${process.pid}.${this.#counter++}.tmp`);
    try {
      await durable(temporary, text, 'wx');
      await rename(temporary, this.#path(orderNo));
      await this.#syncFolder();
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw cause;
    }
  }

  async #hold(): Promise<void> {
    try {
      await durable(this.#reserve, 'x'.repeat(RESERVE_BYTES));
    } catch (cause) {
      // Half of it would take room and give none.
      await rm(this.#reserve, { force: true }).catch(() => undefined);
      throw cause;
    }
  }

  get #reserve(): string {
    return join(this.#folder, '.reserve.tmp');
  }

  #path(orderNo: string): string {
    return join(this.#folder, orderNo + SUFFIX);
  }

  async #syncFolder(): Promise<void> {
    // Windows opens no folders and keeps renames by its own journal.
    if (process.platform === 'win32') return;
    const folder = await open(this.#folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

async function durable(path: string, text: string, flags: 'w' | 'wx' = 'w'): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** No room on the disk, or none left for this user. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

function notDurable(cause: unknown): HostError {
  return new HostError({
    code: 'journal.not-durable',
    message:
      'The journal cannot be written, so no card is written. Check that the disk is neither full nor failing.',
    cause,
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function unreadable(orderNo: string, cause: unknown): HostError {
  return new HostError({
    code: 'journal.unreadable',
    message:
      'The journal of card writes cannot be read, so this terminal stops selling. Keep the disk for the engineers.',
    cause,
    context: { orderNo },
  });
}
