import type { Clock } from '@bianmin/card/clock';
import { Stop } from '@bianmin/card/stop';
import type { OrderView } from '@bianmin/purchase/api/order';
import type { OrderFeed } from '@bianmin/purchase/purchase/ports';

/** How often a watched order is asked for, ms. */
export const POLL_MS = 2_000;
/** The longest wait after questions that got no answer, ms; doubled up to it. */
export const POLL_MAX_MS = 15_000;

export interface OrderPollingInit {
  readonly order: (orderNo: string) => Promise<OrderView>;
  readonly clock: Clock;
  readonly onFault: (where: string, error: unknown) => void;
}

/** Changes of this box's orders, asked for while they are subscribed to: no stream comes through the shell. */
export class OrderPolling implements OrderFeed {
  readonly #init: OrderPollingInit;

  constructor(init: OrderPollingInit) {
    this.#init = init;
  }

  subscribe(orderNo: string, listener: (order: OrderView) => void): () => void {
    const stop = new Stop();
    void this.#poll(orderNo, listener, stop);
    return () => {
      stop.stop();
    };
  }

  async #poll(orderNo: string, listener: (order: OrderView) => void, stop: Stop): Promise<void> {
    const { clock, order, onFault } = this.#init;
    let wait = POLL_MS;
    for (;;) {
      await clock.sleep(wait, stop.signal).catch(() => undefined);
      if (stop.stopped) return;
      try {
        const view = await order(orderNo);
        if (stop.stopped) return;
        listener(view);
        wait = POLL_MS;
      } catch (error) {
        // Said once an outage.
        if (wait === POLL_MS) onFault('order', error);
        wait = Math.min(wait * 2, POLL_MAX_MS);
      }
    }
  }
}
