import { describe, expect, it } from 'vitest';
import { at } from '../../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../../testing/order-samples.ts';
import type { Order } from '../order.ts';
import { deriveState } from '../state.ts';
import { inAccount, movedToAccount } from './account.ts';
import { isInMeter } from './meter.ts';
import { keptByAccount, reversalRefused, reversed, saleSold, startSale, undoneByGrid } from './sale.ts';

const NOW = at(0);
const SENT = at(-60_000);
const funding = samplePayment({ no: 'p1', status: 'succeeded', funds: true, codeUrl: null });
const order = (over: Partial<Order> = {}): Order =>
  sampleOrder({ kind: 'account', count: 0, imageDigest: '', payments: [funding], ...over });
const sent = { status: 'sent', firstSentAt: SENT, sentAt: SENT, tries: 1 } as const;
const sold = {
  ...{ saleNo: 'S1', orderNo: sampleOrder()._id, count: 0, faceFen: 5000 },
  ...{ creditFen: 4900, arrearsFen: 100, feeFen: 0 },
};
const event = { name: 'account.credited', by: 'grid', data: { creditFen: 4900 } };
const after = (before: Order, change: ReturnType<typeof saleSold>): Order => ({
  ...before,
  ...change?.set,
  events: [...before.events, ...(change?.events ?? []).map((each, n) => ({ ...each, n: n + 2, at: NOW }))],
});

describe('a sale into an account', () => {
  it('has its own number for a slot; one of a bill that is paid as a whole has the bill', () => {
    const bill = { no: 'B1', period: '2026-10', whole: true };
    expect(startSale(order(), NOW)?.set.saleSlot).toBe('collection-v1:account:260301100000000001');
    expect(startSale(order({ bill }), NOW)?.set.saleSlot).toBe('collection-v1:bill:B1');
    expect(startSale(order({ bill: { ...bill, whole: false } }), NOW)?.set.saleSlot).toBe(
      'collection-v1:account:260301100000000001',
    );
  });

  it('that the grid accepts is the credit, with what the account has', () => {
    const account = { balanceFen: 6000, supply: 'on' } as const;
    const before = order({ sale: sent });
    const change = saleSold(before, { ...sold, account }, NOW);
    expect(change?.set.credit).toStrictEqual({
      ...{ status: 'credited', creditedAt: NOW, balanceFen: 6000, supply: 'on' },
    });
    expect(change?.events.map(({ name }) => name)).toEqual(['sale.sold', 'account.credited']);
    expect(deriveState(after(before, change))).toBe('done');
    expect(isInMeter(after(before, change))).toBe(true);
  });

  it('that was asked about says no balance', () => {
    expect(saleSold(order({ sale: { ...sent, status: 'unknown' } }), sold, NOW)?.set.credit).toStrictEqual({
      ...{ status: 'credited', creditedAt: NOW },
    });
  });

  it.each([{ count: 1 }, { faceFen: 5100 }, { orderNo: 'another' }])(
    'that is another (%o) credits nothing',
    (more) => {
      const change = saleSold(order({ sale: sent }), { ...sold, ...more }, NOW);
      expect(change?.set).toMatchObject({ attention: 'sale-mismatch' });
      expect(change?.set).not.toHaveProperty('credit');
      expect(change?.events).toHaveLength(1);
    },
  );

  it('that is being buried is credited only once the grid refuses that', () => {
    const burying = order({
      ...{
        sale: { ...sent, status: 'unknown' },
        reversal: { status: 'sent', sentAt: NOW, reason: 'not-found' },
      },
    });
    const heard = after(burying, saleSold(burying, sold, NOW));
    expect([heard.credit.status, deriveState(heard)]).toEqual(['none', 'crediting']);
    const kept = reversalRefused(heard, 'spent');
    expect(kept?.set.credit).toStrictEqual({ status: 'credited', creditedAt: SENT });
    expect(kept?.events.map(({ name }) => name)).toEqual(['reversal.refused', 'account.credited']);
    const undone = after(heard, reversed(heard, NOW));
    expect([undone.credit.status, undone.refunds.length, undone.saleSlot]).toEqual(['none', 1, null]);
  });

  it('that stands after all is credited since it was sent, once; a card’s is not', () => {
    const { createdAt } = sampleOrder();
    expect(keptByAccount(order({ sale: { status: 'sold', creditFen: 4900 } }))).toStrictEqual({
      set: { credit: { status: 'credited', creditedAt: createdAt } },
      events: [event],
    });
    expect(keptByAccount(order({ credit: { status: 'credited' } }))).toBeUndefined();
    expect(keptByAccount(sampleOrder())).toBeUndefined();
  });

  it('is undone by a reversal that the grid refuses only where it was sold', () => {
    const burying = order({
      sale: { ...sent, status: 'unknown' },
      reversal: { status: 'sent', sentAt: NOW },
    });
    expect(reversalRefused(burying, 'other')?.set).not.toHaveProperty('credit');
  });
});

describe('what the grid moved to an account', () => {
  const waiting = (over: Partial<Order> = {}): Order =>
    sampleOrder({ payments: [funding], sale: { status: 'sold', creditFen: 4900 }, ...over });

  it('is credited there', () => {
    expect(movedToAccount(waiting(), NOW)).toStrictEqual(inAccount(waiting(), NOW, { creditFen: 4900 }));
    expect(movedToAccount(waiting(), NOW)?.events).toStrictEqual([event]);
    expect(movedToAccount(waiting({ sale: { status: 'sold' } }), NOW)?.events[0]?.data).toEqual({
      creditFen: 5000,
    });
  });

  it.each<Partial<Order>>([
    { sale: { status: 'unknown' } },
    { credit: { status: 'credited' } },
    { write: { status: 'written' } },
    { attention: 'grid-disagrees' },
    { reversal: { status: 'sent' } },
  ])('is not what is %o', (over) => {
    expect(movedToAccount(waiting(over), NOW)).toBeUndefined();
  });

  it('or undid of its own accord is given back', () => {
    const undone = undoneByGrid(waiting({ saleSlot: 'slot' }), NOW);
    expect(undone?.set).toMatchObject({
      ...{ reversal: { status: 'reversed', reason: 'converted' }, saleSlot: null },
      ...{ sale: { status: 'rejected' }, refunds: [{ reason: 'not-sold', fen: 5000 }] },
    });
    expect(undone?.events[0]).toStrictEqual({ name: 'reversal.reversed', by: 'grid' });
  });

  it.each<Partial<Order>>([
    { sale: { status: 'rejected' } },
    { credit: { status: 'credited' } },
    { reversal: { status: 'unknown' } },
  ])('and is not undone where it is %o', (over) => {
    expect(undoneByGrid(waiting(over), NOW)).toBeUndefined();
  });

  it.each(['released', 'written', 'failed'] as const)(
    'but may be on a card (%s): a person looks',
    (status) => {
      expect(undoneByGrid(waiting({ write: { status } }), NOW)?.set).toStrictEqual({
        attention: 'grid-disagrees',
      });
    },
  );
});
