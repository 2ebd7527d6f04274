import { z } from 'zod';
import type { KeptFile } from '../../files/kept-file.ts';

/** An id is known this much longer than its command is good, by whichever clock, s. */
const GRACE_S = 86_400;
const MOST = 500;

const answer = z.object({
  outcome: z.enum(['done', 'failed', 'refused']),
  code: z.string().optional(),
  reportNo: z.string().optional(),
});
const entry = z.object({
  id: z.string(),
  kind: z.string(),
  /** Seconds since the epoch, the server's. */
  exp: z.number(),
  /**
   * `taken`: waits for its moment. `acting`: begun; after a crash it is not known how far. `answered`: not told yet.
   * `told`: the server knows.
   */
  phase: z.enum(['taken', 'acting', 'answered', 'told']),
  answer: answer.optional(),
});
export type BookEntry = z.infer<typeof entry>;
export const commandBook = z.object({ blocked: z.boolean(), entries: z.array(entry) });
export type CommandBookFile = z.infer<typeof commandBook>;

/** What this terminal was told to do, durable before anything of it is done, so that nothing is done twice. */
export class CommandBook {
  readonly #file: KeptFile<CommandBookFile>;
  #now: CommandBookFile;

  constructor(file: KeptFile<CommandBookFile>) {
    this.#file = file;
    this.#now = file.read() ?? { blocked: false, entries: [] };
  }

  /** Sells nothing. */
  get blocked(): boolean {
    return this.#now.blocked;
  }

  get(id: string): BookEntry | undefined {
    return this.#now.entries.find((each) => each.id === id);
  }

  in(phase: BookEntry['phase']): readonly BookEntry[] {
    return this.#now.entries.filter((each) => each.phase === phase);
  }

  /** Fails with the disk's own error, and then nothing has changed. `nowS`: the server's. */
  take(entry: Pick<BookEntry, 'id' | 'kind' | 'exp'>, nowS: number): void {
    const good = this.#now.entries.filter(({ exp, phase }) => phase !== 'told' || exp + GRACE_S > nowS);
    this.#write({ ...this.#now, entries: [...good.slice(-MOST), { ...entry, phase: 'taken' }] });
  }

  /** The same; `blocked` in the same write, so that a state and its answer are never apart. */
  move(id: string, to: Pick<BookEntry, 'phase' | 'answer'>, blocked = this.#now.blocked): void {
    const entries = this.#now.entries.map((each) => (each.id === id ? { ...each, ...to } : each));
    this.#write({ blocked, entries });
  }

  #write(next: CommandBookFile): void {
    this.#file.write(next);
    this.#now = next;
  }
}
