import type { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { SamplePurchase } from '@bianmin/card/testing/sample-purchase';
import { FakePurchaseServer } from './fake-purchase-server.ts';

/** Sells like the fake server, and releases the sample's own plan. */
export class SampleServer extends FakePurchaseServer {
  readonly #purchase: SamplePurchase;

  constructor(clock: ManualClock, purchase: SamplePurchase) {
    super(clock);
    this.#purchase = purchase;
  }

  override async release(...args: Parameters<FakePurchaseServer['release']>) {
    const released = await super.release(...args);
    return { ...released, sealed: JSON.stringify({ ...this.#purchase.plan, orderNo: args[0] }) };
  }

  override async authorise(
    orderNo?: string,
    request?: { lease: number; stage: number; gathered: Record<string, string> },
  ) {
    if (request === undefined) throw new Error('nothing to authorise');
    const plan = await this.#purchase.authorise(request);
    return { lease: request.lease, leaseMs: 120_000, sealed: JSON.stringify({ ...plan, orderNo }) };
  }
}
