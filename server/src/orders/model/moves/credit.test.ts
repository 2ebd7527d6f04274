import { describe, expect, it } from 'vitest';
import { at } from '../../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../../testing/order-samples.ts';
import type { Order } from '../order.ts';
import {
  choicesOf,
  chosen,
  creditDone,
  creditFailed,
  creditNotFound,
  creditNotSent,
  creditProven,
  creditUnknown,
  startCredit,
} from './credit.ts';

const NOW = at(0);
const FIRST = at(-60_000);
const funding = samplePayment({ no: 'p1', status: 'succeeded', funds: true, codeUrl: null });
/** Remote and sold: its credit comes next. */
const remote = (over: Partial<Order> = {}): Order =>
  sampleOrder({
    ...{ kind: 'remote', payments: [funding], sale: { status: 'sold', creditFen: 4290 } },
    ...over,
  });
const sent = { status: 'sent', firstSentAt: FIRST, sentAt: FIRST, tries: 2, notFound: 1 } as const;
const event = (name: string, data?: object) => ({
  ...{ name, by: 'grid' },
  ...(data === undefined ? {} : { data }),
});

describe('a credit that is begun', () => {
  const begun = (tries: number) => ({ name: 'credit.sent', by: 'system', data: { count: 2, tries } });

  it('is written down as sent', () => {
    expect(startCredit(remote(), NOW)).toStrictEqual({
      set: { credit: { status: 'sent', firstSentAt: NOW, sentAt: NOW, tries: 1, notFound: 0 } },
      events: [begun(1)],
    });
  });

  it('counts its tries from the first', () => {
    expect(startCredit(remote({ credit: { ...sent, status: 'none' } }), NOW)).toStrictEqual({
      set: { credit: { ...sent, sentAt: NOW, tries: 3, notFound: 0 } },
      events: [begun(3)],
    });
  });

  it('is not begun twice, nor where something else may come', () => {
    expect(startCredit(remote({ credit: sent }), NOW)).toBeUndefined();
    expect(startCredit(sampleOrder({ kind: 'card' }), NOW)).toBeUndefined();
  });
});

describe.each([
  ['did not leave', creditNotSent, 'none', 'credit.not-sent'],
  ['has no answer', creditUnknown, 'unknown', 'credit.unknown'],
] as const)('a credit that %s', (...[, move, status, name]) => {
  it('is written down as it is', () => {
    expect(move(remote({ credit: sent }), 2)).toStrictEqual({
      set: { credit: { ...sent, status } },
      events: [event(name)],
    });
  });

  it('stays as it is where another try was sent since, or it was heard of', () => {
    expect(move(remote({ credit: sent }), 1)).toBeUndefined();
    expect(move(remote({ credit: { ...sent, status: 'credited' } }), 2)).toBeUndefined();
  });
});

describe('a credit that reached its meter', () => {
  const told = {
    ...{ orderNo: sampleOrder()._id, count: 2, creditFen: 4290, balanceFen: 9000 },
    creditedAt: FIRST.toISOString(),
  };
  const credited = { ...sent, status: 'credited', balanceFen: 9000, creditedAt: FIRST };
  const meter = { status: 'credited', at: FIRST };
  const inMeter = { name: 'meter.credited', by: 'meter', data: { count: 2 } };

  it.each(['sent', 'unknown'] as const)('is done, with what the meter has now (%s)', (status) => {
    expect(creditDone(remote({ credit: { ...sent, status } }), told)).toStrictEqual({
      set: { credit: credited, meter },
      events: [event('credit.credited', { count: 2, creditFen: 4290 }), inMeter],
    });
  });

  it.each([
    ['order', { orderNo: 'another' }],
    ['count', { count: 3 }],
    ['amount', { creditFen: 1 }],
  ])('is a person’s to look at where its %s is not what was sold', (_, other) => {
    const { count, creditFen } = { ...told, ...other };
    expect(creditDone(remote({ credit: sent }), { ...told, ...other })).toStrictEqual({
      set: { credit: credited, meter, attention: 'credit-mismatch' },
      events: [
        event('credit.credited', { count, creditFen }),
        inMeter,
        { name: 'order.attention', by: 'system', data: { reason: 'credit-mismatch' } },
      ],
    });
  });

  it('is no second decision where there is one already', () => {
    const order = remote({ credit: sent, attention: 'grid-disagrees' });
    expect(creditDone(order, { ...told, count: 3 })?.events).toHaveLength(2);
  });

  it.each(['none', 'credited', 'failed'] as const)('is not heard of where it is %s', (status) => {
    expect(creditDone(remote({ credit: { status } }), told)).toBeUndefined();
  });
});

describe('a credit that its meter did not take', () => {
  it.each(['none', 'sent', 'unknown'] as const)('has failed, with the reason (%s)', (status) => {
    expect(creditFailed(remote({ credit: { ...sent, status } }), 'offline')).toStrictEqual({
      set: { credit: { ...sent, status: 'failed', reason: 'offline' } },
      events: [event('credit.failed', { reason: 'offline' })],
    });
  });

  it.each(['credited', 'failed'] as const)('is not told once it is %s', (status) => {
    expect(creditFailed(remote({ credit: { status } }), 'offline')).toBeUndefined();
  });
});

describe('a credit that the grid does not know', () => {
  const { notFound: _, ...fresh } = sent;
  const found = (notFound: number) => event('credit.not-found', { notFound });

  it.each(['sent', 'unknown'] as const)('is asked about once more (%s)', (status) => {
    expect(creditNotFound(remote({ credit: { ...fresh, status } }), NOW)).toStrictEqual({
      set: { credit: { ...fresh, status: 'unknown', notFound: 1 } },
      events: [found(1)],
    });
  });

  it('is sent again the second time, and its questions count anew', () => {
    expect(creditNotFound(remote({ credit: sent }), NOW)).toStrictEqual({
      set: { credit: { ...sent, sentAt: NOW, tries: 3, notFound: 0 } },
      events: [found(2), { name: 'credit.sent', by: 'system', data: { count: 2, tries: 3 } }],
    });
  });

  it('is not sent again where a person must decide', () => {
    expect(creditNotFound(remote({ credit: sent, attention: 'grid-disagrees' }), NOW)).toStrictEqual({
      set: { credit: { ...sent, status: 'unknown', notFound: 2 } },
      events: [found(2)],
    });
  });

  it.each(['none', 'credited', 'failed'] as const)('is not heard of where it is %s', (status) => {
    expect(creditNotFound(remote({ credit: { ...sent, status } }), NOW)).toBeUndefined();
  });
});

describe('a credit that the meter itself proves', () => {
  it.each(['none', 'failed', 'unknown'] as const)('is done, whatever was said (%s)', (status) => {
    expect(creditProven(remote({ credit: { ...sent, status } }), NOW)).toStrictEqual({
      set: {
        credit: { ...sent, status: 'credited', creditedAt: NOW },
        meter: { status: 'credited', at: NOW },
      },
      events: ['credit.proven', 'meter.credited'].map((name) => ({ name, by: 'meter', data: { count: 2 } })),
    });
  });

  it('is none where nothing was sold, or it is known', () => {
    expect(creditProven(remote({ sale: { status: 'unknown' } }), NOW)).toBeUndefined();
    expect(creditProven(remote({ credit: { status: 'credited' } }), NOW)).toBeUndefined();
  });
});

describe('what a payer may choose when the credit has failed', () => {
  const failed = (over: Partial<Order> = {}): Order => remote({ credit: { status: 'failed' }, ...over });

  it('is the card or the money; once the card was chosen, the money', () => {
    expect(choicesOf(failed())).toStrictEqual(['card', 'refund']);
    expect(choicesOf(failed({ fallback: 'card' }))).toStrictEqual(['refund']);
    expect(choicesOf(failed({ fallback: 'refund' }))).toStrictEqual([]);
  });

  it.each<[string, Partial<Order>]>([
    ['a card order', { kind: 'card' }],
    ['a person must decide', { attention: 'grid-disagrees' }],
    ['it is not sold', { sale: { status: 'rejected' } }],
    ['its credit is still under way', { credit: { status: 'unknown' } }],
    ['a plan was released', { write: { status: 'released' } }],
    ['its sale is being undone', { reversal: { status: 'sent' } }],
  ])('is nothing where %s', (_, over) => {
    expect(choicesOf(failed(over))).toStrictEqual([]);
    expect(chosen(failed(over), 'card', NOW)).toBeUndefined();
  });

  it('is the card: then it waits for one', () => {
    expect(chosen(failed(), 'card', NOW)).toStrictEqual({
      set: { fallback: 'card' },
      events: [{ name: 'credit.choice', by: 'payer', data: { choice: 'card' } }],
    });
    expect(chosen(failed({ fallback: 'card' }), 'card', NOW)).toBeUndefined();
  });

  it('is the money: then the sale is undone first', () => {
    expect(chosen(failed({ fallback: 'card' }), 'refund', NOW)).toStrictEqual({
      set: { fallback: 'refund', reversal: { status: 'sent', sentAt: NOW, reason: 'credit-failed' } },
      events: [
        { name: 'credit.choice', by: 'payer', data: { choice: 'refund' } },
        { name: 'reversal.sent', by: 'system' },
      ],
    });
  });
});
