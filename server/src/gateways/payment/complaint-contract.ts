import type { Channel } from '@bianmin/purchase/api/channels';

export type ComplaintProblem = 'refund' | 'service' | 'other';

/** What a payer complained about at a wallet, as the wallet tells it. */
export interface ChannelComplaint {
  /** The wallet's number. */
  readonly no: string;
  readonly raisedAt: Date;
  readonly problem: ComplaintProblem;
  /** The payer's words. */
  readonly text: string;
  readonly state: 'open' | 'answered' | 'finished';
  /** Our number at the channel, and the channel's. */
  readonly paymentNo: string;
  readonly transactionId: string;
  readonly amountFen: number;
}

/**
 * Where a wallet's complaints (投诉) come from and go back to. Failures are `PaymentError`s with the meaning that
 * `payment/contract.ts` gives them. A wallet fines merchants that answer late: within a day an answer, within three an end
 * (its own rules decide; `deadlines` says what is promised to it).
 */
export interface ComplaintSource {
  readonly channel: Channel;
  readonly deadlines: { readonly answerMs: number; readonly finishMs: number };
  /** Complaints raised or changed since then, oldest first. May give one twice. */
  since(from: Date): AsyncIterable<ChannelComplaint>;
  /** Answers the payer. Sent again after an unknown outcome the payer may read it twice: harmless. */
  reply(no: string, text: string): Promise<void>;
  /** Says that it is settled. Refused by the wallet where nothing was ever replied. */
  finish(no: string): Promise<void>;
}
