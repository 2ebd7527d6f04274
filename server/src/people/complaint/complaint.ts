import type { Channel } from '@bianmin/purchase/api/channels';
import type { ChannelComplaint, ComplaintProblem } from '../../gateways/payment/complaint-contract.ts';

/** Something to be told to the wallet, until it has heard. */
export interface ComplaintStep {
  readonly kind: 'reply' | 'finish';
  /** Empty for an end. */
  readonly text: string;
  readonly at: Date;
  readonly by: string;
  readonly byName: string;
  readonly status: 'waiting' | 'sent' | 'refused';
}

/** A payer's complaint with what we say to it. */
export interface Complaint {
  /** `channel:number`. */
  readonly _id: string;
  readonly channel: Channel;
  readonly no: string;
  readonly problem: ComplaintProblem;
  /** The payer's words, sealed: people write names and telephone numbers. */
  readonly text: string;
  readonly state: ChannelComplaint['state'];
  /** null where the payment is none of ours. */
  readonly orderNo: string | null;
  /** Of its order, as it was when the complaint came; absent: the province's. */
  readonly orgPath?: readonly string[];
  readonly transactionId: string;
  readonly amountFen: number;
  readonly raisedAt: Date;
  readonly answerBy: Date;
  readonly finishBy: Date;
  readonly steps: readonly ComplaintStep[];
  /** Grows with each change; every change is a compare-and-set on it. */
  readonly version: number;
  /** When the queue must look again; null where nothing waits to be told. */
  readonly dueAt: Date | null;
}

export function complaintIdOf(channel: Channel, no: string): string {
  return `${channel}:${no}`;
}

/** Whether this was said, or waits to be told; what the wallet refused was not. */
export function hasSaid({ steps }: Complaint, kind: ComplaintStep['kind']): boolean {
  return steps.some((step) => step.kind === kind && step.status !== 'refused');
}

/** What a person must hurry with, for lists: the next deadline that still counts, or none. */
export function deadlineOf(complaint: Complaint): Date | null {
  if (complaint.state === 'finished' || hasSaid(complaint, 'finish')) return null;
  const waits = complaint.state === 'open' && !hasSaid(complaint, 'reply');
  return waits ? complaint.answerBy : complaint.finishBy;
}
