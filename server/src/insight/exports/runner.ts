import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import type { OrderStore } from '../../orders/store/orders.ts';
import { orderQueryOf } from '../../people/staff/order-query-of.ts';
import { headsOf, rowOf } from './columns.ts';
import type { Export } from './export.ts';
import type { ExportStore } from './export-store.ts';
import { csvWriter, type SheetWriter } from './sheet-writer.ts';
import { xlsxWriter } from './workbook-writer.ts';

/** How long a file is kept. */
export const KEEP_MS = 24 * 3_600_000;
const PAGE = 500;
/** Between two pages: payers come first. */
const PAUSE_MS = 20;
const CHUNK_BYTES = 1_000_000;
/** A writer that gave no sign for this long is dead. */
const LEASE_MS = 60_000;
const MAX_ATTEMPTS = 3;
/** More is a copy of the database, which is made in another way. */
const MAX_ROWS = 2_000_000;

export interface ExportRunnerInit {
  readonly store: ExportStore;
  readonly orders: Pick<OrderStore, 'search'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** For tests; ms between pages, rows in one page, and in a file. */
  readonly pauseMs?: number;
  readonly page?: number;
  readonly maxRows?: number;
}

/**
 * Writes the files that were asked for, one at a time: page by page, newest order first, with a pause after each. What it
 * holds is one page and one chunk, whatever the file grows to. One that dies is begun again by the next.
 */
export class ExportRunner {
  readonly #init: ExportRunnerInit;
  #stopping = false;

  constructor(init: ExportRunnerInit) {
    this.#init = init;
  }

  /** Writes the oldest that waits; gives how many there were, one or none. */
  async work(): Promise<number> {
    const { store, clock, log } = this.#init;
    const now = clock.now();
    const taken = this.#stopping ? null : await store.take(new Date(now), new Date(now + LEASE_MS));
    if (taken === null) return 0;
    try {
      await store.dropChunks(taken._id);
      await this.#write(taken);
    } catch (error) {
      log.error({ err: error, export: taken._id }, 'an export could not be written');
      if (taken.attempt < MAX_ATTEMPTS) await store.move(taken, { status: 'queued' });
      else await this.#end(taken, { status: 'failed', failure: 'failed' });
    }
    return 1;
  }

  /** What is being written is left at the end of its page, and begun again by the next worker. */
  stop(): void {
    this.#stopping = true;
  }

  async #write(taken: Export): Promise<void> {
    const { orders, store, clock, pauseMs = PAUSE_MS, page = PAGE, maxRows = MAX_ROWS } = this.#init;
    const { columns, language, search, format } = taken.request;
    const file = new ChunkedFile(taken, store);
    const make = format === 'csv' ? csvWriter : xlsxWriter;
    const sheet: SheetWriter = make(headsOf(columns, language), (bytes) => {
      file.push(bytes);
    });
    const query = orderQueryOf({ ...search, to: search.to ?? taken.createdAt.toISOString() });
    let rows = 0;
    let after: string | undefined;
    for (;;) {
      const found = await orders.search(query, { limit: page, after }, taken.scope);
      sheet.add(found.map((order) => rowOf(order, columns, language)));
      rows += found.length;
      await file.flush();
      const last = found.at(-1);
      if (last === undefined || found.length < page) break;
      if (rows > maxRows) {
        await this.#end(taken, { status: 'failed', failure: 'too-many-rows' });
        return;
      }
      after = last._id;
      const leaseUntil = new Date(clock.now() + LEASE_MS);
      if (this.#stopping) {
        await store.move(taken, { status: 'queued' });
        return;
      }
      // Cancelled, or another worker took this one for dead: what was written is of no use.
      if (!(await store.move(taken, { rows, reached: last.createdAt, leaseUntil }))) {
        await this.#dropped(taken);
        return;
      }
      if (pauseMs > 0) await clock.sleep(pauseMs);
    }
    sheet.end();
    await file.end();
    const { chunks, bytes } = file;
    if (!(await this.#end(taken, { status: 'done', rows, chunks, bytes }))) await this.#dropped(taken);
  }

  async #end(taken: Export, change: Partial<Export>): Promise<boolean> {
    const now = this.#init.clock.now();
    const over = { endedAt: new Date(now), expiresAt: new Date(now + KEEP_MS) };
    if (change.status === 'failed') await this.#init.store.dropChunks(taken._id);
    return this.#init.store.move(taken, { ...change, ...over });
  }

  /** Only of one that was cancelled: of one that another writes, the other's chunks must stay. */
  async #dropped({ _id }: Export): Promise<void> {
    const now = await this.#init.store.get(_id);
    if (now === null || now.status === 'cancelled') await this.#init.store.dropChunks(_id);
  }
}

/** Bytes as they come, stored in chunks that fit a document. */
class ChunkedFile {
  readonly #of: Export;
  readonly #store: ExportStore;
  #waiting: Uint8Array[] = [];
  #length = 0;
  chunks = 0;
  bytes = 0;

  constructor(of: Export, store: ExportStore) {
    this.#of = of;
    this.#store = store;
  }

  push(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#length += bytes.length;
    this.bytes += bytes.length;
  }

  /** Stores each whole chunk. */
  async flush(): Promise<void> {
    if (this.#length < CHUNK_BYTES) return;
    let rest = Buffer.concat(this.#waiting);
    while (rest.length >= CHUNK_BYTES) {
      await this.#chunk(rest.subarray(0, CHUNK_BYTES));
      rest = rest.subarray(CHUNK_BYTES);
    }
    this.#waiting = [rest];
    this.#length = rest.length;
  }

  async end(): Promise<void> {
    await this.flush();
    if (this.#length > 0) await this.#chunk(Buffer.concat(this.#waiting));
  }

  async #chunk(bytes: Uint8Array): Promise<void> {
    await this.#store.addChunk(this.#of, this.chunks, bytes);
    this.chunks += 1;
  }
}
