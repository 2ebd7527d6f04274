import type { Clock } from '@bianmin/card/clock';
import { parseJson } from '@bianmin/card/json-text';
import type { Journal } from '@bianmin/card/meter-card/journal';
import { askedNow, leaseFrom } from '@bianmin/card/meter-card/lease';
import { writePlanSchema } from '@bianmin/card/meter-card/plan';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { CardSlot } from '@bianmin/card/reader/slot';
import type { SealedPlan } from '../api/order.ts';
import { PurchaseError } from './error.ts';
import { holdsByServer } from './lease-question.ts';
import type { CardWork, PurchaseApi, WriteOutcome } from './ports.ts';
import type { WritePhase } from './view/card-screens.ts';

export interface WriteAttempt {
  readonly slot: CardSlot;
  readonly orderNo: string;
  /** The card that was paid for. */
  readonly serial: string;
  readonly tries: number;
  readonly onProgress: (phase: WritePhase, fraction: number) => void;
}

export interface WriteTools {
  readonly api: Pick<PurchaseApi, 'release' | 'authorise' | 'holdsLease'>;
  readonly cards: CardWork;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Opens a compact JWE with the terminal's own key; gives the plaintext. */
  readonly unseal: (jwe: string) => Promise<string>;
}

/**
 * One attempt: read the card again, have the plan released against what was read, write it, read it back. The
 * plan lives in this call and nowhere else. Throws what ended the attempt without an outcome.
 */
export async function releaseAndWrite(attempt: WriteAttempt, tools: WriteTools): Promise<WriteOutcome> {
  const { orderNo } = attempt;
  const card = await tools.cards.open(attempt.slot);
  try {
    if (card.serial !== attempt.serial) return { result: 'other-card' };
    // The lease runs from the answer; counted from the question it ends here first, never later.
    const askedAt = askedNow(tools.clock);
    const released = await tools.api.release(orderNo, { image: card.image });
    return await card.write({
      plan: await planOf(released, orderNo, tools),
      lease: leaseFrom(askedAt, { no: released.lease, ms: released.leaseMs }),
      tries: attempt.tries,
      journal: tools.journal,
      clock: tools.clock,
      onProgress: attempt.onProgress,
      holds: () => holdsByServer(() => tools.api.holdsLease(orderNo, released.lease), tools.clock),
      authorise: async ({ stage, gathered }) => {
        const request = { lease: released.lease, stage, gathered: { ...gathered } };
        return planOf(await tools.api.authorise(orderNo, request), orderNo, tools);
      },
    });
  } finally {
    await card.end();
  }
}

async function planOf(answer: SealedPlan, orderNo: string, tools: WriteTools): Promise<WritePlan> {
  const unreadable = (cause?: unknown): PurchaseError =>
    new PurchaseError({
      code: 'purchase.plan-unreadable',
      message:
        'The plan for this card cannot be opened here. Ask the staff to check that this terminal is enrolled.',
      // Never the parser's own words: they quote what they read.
      ...(cause instanceof Error ? { context: { cause: cause.name } } : {}),
    });
  let plan: WritePlan;
  try {
    plan = writePlanSchema.parse(parseJson(await tools.unseal(answer.sealed)));
  } catch (error) {
    throw unreadable(error);
  }
  if (plan.orderNo !== orderNo) throw unreadable();
  return plan;
}
