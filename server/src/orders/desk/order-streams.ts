import type { PassThrough } from 'node:stream';
import type { Gauge } from 'prom-client';
import type { Clock } from '@bianmin/card/clock';
import type { OrderFeed } from './feed.ts';
import { OrderStream } from './order-stream.ts';

/**
 * A change can reach us after a later one: two processes' clocks differ, and storing takes time. A resumed
 * stream therefore begins this much before the last id that its terminal saw; versions tell what is old.
 */
export const OVERLAP_MS = 5000;

export interface OrderStreamsInit {
  readonly feed: OrderFeed;
  readonly clock: Clock;
  readonly open?: Gauge;
}

/** The open streams of this process: `event: order`, `id:` the time of the change, `data:` an `OrderView`. */
export class OrderStreams {
  readonly #init: OrderStreamsInit;
  readonly #streams = new Set<OrderStream>();
  #closing = false;

  constructor(init: OrderStreamsInit) {
    this.#init = init;
  }

  /** A body for the answer: what changed since `lastEventId` (or just now), then what changes. */
  async open(terminalId: string, lastEventId: number | undefined): Promise<PassThrough> {
    const since = (lastEventId ?? this.#init.clock.now()) - OVERLAP_MS;
    const stream = new OrderStream(this.#init, terminalId, since);
    this.#streams.add(stream);
    this.#init.open?.inc();
    stream.output.once('close', () => {
      this.#streams.delete(stream);
      this.#init.open?.dec();
    });
    await stream.begin();
    if (this.#closing) stream.leave();
    return stream.output;
  }

  get size(): number {
    return this.#streams.size;
  }

  /** Ends the streams of these. */
  endOf(owners: ReadonlySet<string>): void {
    for (const stream of this.#streams) if (owners.has(stream.terminalId)) stream.end();
  }

  /** Ends every stream that is open now; terminals come back with a new ticket. */
  cut(): void {
    for (const stream of this.#streams) stream.end();
  }

  /**
   * Ends every stream gently, and each that is still being opened; terminals come back to another process, each after a
   * wait of its own, which is the last that a stream says.
   */
  close(): void {
    this.#closing = true;
    for (const stream of this.#streams) stream.leave();
  }
}
