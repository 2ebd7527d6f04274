import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import { acknowledged } from '@bianmin/card/meter-card/acknowledged';
import type { Journal, JournalEntry } from '@bianmin/card/meter-card/journal';
import { Stop } from '@bianmin/card/stop';
import type { ClaimRequest, OrderView } from '../api/order.ts';
import type { PurchaseApi } from './ports.ts';

/** First and longest wait between two tries to deliver, ms. */
const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;
/** How often orders whose write was cut short here are looked at: they may be finished elsewhere. */
const LOOK_MS = 600_000;

/** The server has heard the claim and will never take it: sending it again changes nothing. */
const HEARD: ReadonlySet<string> = new Set(['order.lease-stale', 'order.already-written', 'order.not-found']);

/** States in which this order's card will not be written any more. */
const SETTLED: ReadonlySet<OrderView['state']> = new Set(['done', 'refunding', 'refunded', 'closed']);

export interface ClaimsInit {
  readonly journal: Journal;
  readonly api: Pick<PurchaseApi, 'claim' | 'order'>;
  readonly clock: Clock;
  /** Runs while no write is under way, so that an entry cannot change between being looked at and removed. */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  readonly onOrder: (order: OrderView) => void;
  /** Something that an engineer should see; the delivery goes on. */
  readonly onFault: (where: string, error: unknown) => void;
}

/**
 * Delivers every claim in the journal, over restarts and outages, until the server acknowledged it. An entry
 * leaves the journal only with an acknowledgement, or when its order is settled.
 */
export class Claims {
  readonly #init: ClaimsInit;
  readonly #stop = new Stop();
  #wake = new Stop();
  #running: Promise<void> | undefined;

  constructor(init: ClaimsInit) {
    this.#init = init;
  }

  /** Fails with `journal.unreadable`. */
  async start(): Promise<void> {
    await this.#init.journal.list();
    this.#running = this.#run();
  }

  /** There is something new to deliver. */
  kick(): void {
    this.#wake.stop();
  }

  async stop(): Promise<void> {
    this.#stop.stop();
    this.#wake.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock } = this.#init;
    let wait = MIN_WAIT_MS;
    let lookAt = 0;
    while (!this.#stop.stopped) {
      this.#wake = new Stop();
      const look = clock.monotonic() >= lookAt;
      const delivered = await this.#deliver(look);
      if (look && delivered) lookAt = clock.monotonic() + LOOK_MS;
      await this.#pause(delivered ? LOOK_MS : wait);
      wait = delivered ? MIN_WAIT_MS : Math.min(wait * 2, MAX_WAIT_MS);
    }
  }

  /** Whether nothing is left to deliver now. */
  async #deliver(look: boolean): Promise<boolean> {
    let all = true;
    try {
      for (const entry of await this.#init.journal.list()) {
        if (this.#stop.stopped) return all;
        if (entry.told === true) continue;
        const isEnd = entry.phase === 'written' || entry.phase === 'failed';
        if (!isEnd && !look) continue;
        all = (isEnd ? await this.#claim(entry) : await this.#look(entry)) && all;
      }
    } catch (error) {
      this.#init.onFault('journal', error);
      return false;
    }
    return all;
  }

  async #claim(entry: JournalEntry): Promise<boolean> {
    try {
      const order = await this.#init.api.claim(entry.orderNo, claimOf(entry));
      await this.#forget(entry);
      this.#init.onOrder(order);
      return true;
    } catch (error) {
      this.#init.onFault('claim', error);
      if (!HEARD.has(codeOf(error) ?? '')) return false;
      await this.#forget(entry);
      return true;
    }
  }

  /** A write that was cut short here: kept until the card comes back, or until its order needs it no more. */
  async #look(entry: JournalEntry): Promise<boolean> {
    try {
      const order = await this.#init.api.order(entry.orderNo);
      if (SETTLED.has(order.state)) await this.#forget(entry);
      return true;
    } catch (error) {
      this.#init.onFault('order', error);
      return false;
    }
  }

  #forget(entry: JournalEntry): Promise<void> {
    const { journal, exclusive } = this.#init;
    return exclusive(async () => {
      const now = (await journal.list()).find((each) => each.orderNo === entry.orderNo);
      if (now?.lease === entry.lease && now.phase === entry.phase) await acknowledged(journal, now);
    });
  }

  async #pause(ms: number): Promise<void> {
    // Woken by `kick`, which rejects the sleep: both ways the next round begins.
    await this.#init.clock.sleep(ms, this.#wake.signal).catch(() => undefined);
  }
}

function claimOf(entry: JournalEntry): ClaimRequest {
  const digest = entry.imageDigest ?? entry.keys?.digest;
  return {
    lease: entry.lease,
    result: entry.phase === 'written' ? 'written' : 'failed',
    ...(digest === undefined ? {} : { imageDigest: digest }),
    ...(entry.triesLeft === undefined ? {} : { triesLeft: entry.triesLeft }),
    ...(entry.reason === undefined ? {} : { reason: entry.reason.slice(0, 64) }),
  };
}
