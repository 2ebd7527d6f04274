import type { AbortSignalLike, Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import type { PurchaseApi } from './ports.ts';

/** How often a code that is not wanted any more is closed before it is left to run out, and the first wait, ms. */
const TRIES = 5;
const WAIT_MS = 2_000;

/** Closes an order whose buyer has left. Best effort: the server closes it by itself when its code runs out. */
export async function abandonOrder(
  orderNo: string,
  tools: {
    readonly api: Pick<PurchaseApi, 'cancel'>;
    readonly clock: Clock;
    readonly signal: AbortSignalLike;
    readonly onFault: (error: unknown) => void;
  },
): Promise<void> {
  for (let tries = 0; tries < TRIES && !tools.signal.aborted; tries++) {
    try {
      if (tries > 0) await tools.clock.sleep(WAIT_MS * 2 ** (tries - 1), tools.signal);
      const { state } = await tools.api.cancel(orderNo);
      if (state !== 'created' && state !== 'paying') return;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'order.already-paid' || code === 'order.closed') return;
      if (!tools.signal.aborted) tools.onFault(error);
    }
  }
}
