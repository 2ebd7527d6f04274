import { beforeEach, describe, expect, it } from 'vitest';
import { AdvanceRig } from '../../testing/advance-rig.ts';
import { at } from '../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { POLICY } from '../../testing/order-steps.ts';
import type { Order, Refund } from '../model/order.ts';
import { answerOverdueAt } from '../model/policy.ts';

const PAST = at(-60_000);
const LATER = at(60_000);
const funding = samplePayment({ no: 'p1', status: 'succeeded', funds: true, codeUrl: null });
const second = samplePayment({ no: 'p2', status: 'succeeded', funds: false, codeUrl: null });
/** Of a second payer: it goes back whatever becomes of the order. */
const back: Refund = {
  ...{ no: 'r2', paymentNo: 'p2', fen: 5000, status: 'unknown', reason: 'double-payment' },
  ...{ at: PAST, sentAt: PAST },
};
/** Paid, with another refund that is due as all of it is. */
const paid = (over: Partial<Order>): Order =>
  sampleOrder({ payments: [funding, second], refunds: [back], dueAt: PAST, ...over });
/** The same with nothing due but what is said. */
const alone = (over: Partial<Order>): Order => paid({ refunds: [], ...over });
const givenUp: Refund = { ...back, no: 'r1', paymentNo: 'p1', status: 'done', reason: 'not-sold' };

let rig: AdvanceRig;
beforeEach(() => {
  rig = new AdvanceRig();
});

describe('a sale', () => {
  it('is begun at once when there is money, whatever its time', async () => {
    const order = alone({ dueAt: LATER, dues: { sale: LATER } });
    expect(await rig.advance(order)).toEqual(['sales.start']);
  });

  it('that another process has begun meanwhile keeps nothing else waiting', async () => {
    const order = paid({ dueAt: PAST, dues: { sale: LATER, r2: PAST } });
    expect(await rig.advance(order)).toEqual(['sales.start', 'refunds.resolve r2', 'sales.start']);
    expect(rig.postponed).toBe(1);
  });

  it('is not begun without money', async () => {
    expect(await rig.advance(sampleOrder({ dueAt: LATER, dues: { closing: LATER } }))).toEqual([]);
  });

  it('is not begun where the money goes back', async () => {
    expect(await rig.advance(alone({ refunds: [givenUp] }))).toEqual([]);
  });

  const unsent = { status: 'none', firstSentAt: PAST, tries: 1 } as const;
  it('that did not leave is begun again when it is due, once in a look', async () => {
    expect(await rig.advance(paid({ sale: unsent }))).toEqual(['sales.start', 'refunds.resolve r2']);
  });

  it('that did not leave waits for its time', async () => {
    expect(await rig.advance(alone({ sale: unsent, dueAt: PAST, dues: { sale: LATER } }))).toEqual([]);
    const other = { _id: 'o2', idempotencyKey: 'k2', dues: { refund: PAST } };
    expect(await rig.advance(alone({ sale: unsent, ...other }))).toEqual([]);
  });

  const unknown = { status: 'unknown', firstSentAt: PAST, sentAt: PAST, tries: 1 } as const;
  it('whose answer is missing is asked about when it is due, once in a look', async () => {
    const order = paid({ sale: unknown, dues: { sale: PAST, r2: PAST } });
    expect(await rig.advance(order)).toEqual(['sales.resolveSale', 'refunds.resolve r2']);
  });

  it('is left alone while a person must decide', async () => {
    expect(await rig.advance(alone({ sale: unknown, attention: 'grid-disagrees' }))).toEqual([]);
  });

  it.each(['sold', 'rejected'] as const)('that is %s is over', async (status) => {
    expect(await rig.advance(alone({ sale: { status } }))).toEqual([]);
  });

  it('is not asked about while the process that sent it may be waiting for the answer', async () => {
    const sentAt = at(-1000);
    const order = alone({ sale: { status: 'sent', firstSentAt: sentAt, sentAt, tries: 1 } });
    rig.clock.jump(answerOverdueAt(sentAt, POLICY).getTime() - rig.clock.now() - 1);
    expect(await rig.advance(order)).toEqual([]);
    rig.clock.jump(1);
    expect(await rig.again(order._id)).toEqual(['sales.resolveSale']);
  });

  it('of which it is not known when it was sent is asked about', async () => {
    expect(await rig.advance(alone({ sale: { status: 'sent', tries: 1 } }))).toEqual(['sales.resolveSale']);
  });
});

describe('a sale that is being undone', () => {
  const undoing = { status: 'unknown', sentAt: PAST } as const;

  it.each([null, 'late-sale'] as const)(
    'is asked about when it is due, once in a look (attention: %s)',
    async (attention) => {
      const order = paid({ sale: { status: 'unknown' }, reversal: undoing, attention });
      expect(await rig.advance(order)).toEqual(['sales.resolveReversal', 'refunds.resolve r2']);
    },
  );

  it('is a person’s where the order waits for one for another reason', async () => {
    expect(await rig.advance(alone({ reversal: undoing, attention: 'grid-disagrees' }))).toEqual([]);
  });

  it('waits for its time, and for the process that sent it', async () => {
    const early = alone({ reversal: undoing, dueAt: PAST, dues: { sale: PAST, reversal: LATER } });
    expect(await rig.advance(early)).toEqual([]);
    const flying = alone({ reversal: { status: 'sent', sentAt: at(0) }, _id: 'o2', idempotencyKey: 'k2' });
    expect(await rig.advance(flying)).toEqual([]);
    const fresh = { status: 'sent', sentAt: at(0) } as const;
    const both = alone({ reversal: fresh, dueAt: LATER, _id: 'o3', idempotencyKey: 'k3' });
    expect(await rig.advance(both)).toEqual([]);
  });

  it('is asked about by its own time', async () => {
    const order = alone({ reversal: undoing, dueAt: PAST, dues: { reversal: PAST, confirm: LATER } });
    expect(await rig.advance(order)).toEqual(['sales.resolveReversal']);
  });
});

describe('a card that is written', () => {
  const sale = { status: 'sold' } as const;
  const written = { status: 'written', at: PAST, confirmed: false } as const;

  it('is told to the grid when that is due, once in a look', async () => {
    expect(await rig.advance(paid({ sale, write: written }))).toEqual([
      ...['sales.confirm', 'refunds.resolve r2'],
    ]);
  });

  it('is told by its own time, and not before', async () => {
    const order = alone({ sale, write: written, dueAt: PAST, dues: { confirm: PAST, sale: LATER } });
    expect(await rig.advance(order)).toEqual(['sales.confirm']);
    const early = { dues: { confirm: LATER, sale: PAST }, _id: 'o2', idempotencyKey: 'k2' };
    expect(await rig.advance(alone({ sale, write: written, dueAt: PAST, ...early }))).toEqual([]);
  });

  it('is told once: then nothing is left', async () => {
    expect(await rig.advance(alone({ sale, write: { ...written, confirmed: true } }))).toEqual([]);
  });
});

describe('a credit from afar', () => {
  const remote = { kind: 'remote', sale: { status: 'sold' } } as const;

  it('is begun at once when the sale is made, whatever its time', async () => {
    const order = alone({ ...remote, dueAt: LATER, dues: { credit: LATER } });
    expect(await rig.advance(order)).toEqual(['credits.start']);
  });

  it('is not begun for a card', async () => {
    expect(await rig.advance(alone({ sale: { status: 'sold' } }))).toEqual([]);
  });

  const unsent = { status: 'none', firstSentAt: PAST, tries: 1 } as const;
  it('that did not leave is begun again by its own time, once in a look', async () => {
    const order = paid({ ...remote, credit: unsent, dues: { credit: PAST, r2: PAST } });
    expect(await rig.advance(order)).toEqual(['credits.start', 'refunds.resolve r2']);
    const early = { dues: { credit: LATER, r2: PAST }, _id: 'o2', idempotencyKey: 'k2' };
    expect(await rig.advance(alone({ ...remote, credit: unsent, ...early }))).toEqual([]);
  });

  const unknown = { status: 'unknown', firstSentAt: PAST, sentAt: PAST, tries: 1 } as const;
  it('whose answer is missing is asked about by its own time, once in a look', async () => {
    const order = paid({ ...remote, credit: unknown, dues: { credit: PAST, r2: PAST } });
    expect(await rig.advance(order)).toEqual(['credits.resolve', 'refunds.resolve r2']);
    const early = { dues: { credit: LATER, r2: PAST }, _id: 'o2', idempotencyKey: 'k2' };
    expect(await rig.advance(alone({ ...remote, credit: unknown, ...early }))).toEqual([]);
  });

  it('is not asked about while the process that sent it may be waiting for the answer', async () => {
    const credit = { ...unknown, status: 'sent', sentAt: at(0) } as const;
    expect(await rig.advance(alone({ ...remote, credit }))).toEqual([]);
  });

  it.each(['credited', 'failed'] as const)('that is %s is over', async (status) => {
    expect(await rig.advance(alone({ ...remote, credit: { status } }))).toEqual([]);
  });
});
