import { describe, expect, it } from 'vitest';
import { at } from '../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { POLICY } from '../../testing/order-steps.ts';
import { duesOf } from './due.ts';
import type { Order, Payment, Refund } from './order.ts';

const NOW = at(0);
const MINUTE = 60_000;
/** After the wait for an answer that is overdue, and the shortest and longest between two questions. */
const OVERDUE = POLICY.gridTimeoutMs * 1.5 + 2_000;
const [FIRST, LONGEST] = [POLICY.minBackoffMs, POLICY.maxBackoffMs];
/** Half as old as it is: when it is asked about again. */
const HALF = 5 * MINUTE;
const OLD = at(-2 * HALF);

const pay = (no: string, over: Partial<Payment> = {}): Payment => samplePayment({ no, ...over });
const funding = pay('p1', { status: 'succeeded', funds: true, codeUrl: null });
const duesAt = (over: Partial<Order>) => duesOf(sampleOrder(over), NOW, POLICY);
/** With its money, and nothing else that moves but what is said. */
const paid = (over: Partial<Order>) => duesAt({ payments: [funding], sale: { status: 'sold' }, ...over });
const givenUp: Refund = {
  ...{ no: 'r1', paymentNo: 'p1', fen: 1, status: 'done', reason: 'not-sold', at: OLD },
};

/** What is asked of the grid once, and ms until it is looked at. */
const AT_THE_GRID: readonly [string, Order['sale'] & Order['credit'], number][] = [
  ['now where it was never sent', { status: 'none' }, 0],
  ['soon where it did not leave', { status: 'none', firstSentAt: NOW }, FIRST],
  ['in a minute at most where it does not leave', { status: 'none', firstSentAt: OLD }, MINUTE],
  ['when its answer is overdue', { status: 'sent', sentAt: at(-1) }, OVERDUE - 1],
  ['when its answer is overdue, from now', { status: 'sent' }, OVERDUE],
  ['ever later where it is unknown', { status: 'unknown', sentAt: OLD }, HALF],
  ['soon where it is unknown since now', { status: 'unknown' }, FIRST],
];

/** By a clock that was ten minutes ahead: what was first sent then seems not to have been sent at all. */
describe('what a clock that was ahead has sent first', () => {
  const AHEAD = at(10 * MINUTE);
  const triesIn = (of: (tries: number, now: Date) => Date | undefined): number => {
    let tries = 1;
    for (let now = NOW; now < AHEAD; tries += 1) now = of(tries, now) ?? AHEAD;
    return tries;
  };
  const order = (over: Partial<Order>) => sampleOrder({ payments: [funding], ...over });

  it.each<[string, (tries: number) => Partial<Order>, 'sale' | 'credit']>([
    ['a sale', (tries) => ({ sale: { status: 'none', firstSentAt: AHEAD, tries } }), 'sale'],
    [
      'a sale without our credit',
      (tries) => ({ sale: { status: 'none', noCreditAt: AHEAD, tries } }),
      'sale',
    ],
    [
      'a credit',
      (tries) => ({
        ...{ kind: 'remote', sale: { status: 'sold' } },
        credit: { status: 'none', firstSentAt: AHEAD, tries },
      }),
      'credit',
    ],
  ])('is tried ever later all the same: %s', (_, over, part) => {
    const tries = triesIn((count, now) => duesOf(order(over(count)), now, POLICY)[part]);
    expect(tries).toBeGreaterThan(5);
    expect(tries).toBeLessThan(30);
  });
});

describe('when a payment must be looked at', () => {
  const live = (over: Partial<Payment>, order: Partial<Order> = {}) =>
    duesAt({ payments: [pay('p1', over)], ...order });

  it.each<[string, Partial<Payment>, number]>([
    ['at the end of its code', {}, 5 * MINUTE],
    ['at its end where a phone has it', { codeUrl: null, handed: true }, 5 * MINUTE],
    ['once its own request has stored a code, or never will', { status: 'created', codeUrl: null }, 12_000],
    ['soon where its channel may not have heard', { status: 'unknown', codeUrl: null }, FIRST],
    ['ever later where it has not', { status: 'unknown', codeUrl: null, createdAt: OLD }, HALF],
    [
      'not so soon where a clock that was ahead has asked for it: nobody knows its age',
      { status: 'unknown', codeUrl: null, createdAt: at(10 * MINUTE) },
      5 * FIRST,
    ],
    ['soon at the moment of its end', { expiresAt: NOW }, FIRST],
    ['ever later after its end', { expiresAt: OLD }, HALF],
    ['in ten minutes at most', { expiresAt: at(-60 * MINUTE) }, LONGEST],
  ])('is %s', (_, over, ms) => {
    expect(live(over)).toEqual({ p1: at(ms) });
  });

  it.each<[string, Partial<Order>]>([
    ['is paid', { payments: [funding, pay('p2')], sale: { status: 'sold' } }],
    ['is to be closed', { payments: [pay('p2')], closure: { status: 'asked' } }],
  ])('is soon, whatever its code, where the order %s', (_, over) => {
    expect(duesAt(over)).toEqual({ p2: at(FIRST) });
  });

  it.each(['payment.succeeded', 'order.closing'] as const)(
    'is ever later, before the end of its code as well, after %s',
    (name) => {
      const events = [{ n: 1, name, at: OLD, by: 'channel' }];
      expect(duesAt({ payments: [funding, pay('p2')], sale: { status: 'sold' }, events })).toEqual({
        p2: at(HALF),
      });
    },
  );

  it('is when it is to be asked about once more, and then ever later', () => {
    const closed = (no: string, lookAgainAt: Date) => pay(no, { status: 'closed', lookAgainAt });
    const payments = [
      closed('p1', at(1)),
      closed('p2', NOW),
      closed('p3', OLD),
      pay('p4', { status: 'closed' }),
    ];
    expect(duesAt({ payments, closure: { status: 'closed' } })).toEqual({
      ...{ p1: at(1), p2: at(FIRST), p3: at(HALF) },
    });
  });

  it('is never before a person has decided what does not fit', () => {
    const payments = [pay('p1'), pay('p2', { status: 'closed', lookAgainAt: OLD })];
    expect(duesAt({ payments, attention: 'payment-mismatch' })).toEqual({});
  });

  it('is the order’s own end where there is none that could be paid', () => {
    expect(duesAt({ createdAt: OLD })).toEqual({ closing: at(-HALF) });
    expect(duesAt({ payments: [pay('p1', { status: 'closed' })] })).toEqual({ closing: at(5 * MINUTE) });
    expect(duesAt({ closure: { status: 'closed' } })).toEqual({});
  });
});

describe('when a sale must be looked at', () => {
  const sale = (of: Order['sale'], over: Partial<Order> = {}) => paid({ sale: of, ...over });

  it.each(AT_THE_GRID)('is %s', (_, of, ms) => {
    expect(sale(of)).toEqual({ sale: at(ms) });
  });

  it.each(['sold', 'rejected'] as const)('is never once it is %s', (status) => {
    expect(sale({ status })).toEqual({});
  });

  it('is never without money, nor where that goes back, nor while a person must decide', () => {
    expect(duesAt({ closure: { status: 'closed' } })).toEqual({});
    expect(sale({ status: 'none' }, { refunds: [givenUp] })).toEqual({});
    expect(sale({ status: 'unknown' }, { attention: 'grid-disagrees' })).toEqual({});
    expect(sale({ status: 'unknown' }, { attention: 'late-sale' })).toEqual({});
  });

  it.each([null, 'late-sale'] as const)('is its reversal’s time while it is undone (%s)', (attention) => {
    const undoing = (reversal: Order['reversal']) => sale({ status: 'unknown' }, { reversal, attention });
    expect(undoing({ status: 'sent', sentAt: at(-1) })).toEqual({ reversal: at(OVERDUE - 1) });
    expect(undoing({ status: 'sent' })).toEqual({ reversal: at(OVERDUE) });
    expect(undoing({ status: 'unknown', sentAt: OLD })).toEqual({ reversal: at(HALF) });
    expect(undoing({ status: 'unknown' })).toEqual({ reversal: at(FIRST) });
  });

  it('is not its reversal’s while a person must decide about anything else', () => {
    const reversal = { status: 'sent', sentAt: OLD } as const;
    expect(sale({ status: 'unknown' }, { reversal, attention: 'grid-disagrees' })).toEqual({});
  });
});

describe('when a credit must be looked at', () => {
  const credit = (of: Order['credit']) => paid({ kind: 'remote', credit: of });

  it.each(AT_THE_GRID)('is %s', (_, of, ms) => {
    expect(credit(of)).toEqual({ credit: at(ms) });
  });

  it.each(['credited', 'failed'] as const)('is never once it is %s', (status) => {
    expect(credit({ status })).toEqual({});
  });

  it('is never for a card', () => {
    expect(paid({ kind: 'card' })).toEqual({});
  });
});

describe('when a refund must be looked at', () => {
  const refund = (over: Partial<Refund>, order: Partial<Order> = {}) =>
    paid({ refunds: [{ ...givenUp, ...over }], ...order });

  it.each<[string, Partial<Refund>, number]>([
    ['now where it is owed', { status: 'approved' }, 0],
    ['ever later where it does not leave', { status: 'approved', sentAt: NOW }, HALF],
    ['in an hour at most', { status: 'approved', at: at(-180 * MINUTE), sentAt: NOW }, 60 * MINUTE],
    ['ever later where it was sent', { status: 'sent', sentAt: at(-MINUTE) }, MINUTE / 2],
    ['ever later where it is unknown', { status: 'unknown', sentAt: at(-MINUTE) }, MINUTE / 2],
    ['ever later since it was owed', { status: 'unknown' }, HALF],
  ])('is %s', (_, over, ms) => {
    expect(refund(over)).toEqual({ r1: at(ms) });
  });

  it.each(['requested', 'done', 'rejected', 'abnormal'] as const)('is never where it is %s', (status) => {
    expect(refund({ status })).toEqual({});
  });

  it('is after a decision where the order is given up by it', () => {
    const attention = 'late-sale';
    expect(refund({ status: 'approved' }, { attention })).toEqual({});
    expect(refund({ status: 'approved', paymentNo: 'p2' }, { attention })).toEqual({ r1: NOW });
  });
});

describe('when a written card is told to the grid', () => {
  it.each<[string, Order['write'], object]>([
    ['soon', { status: 'written' }, { confirm: at(FIRST) }],
    ['ever later', { status: 'written', at: OLD, confirmed: false }, { confirm: at(HALF) }],
    ['never once it knows', { status: 'written', at: OLD, confirmed: true }, {}],
    ['never where it is not written', { status: 'failed', at: OLD }, {}],
  ])('is %s', (_, write, dues) => {
    expect(paid({ write })).toEqual(dues);
  });
});
