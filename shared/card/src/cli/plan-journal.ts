import type { Journal, JournalEntry } from '../meter-card/journal.ts';
import * as z from '../schema/kinds.ts';
import { CliError } from './error.ts';
import type { Files } from './io.ts';

const entries = z.array(
  z.looseObject({ orderNo: z.string(), phase: z.string(), startedAt: z.number(), serial: z.string() }),
);

/** The journal of one plan, a file beside it: a write that was cut off is taken up by the same command. */
export class PlanJournal implements Journal {
  readonly #files: Files;
  readonly #path: string;

  constructor(files: Files, planPath: string) {
    this.#files = files;
    this.#path = `${planPath}.journal`;
  }

  async put(entry: JournalEntry): Promise<void> {
    const others = (await this.list()).filter(({ orderNo }) => orderNo !== entry.orderNo);
    await this.#files.write(this.#path, `${JSON.stringify([...others, entry])}\n`);
  }

  async remove(orderNo: string): Promise<void> {
    const others = (await this.list()).filter((entry) => entry.orderNo !== orderNo);
    if (others.length === 0) await this.#files.remove(this.#path);
    else await this.#files.write(this.#path, `${JSON.stringify(others)}\n`);
  }

  async list(): Promise<JournalEntry[]> {
    const text = await this.#files.read(this.#path);
    if (text === undefined) return [];
    try {
      return entries.parse(JSON.parse(text)) as unknown as JournalEntry[];
    } catch (cause) {
      throw new CliError({
        code: 'cli.bad-file',
        message: `The file ${this.#path} says what an earlier write did and cannot be read; keep it and ask.`,
        cause,
        context: { path: this.#path, where: 'journal' },
      });
    }
  }
}
