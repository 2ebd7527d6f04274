import { describe, expect, it } from 'vitest';
import { at } from '../../../testing/mover-rig.ts';
import { SAMPLE_TIME, sampleOrder, samplePayment } from '../../../testing/order-samples.ts';
import type { Order, OrderEvent } from '../order.ts';
import { isInMeter } from './meter.ts';
import { planReleased, writeClaimed, writeConfirmed, writeProven } from './write.ts';

const NOW = at(0);
const funding = samplePayment({ no: 'p1', status: 'succeeded', funds: true, codeUrl: null });
const sold = (over: Partial<Order> = {}): Order =>
  sampleOrder({ payments: [funding], sale: { status: 'sold', saleNo: 's1' }, ...over });
const happened = (name: OrderEvent['name']): OrderEvent => ({ n: 2, at: SAMPLE_TIME, name, by: 'meter' });
const terminal = { terminalId: 'T2', until: at(120_000), evidenceDigest: 'e2', releasedDigest: 'r2' };
const released = (lease: number) => ({
  ...{ status: 'released', lease, terminalId: 'T2', leaseUntil: at(120_000), releasedDigest: 'r2' },
});
const leaves = (lease: number, name = 'write.released') => ({
  ...{ name, by: 'terminal', data: { lease, terminalId: 'T2' } },
});

describe('a plan that leaves for a terminal', () => {
  it('is written down with its lease, and the terminal hears of the order', () => {
    expect(planReleased(sold(), terminal)).toStrictEqual({
      set: {
        ...{ write: released(1), watchers: ['T1', 'T2'] },
        sale: { status: 'sold', saleNo: 's1', evidenceDigest: 'e2' },
      },
      events: [leaves(1)],
    });
  });

  it('keeps staff’s word for the last try as long as its lease, and not for the next', () => {
    const first = planReleased(sold(), { ...terminal, lastTry: true })?.set.write;
    expect(first).toStrictEqual({ ...released(1), lastTry: true });
    expect(planReleased(sold({ write: { ...first, status: 'failed' } }), terminal)?.set.write).toStrictEqual(
      released(2),
    );
  });

  it('keeps the first evidence and its watchers the next time, under another lease', () => {
    const order = sold({
      ...{ watchers: ['T2'], write: { status: 'failed', lease: 1 } },
      sale: { status: 'sold', evidenceDigest: 'e1' },
    });
    expect(planReleased(order, terminal)).toStrictEqual({
      set: { write: released(2), sale: order.sale, watchers: ['T2'] },
      events: [leaves(2)],
    });
  });

  it.each<[string, Order['write']]>([
    ['ended without a word', { status: 'released', lease: 1 }],
    ['failed after another without a word', { status: 'failed', lease: 2, silent: true }],
  ])('remembers that an earlier lease %s', (_, write) => {
    expect(planReleased(sold({ write }), terminal)?.set.write).toMatchObject({ silent: true });
  });

  it('keeps how new its meter’s word was, until there is a newer one', () => {
    const write = { status: 'failed', lease: 1, meterSaidAt: 'm1' } as const;
    expect(planReleased(sold({ write }), terminal)?.set.write).toMatchObject({ meterSaidAt: 'm1' });
    const newer = { ...terminal, meterSaidAt: 'm2' };
    expect(planReleased(sold({ write }), newer)?.set.write).toMatchObject({ meterSaidAt: 'm2' });
    expect(planReleased(sold(), newer)?.set.write).toMatchObject({ meterSaidAt: 'm2' });
  });

  it('knows after a refusal what lost tries are from: no silence explains them any more', () => {
    const silent = { status: 'released', lease: 2, silent: true, releasedDigest: 'r2' } as const;
    const claim = { lease: 2, result: 'failed', reason: 'meter-card.code-wrong' } as const;
    const claimed = writeClaimed(sold({ write: silent }), claim, { now: NOW, confirmed: false });
    const failed = { ...silent, ...claimed?.set.write } as Order['write'];
    expect(failed).toMatchObject({ status: 'failed', refused: true });
    const next = planReleased(sold({ write: failed }), terminal)?.set.write;
    expect(next).toStrictEqual({ ...released(3), refused: true });
    // Nor does the silence of a later one.
    const last = planReleased(sold({ write: { ...released(3), refused: true } as Order['write'] }), terminal);
    expect(last?.set.write).toStrictEqual({ ...released(4), refused: true });
    const written = { lease: 4, result: 'written', imageDigest: 'd' } as const;
    const done = writeClaimed(
      sold({ write: { ...released(4), refused: true } as Order['write'] }),
      ...([written, { now: NOW, confirmed: true }] as const),
    );
    expect(done?.set.write).not.toHaveProperty('refused');
  });

  it('opens a card again that lost its write, and nothing is silent then', () => {
    const write = { status: 'written', lease: 1, silent: true } as const;
    expect(planReleased(sold({ write }), terminal)).toMatchObject({
      events: [leaves(2, 'write.reopened')],
    });
    expect(planReleased(sold({ write }), terminal)?.set.write).toStrictEqual(released(2));
  });

  it.each<[string, Partial<Order>]>([
    ['is not sold', { sale: { status: 'unknown' } }],
    ['is for the meter', { kind: 'remote' }],
    ['is being undone', { reversal: { status: 'sent' } }],
    ['is given back', { payments: [funding], refunds: [backOf(5000)] }],
    ['the meter has, by a card', { events: [happened('write.proven')] }],
    ['the meter has, from afar', { events: [happened('credit.proven')] }],
  ])('does not leave for an order that %s', (_, over) => {
    expect(planReleased(sold(over), terminal)).toBeUndefined();
  });

  it('is for a card of which nothing else is proven', () => {
    expect(isInMeter(sold({ events: [happened('write.written')] }))).toBe(false);
    expect(isInMeter(sold({ events: [happened('order.created'), happened('write.proven')] }))).toBe(true);
    expect(isInMeter(sold({ meter: { status: 'refused' } }))).toBe(false);
    expect(isInMeter(sold({ meter: { status: 'credited' } }))).toBe(true);
  });
});

function backOf(fen: number): Order['refunds'][number] {
  return { no: 'r1', paymentNo: 'p1', fen, status: 'done', reason: 'compensation', at: NOW };
}

describe('what a terminal says of its lease', () => {
  const write = { status: 'released', lease: 3, terminalId: 'T2' } as const;
  const claim = { lease: 3, result: 'written' } as const;

  it('is a written card, of which the grid is to be told', () => {
    const said = { ...claim, imageDigest: 'b'.repeat(64) };
    expect(writeClaimed(sold({ write }), said, { now: NOW, confirmed: false })).toStrictEqual({
      set: {
        write: { ...write, status: 'written', at: NOW, imageDigest: said.imageDigest, confirmed: false },
      },
      events: [{ name: 'write.written', by: 'terminal', data: { lease: 3 } }],
    });
  });

  it('is a written card that the grid has heard of', () => {
    expect(writeClaimed(sold({ write }), claim, { now: NOW, confirmed: true })).toStrictEqual({
      set: { write: { ...write, status: 'written', at: NOW, confirmed: true } },
      events: [
        { name: 'write.written', by: 'terminal', data: { lease: 3 } },
        { name: 'write.confirmed', by: 'grid' },
      ],
    });
  });

  it('is a failed write with its reason, and the grid hears nothing', () => {
    const said = { lease: 3, result: 'failed', reason: 'card-pulled' } as const;
    expect(writeClaimed(sold({ write }), said, { now: NOW, confirmed: true })).toStrictEqual({
      set: { write: { ...write, status: 'failed', at: NOW, reason: 'card-pulled' } },
      events: [{ name: 'write.failed', by: 'terminal', data: { lease: 3, reason: 'card-pulled' } }],
    });
  });

  it('counts for the lease that is out, and once', () => {
    const when = { now: NOW, confirmed: false };
    expect(writeClaimed(sold({ write }), { ...claim, lease: 2 }, when)).toBeUndefined();
    expect(writeClaimed(sold({ write: { ...write, status: 'failed' } }), claim, when)).toBeUndefined();
  });
});

describe('a written card', () => {
  const written = { status: 'written', lease: 3, confirmed: false } as const;

  it('is confirmed once, when the grid was told', () => {
    expect(writeConfirmed(sold({ write: written }))).toStrictEqual({
      set: { write: { ...written, confirmed: true } },
      events: [{ name: 'write.confirmed', by: 'grid' }],
    });
    expect(writeConfirmed(sold({ write: { ...written, confirmed: true } }))).toBeUndefined();
    expect(writeConfirmed(sold({ write: { ...written, status: 'failed' } }))).toBeUndefined();
  });

  it.each(['none', 'released', 'failed'] as const)(
    'is proven by its meter, whatever was said (%s)',
    (status) => {
      expect(writeProven(sold({ write: { status, lease: 3 } }), 'd1', NOW)).toStrictEqual({
        set: {
          write: { status: 'written', lease: 3, at: NOW, imageDigest: 'd1', confirmed: false },
          meter: { status: 'credited', at: NOW },
        },
        events: ['write.proven', 'meter.credited'].map((name) => ({ name, by: 'meter', data: { count: 2 } })),
      });
    },
  );

  it('is not proven where it is known, or nothing was sold', () => {
    expect(writeProven(sold({ write: written }), 'd1', NOW)).toBeUndefined();
    expect(writeProven(sold({ sale: { status: 'unknown' } }), 'd1', NOW)).toBeUndefined();
  });
});
