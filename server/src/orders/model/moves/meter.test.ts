import { describe, expect, it } from 'vitest';
import { at } from '../../../testing/mover-rig.ts';
import { SAMPLE_TIME, sampleOrder } from '../../../testing/order-samples.ts';
import type { Order, OrderEvent } from '../order.ts';
import { isInMeter, meterCredited, meterRefused, meterSaidSo, meterShown } from './meter.ts';

const NOW = at(0);
const happened = (n: number, name: OrderEvent['name'], over: Partial<OrderEvent> = {}): OrderEvent => ({
  ...{ n, at: SAMPLE_TIME, name, by: 'meter' },
  ...over,
});
const written = (over: Partial<Order> = {}): Order =>
  sampleOrder({
    sale: { status: 'sold' },
    write: { status: 'written', lease: 1, terminalId: 'T1' },
    ...over,
  });
const CREDITED = { meter: { status: 'credited', at: SAMPLE_TIME } } as const;

describe('that a meter has a purchase', () => {
  it.each<[string, Partial<Order>]>([
    ['its own word', CREDITED],
    ['a card that it wrote back on', { events: [happened(2, 'write.proven')] }],
    ['a credit that it showed', { events: [happened(2, 'credit.proven')] }],
    ['a credit that it answered', { events: [happened(2, 'credit.credited')] }],
    ['the account that it is switched by', { events: [happened(2, 'account.credited')] }],
  ])('is known by %s', (_, over) => {
    expect(isInMeter(written(over))).toBe(true);
  });

  it('is not known by what a terminal claims', () => {
    expect(isInMeter(written())).toBe(false);
    expect(meterSaidSo(written())).toBeUndefined();
  });

  it('was said first by its word that is kept apart, else by what older orders have', () => {
    const older = happened(2, 'write.proven');
    const own = happened(3, 'meter.credited');
    expect(meterSaidSo({ events: [older] })).toBe(older);
    expect(meterSaidSo({ events: [older, own] })).toBe(own);
  });
});

describe('a meter that credited', () => {
  const change = {
    set: { meter: { status: 'credited', at: NOW } },
    events: [{ name: 'meter.credited', by: 'meter', data: { count: 2 } }],
  };

  it('is believed of what was written, and of what was credited from afar', () => {
    expect(meterCredited(written(), NOW)).toStrictEqual(change);
    const credit = { status: 'credited' } as const;
    expect(meterCredited(written({ write: { status: 'none' }, credit }), NOW)).toStrictEqual(change);
  });

  it.each<[string, Partial<Order>]>([
    ['was not sold', { sale: { status: 'rejected' } }],
    ['nothing was written of', { write: { status: 'released', lease: 1 } }],
    ['it is known of', CREDITED],
  ])('moves nothing that %s', (_, over) => {
    expect(meterCredited(written(over), NOW)).toBeUndefined();
  });
});

describe('a meter that refused', () => {
  const refusal = { reason: 'full', belowFen: 9_000, saidAt: '2026-03-01T02:00:00Z' } as const;
  const refused = { meter: { status: 'refused', at: SAMPLE_TIME, ...refusal } } as const;

  it('is written down with its reason and its own time', () => {
    expect(meterRefused(written(), refusal, NOW)).toStrictEqual({
      set: { meter: { status: 'refused', at: NOW, ...refusal } },
      events: [{ name: 'meter.refused', by: 'meter', data: { count: 2, reason: 'full' } }],
    });
  });

  it('is heard once by one word, and again by its next', () => {
    expect(meterRefused(written(refused), refusal, NOW)).toBeUndefined();
    const next = { ...refusal, saidAt: '2026-03-02T02:00:00Z' };
    expect(meterRefused(written(refused), next, NOW)?.set.meter).toMatchObject(next);
    const unknown = { meter: { ...refused.meter, status: 'unknown' } } as const;
    expect(meterRefused(written(unknown), refusal, NOW)?.events).toHaveLength(1);
  });

  it.each<[string, Partial<Order>]>([
    ['was not sold', { sale: { status: 'unknown' } }],
    ['was not written', { write: { status: 'failed', lease: 1 } }],
    ['it has', CREDITED],
  ])('moves nothing that %s', (_, over) => {
    expect(meterRefused(written(over), refusal, NOW)).toBeUndefined();
  });
});

describe('what a household saw on its meter', () => {
  const shown = (n: number, what: string): OrderEvent =>
    happened(n, 'meter.shown', { by: 'payer', data: { shown: what } });

  it('is written down, and nothing follows from it', () => {
    expect(meterShown(written(), 'full')).toStrictEqual({
      set: {},
      events: [{ name: 'meter.shown', by: 'payer', data: { shown: 'full' } }],
    });
  });

  it('is not written down twice in a row, and is after another answer', () => {
    const once = written({ events: [shown(2, 'full'), happened(3, 'write.confirmed')] });
    expect(meterShown(once, 'full')).toBeUndefined();
    const other = written({ events: [shown(2, 'full'), shown(3, 'other')] });
    expect(meterShown(other, 'full')?.events).toHaveLength(1);
    expect(meterShown(written({ events: [happened(2, 'meter.shown')] }), 'full')?.events).toHaveLength(1);
  });

  it('is kept twenty times an order, whatever else happened to it', () => {
    const answers = (count: number): OrderEvent[] =>
      Array.from({ length: count }, (_, i) => shown(i + 2, i % 2 === 0 ? 'full' : 'other'));
    const others = Array.from({ length: 30 }, (_, i) => happened(i + 40, 'write.confirmed'));
    const nineteen = written({ events: [...answers(19), ...others] });
    expect(meterShown(nineteen, 'other')?.events).toHaveLength(1);
    const twenty = written({ events: [...answers(20), ...others] });
    expect(meterShown(twenty, 'full')).toBeUndefined();
  });

  it.each<[string, Partial<Order>]>([
    ['was not written', { write: { status: 'released', lease: 1 } }],
    ['the meter has', CREDITED],
  ])('is not heard of what %s', (_, over) => {
    expect(meterShown(written(over), 'full')).toBeUndefined();
  });
});
