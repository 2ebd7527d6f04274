import type { Clock } from '@bianmin/card/clock';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { RefundEvidence, RefundRequest } from '../gateways/payment/contract.ts';
import { refused } from './fake-channel-answers.ts';
import type { Trade } from './fake-channel-trades.ts';

export interface Given {
  readonly refundNo: string;
  readonly transactionId: string;
  readonly fen: number;
  readonly at: number;
  status: 'sent' | 'done' | 'abnormal';
}

/** What a channel makes of a refund: it gives back less than it was asked for and says so, or cannot give anything. */
export type RefundBend = 'none' | 'less' | 'abnormal';

/** What a fake channel gave back, or is to give. */
export class FakeRefunds {
  /** By refund number. */
  readonly all = new Map<string, Given>();
  readonly #channel: Channel;
  readonly #clock: Clock;

  constructor(channel: Channel, clock: Clock) {
    this.#channel = channel;
    this.#clock = clock;
  }

  /** `bend` is asked only where there is something to give. */
  give(
    request: RefundRequest,
    trade: Trade | undefined,
    { bend, isAtOnce }: { bend: () => RefundBend; isAtOnce: boolean },
  ): RefundEvidence {
    const transactionId = request.transactionId ?? trade?.transactions[0]?.id;
    const known = this.all.get(request.refundNo);
    if (known !== undefined && known.status !== 'abnormal') {
      return { status: known.status, refundFen: known.fen };
    }
    const paid = trade?.transactions.some(({ id }) => id === transactionId) ?? false;
    if (!paid || transactionId === undefined || request.totalFen !== trade?.request.amountFen) {
      throw refused('refund');
    }
    const bent = bend();
    const status = bent === 'abnormal' ? bent : isAtOnce ? 'done' : 'sent';
    const fen = bent === 'less' ? request.refundFen - 1 : request.refundFen;
    const { refundNo } = request;
    this.all.set(refundNo, { refundNo, transactionId, fen, at: this.#clock.now(), status });
    return { status, refundFen: fen };
  }

  query(refundNo: string): RefundEvidence | { status: 'not-found' } {
    const known = this.all.get(refundNo);
    // As Alipay: of what is worked on, a question knows nothing yet.
    const unknown = known === undefined || (this.#channel === 'alipay' && known.status === 'sent');
    return unknown ? { status: 'not-found' } : { status: known.status, refundFen: known.fen };
  }

  /** What is worked on is done now; gives which those are. */
  settle(): string[] {
    const settled = [...this.all.values()].filter(({ status }) => status === 'sent');
    for (const refund of settled) refund.status = 'done';
    return settled.map(({ refundNo }) => refundNo);
  }

  /** What has gone back of a transaction, or is on its way, fen. */
  backOf(transactionId: string): number {
    const given = [...this.all.values()].filter((refund) => refund.transactionId === transactionId);
    return given.reduce((sum, { fen, status }) => sum + (status === 'abnormal' ? 0 : fen), 0);
  }
}
