import { EventSource } from 'eventsource';
import type { Logger } from 'pino';
import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import { parseJson } from '@bianmin/card/json-text';
import { orderView, type OrderView } from '@bianmin/purchase/api/order';
import type { OrderFeed } from '@bianmin/purchase/purchase/ports';

/** While the stream is away, watched orders are asked for this often. */
export const POLL_MS = 2000;
/** While it is there too, now and then: a pushed message may be lost on the server's side. */
export const POLL_CONNECTED_MS = 15_000;
/** First wait before the next attempt to connect; doubled up to the longest. */
const RECONNECT_MS = 500;
const RECONNECT_MAX_MS = 15_000;

/** What the stream needs of `ApiClient`. */
interface StreamApi {
  streamUrl(lastEventId?: string): Promise<string>;
  order(orderNo: string): Promise<OrderView>;
}

/** One connection; the default is an EventSource that is never let reconnect by itself: its ticket is used up. */
export type Connect = (
  url: string,
  on: { open: () => void; order: (id: string, data: string) => void; end: () => void },
) => { close(): void };

export interface OrderStreamInit {
  readonly api: StreamApi;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'debug' | 'warn'>;
  readonly connect?: Connect;
}

/**
 * Changes of this terminal's orders: pushed by the server's stream, each connection with a new one-time ticket
 * and from the last event on; polled while there is no stream. The stream is open only while an order is watched.
 */
export class OrderStream implements OrderFeed {
  readonly #init: OrderStreamInit;
  readonly #connect: Connect;
  readonly #listeners = new Map<string, Set<(order: OrderView) => void>>();
  #lastEventId: string | undefined;
  #connected = false;
  #running: AbortController | undefined;

  constructor(init: OrderStreamInit) {
    this.#init = init;
    this.#connect = init.connect ?? connectEventSource;
  }

  /** Views may come late, twice or out of order: `version` tells. */
  subscribe(orderNo: string, listener: (order: OrderView) => void): () => void {
    const listeners = this.#listeners.get(orderNo) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(orderNo, listeners);
    if (this.#running === undefined) this.#start();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(orderNo) === listeners) this.#listeners.delete(orderNo);
      if (this.#listeners.size === 0) this.close();
    };
  }

  /** Whether changes are pushed at the moment. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Ends the stream and the polling; a later `subscribe` begins again. */
  close(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  #start(): void {
    const running = new AbortController();
    this.#running = running;
    void this.#stream(running.signal);
    void this.#poll(running.signal);
  }

  async #stream(signal: AbortSignal): Promise<void> {
    let wait = RECONNECT_MS;
    while (!signal.aborted) {
      try {
        const url = await this.#init.api.streamUrl(this.#lastEventId);
        if (signal.aborted) return;
        if (await this.#oneConnection(url, signal)) wait = RECONNECT_MS;
      } catch (error) {
        this.#init.log.debug({ code: codeOf(error) }, 'the stream of orders cannot be had; polling');
      }
      if (signal.aborted) return;
      await this.#init.clock.sleep(wait, signal).catch(() => undefined);
      wait = Math.min(wait * 2, RECONNECT_MAX_MS);
    }
  }

  /** Resolves when the connection has ended: true where it had been open. */
  #oneConnection(url: string, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      let opened = false;
      let connection: { close(): void } | undefined = undefined;
      const end = (): void => {
        signal.removeEventListener('abort', end);
        connection?.close();
        this.#connected = false;
        resolve(opened);
      };
      connection = this.#connect(url, {
        open: () => {
          opened = true;
          this.#connected = !signal.aborted;
        },
        order: (id, data) => {
          if (signal.aborted) return;
          if (id !== '') this.#lastEventId = id;
          this.#tellText(data);
        },
        end,
      });
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }

  async #poll(signal: AbortSignal): Promise<void> {
    let quietMs = 0;
    while (!signal.aborted) {
      await this.#init.clock.sleep(POLL_MS, signal).catch(() => undefined);
      quietMs = this.#connected ? quietMs + POLL_MS : POLL_CONNECTED_MS;
      if (signal.aborted || quietMs < POLL_CONNECTED_MS) continue;
      quietMs = 0;
      await Promise.all([...this.#listeners.keys()].map((orderNo) => this.#ask(orderNo)));
    }
  }

  async #ask(orderNo: string): Promise<void> {
    try {
      this.#tell(await this.#init.api.order(orderNo));
    } catch (error) {
      this.#init.log.debug({ code: codeOf(error), orderNo }, 'an order cannot be asked for now');
    }
  }

  #tellText(data: string): void {
    try {
      this.#tell(orderView.parse(parseJson(data)));
    } catch (error) {
      this.#init.log.warn({ err: error }, 'the stream said something that is no order');
    }
  }

  #tell(order: OrderView): void {
    for (const listener of this.#listeners.get(order.orderNo) ?? []) listener(order);
  }
}

const connectEventSource: Connect = (url, on) => {
  const source = new EventSource(url);
  source.addEventListener('open', on.open);
  source.addEventListener('order', (event: MessageEvent<string>) => {
    on.order(event.lastEventId, event.data);
  });
  source.addEventListener('error', on.end);
  return source;
};
