import type { Channel } from '@bianmin/purchase/api/channels';
import type { PaymentChannel, PaymentEvidence } from '../../gateways/payment/contract.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import type { PaymentSuccess } from '../model/moves/payment.ts';
import type { Payment, PaymentMeans } from '../model/order.ts';

/** What can be asked about a payment that was begun, and undone of it. */
export type PaymentEvidenceSource = Pick<PaymentChannel, 'query' | 'close' | 'refund' | 'queryRefund'>;

/** Who takes money here, and who knows what became of it. */
export class PaymentSources {
  readonly #channels: ReadonlyMap<Channel, PaymentChannel>;
  readonly #floats: PaymentEvidenceSource | undefined;

  /** `floats`: for cash; absent: no cash is taken here. */
  constructor(init: {
    channels: ReadonlyMap<Channel, PaymentChannel>;
    floats?: PaymentEvidenceSource | undefined;
  }) {
    this.#channels = init.channels;
    this.#floats = init.floats;
  }

  /** Who knows what became of a payment: its channel, or for cash the float that stands for it. */
  evidenceOf(means: PaymentMeans): PaymentEvidenceSource {
    if (means !== 'cash') return this.channelOf(means);
    if (this.#floats !== undefined) return this.#floats;
    throw new PaymentError({ code: 'payment.unavailable', message: 'There are no floats here.' });
  }

  /** Throws `payment.unavailable` where this server has no such channel; cash is none. */
  channelOf(channel: PaymentMeans): PaymentChannel {
    const found = channel === 'cash' ? undefined : this.#channels.get(channel);
    if (found !== undefined) return found;
    throw new PaymentError({ code: 'payment.unavailable', message: `There is no channel ${channel} here.` });
  }
}

/** The success of a payment as its source tells of it, as a move takes it in. */
export function toSuccess(
  payment: Payment,
  evidence: PaymentEvidence & { readonly status: 'succeeded' },
): PaymentSuccess {
  const { transactionId, amountFen, paidAt } = evidence;
  return { paymentNo: payment.no, transactionId, amountFen, paidAt };
}
