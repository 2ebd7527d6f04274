import { renameSync, writeFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import type { WalletName } from './model.ts';
import { WALLETS, delivery, ledgerState } from './model.ts';

const bookState = z.strictObject({ ledger: ledgerState, deliveries: z.array(delivery) });
/** One wallet's books as they are kept. */
export type BookState = z.infer<typeof bookState>;

const walletState = z.preprocess(ofOneWallet, z.partialRecord(z.enum(WALLETS), bookState));
export type WalletState = Readonly<Partial<Record<WalletName, BookState>>>;

/** A file of the time when WeChat was the only wallet. */
function ofOneWallet(state: unknown): unknown {
  if (state === null || typeof state !== 'object' || !('ledger' in state)) return state;
  const renamed = JSON.stringify(state).replaceAll('"openid":', '"payerId":');
  return { wechat: JSON.parse(renamed) as unknown };
}

const DEBOUNCE_MS = 200;
/** Large books take a while to write: leave at least this many times as long until the next time. */
const REST_FACTOR = 20;

export interface SnapshotInit {
  readonly path: string;
  readonly state: () => WalletState;
  /** Written in the very moment of a change, before anybody can hear of it, for a wallet that may be killed. */
  readonly atOnce?: boolean;
}

/** The wallet's books in a file: written a moment after a change, and at the end. */
export class Snapshot {
  readonly #path: string;
  readonly #state: () => WalletState;
  readonly #atOnce: boolean;
  #timer: NodeJS.Timeout | undefined;
  #tookMs = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor({ path, state, atOnce = false }: SnapshotInit) {
    this.#path = path;
    this.#state = state;
    this.#atOnce = atOnce;
  }

  /** What an earlier run left; undefined when there is nothing. */
  static async read(path: string): Promise<WalletState | undefined> {
    try {
      return walletState.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new Error(`The wallet's books in ${path} cannot be read. Delete that file to begin anew.`, {
        cause: error,
      });
    }
  }

  changed(): void {
    if (this.#atOnce) {
      const temporary = this.#temporary();
      writeFileSync(temporary, JSON.stringify(this.#state()), { mode: 0o600 });
      renameSync(temporary, this.#path);
      return;
    }
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        // A full disk shows again, and loudly, at the end.
        this.#write().catch(() => undefined);
      },
      Math.max(DEBOUNCE_MS, this.#tookMs * REST_FACTOR),
    );
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#write();
  }

  #write(): Promise<void> {
    this.#writing = this.#writing
      .catch(() => undefined)
      .then(async () => {
        const began = performance.now();
        const temporary = this.#temporary();
        await writeFile(temporary, JSON.stringify(this.#state()), { mode: 0o600 });
        await rename(temporary, this.#path);
        this.#tookMs = performance.now() - began;
      });
    return this.#writing;
  }

  #temporary(): string {
    return `${this.#path}.${process.pid}`;
  }
}
