import { randomInt } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { Clock } from '@bianmin/card/clock';
import type { FeedItem, OrderFeed } from './feed.ts';

/** A comment line this often keeps proxies from closing a quiet stream. */
export const HEARTBEAT_MS = 15_000;
/** A stream ends after this; the terminal opens the next one with a new ticket, so a rejection takes hold. */
export const STREAM_LIFE_MS = 600_000;
/** A terminal that takes nothing for this long is gone. */
const STALLED_MS = 60_000;
/** When a terminal is told to come back where its stream ends with the process. */
const BACK_MS = { least: 200, most: 2000 };
/** `OrderFeed.changedSince` gives so many at once. */
const PAGE = 100;

interface OrderStreamInit {
  readonly feed: OrderFeed;
  readonly clock: Clock;
}

/** One terminal's or phone's stream: what changed, then what changes, each order's newest state alone. */
export class OrderStream {
  // As much as Node 20 keeps for a slow terminal; newer ones keep four times that unless told.
  readonly output = new PassThrough({ highWaterMark: 16 * 1024 });
  readonly #init: OrderStreamInit;
  readonly terminalId: string;
  readonly #done = new AbortController();
  /** The newest version of each order that was written out. */
  readonly #sent = new Map<string, number>();
  /** What waits for the terminal to take more: of each order only the newest. */
  readonly #waiting = new Map<string, FeedItem>();
  #since: number;
  #unsubscribe: (() => Promise<void>) | undefined;
  #blockedSince: number | undefined;

  constructor(init: OrderStreamInit, terminalId: string, since: number) {
    this.#init = init;
    this.terminalId = terminalId;
    this.#since = since;
    this.output.on('drain', () => {
      this.#drain();
    });
    this.output.on('error', () => {
      this.end();
    });
    this.output.once('close', () => {
      this.#stop();
    });
  }

  /** Listens first and reads the past second, so that nothing falls between. */
  async begin(): Promise<void> {
    this.output.write('retry: 2000\n: open\n\n');
    try {
      const unsubscribe = await this.#init.feed.subscribe(this.terminalId, (item) => {
        this.#offer(item);
      });
      if (this.#done.signal.aborted) await unsubscribe();
      else this.#unsubscribe = unsubscribe;
      await this.#replay();
    } catch (error) {
      this.output.destroy();
      throw error;
    }
    void this.#keepAlive();
  }

  /** Tells when to come back, and ends. */
  leave(): void {
    if (this.#blockedSince === undefined) {
      this.output.write(`retry: ${randomInt(BACK_MS.least, BACK_MS.most)}\n: the process ends\n\n`);
    }
    this.end();
  }

  end(): void {
    this.#stop();
    this.output.end();
  }

  async #replay(): Promise<void> {
    for (;;) {
      const items = await this.#init.feed.changedSince(this.terminalId, this.#since);
      for (const item of items) this.#offer(item);
      const last = items.at(-1)?.id ?? this.#since;
      if (items.length < PAGE || last === this.#since) return;
      this.#since = last;
    }
  }

  #offer(item: FeedItem): void {
    const { orderNo, version } = item.view;
    if (this.#done.signal.aborted || (this.#sent.get(orderNo) ?? -1) >= version) return;
    if (this.#blockedSince === undefined) this.#write(item);
    else if ((this.#waiting.get(orderNo)?.view.version ?? -1) < version) this.#waiting.set(orderNo, item);
  }

  #write(item: FeedItem): void {
    this.#sent.set(item.view.orderNo, item.view.version);
    const frame = `event: order\nid: ${item.id}\ndata: ${JSON.stringify(item.view)}\n\n`;
    if (!this.output.write(frame)) this.#blockedSince ??= this.#init.clock.monotonic();
  }

  #drain(): void {
    this.#blockedSince = undefined;
    for (const [orderNo, item] of this.#waiting) {
      if (this.#blockedSince !== undefined) return;
      this.#waiting.delete(orderNo);
      this.#write(item);
    }
  }

  async #keepAlive(): Promise<void> {
    const { clock } = this.#init;
    const end = clock.monotonic() + STREAM_LIFE_MS;
    try {
      for (;;) {
        await clock.sleep(HEARTBEAT_MS, this.#done.signal);
        const now = clock.monotonic();
        if (now >= end) {
          this.end();
        } else if (this.#blockedSince === undefined) {
          this.output.write(': beat\n\n');
        } else if (now - this.#blockedSince >= STALLED_MS) {
          this.output.destroy();
        }
      }
    } catch {
      // The wait is given up when the stream ends.
    }
  }

  #stop(): void {
    if (this.#done.signal.aborted) return;
    this.#done.abort();
    this.#waiting.clear();
    // A feed that cannot be told has lost its connection, and with it the subscription.
    this.#unsubscribe?.().catch(() => undefined);
  }
}
