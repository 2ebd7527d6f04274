import { beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../../testing/mover-rig.ts';
import { POLICY } from '../../../testing/order-steps.ts';
import { sampleOrder, samplePayment } from '../../../testing/order-samples.ts';
import { applyChange } from '../change.ts';
import type { Order, Undo } from '../order.ts';
import { nextLease } from './plan-lease.ts';
import { reversalRefused, reversed, slotOf } from './sale.ts';
import { clockSet } from './clock.ts';
import {
  countBrought,
  countFreed,
  holdsCount,
  mayTakeOff,
  undoAllowed,
  undoClaimed,
  undoReleased,
} from './undo.ts';
import { planReleased } from './write.ts';

const NOW = at(0);
const UNTIL = at(120_000);
const two = { requestedBy: 'anna', approvedBy: 'boris', approval: 'a1' };
const allowed: Undo = { status: 'allowed', at: NOW, ...two };
const released: Undo = {
  ...allowed,
  ...{ status: 'released', lease: 3, terminalId: 'kiosk-a', leaseUntil: UNTIL, meterSaidAt: 's' },
};

/** On its card, by its terminal's word; paid with 5000 fen. */
const written = (over: Partial<Order> = {}): Order => {
  const order = sampleOrder({
    payments: [samplePayment({ no: 'p1', status: 'succeeded', funds: true, codeUrl: null, amountFen: 5000 })],
    sale: { status: 'sold' },
    write: { status: 'written', lease: 2, terminalId: 'kiosk-b', imageDigest: 'w', confirmed: true },
    ...over,
  });
  return { ...order, saleSlot: slotOf(order) };
};
const after = (order: Order, change: ReturnType<typeof undoAllowed>): Order => {
  if (change === undefined) throw new Error('Nothing moved.');
  return applyChange(order, change, { now: NOW, policy: POLICY });
};

describe('what two persons allow to be taken off a card', () => {
  it('is written down with who they are, and moves nothing', () => {
    expect(undoAllowed(written(), { ...two, now: NOW })).toStrictEqual({
      set: { undo: allowed },
      events: [{ name: 'undo.allowed', by: 'boris', data: { requestedBy: 'anna', approval: 'a1' } }],
    });
    expect(after(written(), undoAllowed(written(), { ...two, now: NOW })).state).toBe('done');
  });

  it('is allowed anew by another decision, and keeps its numbers; the same one is carried out once', () => {
    const order = written({ undo: { ...released, status: 'dropped' } });
    expect(undoAllowed(order, { ...two, now: NOW })).toBeUndefined();
    expect(undoAllowed(order, { ...two, approval: 'a2', now: NOW })?.set.undo).toStrictEqual({
      ...{ ...allowed, approval: 'a2', lease: 3 },
    });
  });

  it.each<[string, Partial<Order>]>([
    ['is in its meter', { meter: { status: 'credited', at: NOW } }],
    ['is not written', { write: { status: 'failed', lease: 2 } }],
    ['is not sold', { sale: { status: 'rejected' } }],
    ['waits for a person', { attention: 'grid-disagrees' }],
    ['is being undone', { reversal: { status: 'sent' } }],
    [
      'is being refunded',
      { refunds: [{ no: 'r', paymentNo: 'p1', fen: 1, status: 'approved', reason: 'requested', at: NOW }] },
    ],
  ])('is nothing that %s', (_, over) => {
    expect(undoAllowed(written(over), { ...two, now: NOW })).toBeUndefined();
  });
});

describe('the plan that takes a sale off', () => {
  const init = { terminalId: 'kiosk-a', until: UNTIL, releasedDigest: 'r', meterSaidAt: 's' };

  it('leaves under the next number, whichever way the last plan went', () => {
    const order = written({ undo: allowed });
    expect(undoReleased(order, init)).toStrictEqual({
      set: {
        undo: { ...released, releasedDigest: 'r' },
        watchers: [...order.watchers, 'kiosk-a'].filter((x, n, all) => all.indexOf(x) === n),
      },
      events: [{ name: 'undo.released', by: 'terminal', data: { lease: 3, terminalId: 'kiosk-a' } }],
    });
    const again = written({ undo: released });
    expect(undoReleased(again, { ...init, meterSaidAt: undefined })?.set.undo).toMatchObject({
      ...{ lease: 4, meterSaidAt: 's' },
    });
    expect(nextLease({ write: { status: 'written', lease: 7 }, undo: released })).toBe(8);
    expect(nextLease({ write: { status: 'none' } })).toBe(1);
  });

  it.each<[string, Order]>([
    ['nobody allowed', written()],
    ['was taken off', written({ undo: { ...released, status: 'off' } })],
    ['was put on again', written({ undo: { ...released, status: 'dropped' } })],
    ['its meter has', written({ undo: allowed, meter: { status: 'credited', at: NOW } })],
  ])('does not leave for what %s', (_, order) => {
    expect(undoReleased(order, init)).toBeUndefined();
  });

  it('is given up by a plan that puts the sale on again', () => {
    const order = written({ undo: released });
    const change = planReleased(order, {
      terminalId: 'kiosk-b',
      until: UNTIL,
      evidenceDigest: 'e',
      releasedDigest: 'r',
    });
    expect(change?.set).toMatchObject({
      ...{ undo: { status: 'dropped', lease: 3 }, write: { status: 'released', lease: 4 } },
    });
    const now = after(order, change);
    expect(mayTakeOff(now)).toBe(false);
    expect(undoClaimed(now, { lease: 3, result: 'written', imageDigest: 'd' }, NOW)).toBeUndefined();
  });
});

describe('what a terminal says of taking a sale off', () => {
  const order = written({ undo: released });

  it('off: the grid is to undo it, and its card lacks it', () => {
    const change = undoClaimed(order, { lease: 3, result: 'written', imageDigest: 'd' }, NOW);
    expect(change).toStrictEqual({
      set: {
        undo: { ...released, status: 'off', imageDigest: 'd' },
        write: { ...order.write, status: 'failed', at: NOW, reason: 'taken-off' },
        reversal: { status: 'sent', sentAt: NOW, reason: 'taken-off', ...two },
      },
      events: [
        { name: 'undo.off', by: 'terminal', data: { lease: 3 } },
        { name: 'reversal.sent', by: 'system' },
      ],
    });
    expect(after(order, change)).toMatchObject({ state: 'write-failed', saleSlot: order.saleSlot });
  });

  it('of what its meter refused, nothing is known any more', () => {
    const refused = written({ undo: released, meter: { status: 'refused', at: NOW, reason: 'full' } });
    const change = undoClaimed(refused, { lease: 3, result: 'written' }, NOW);
    expect(change?.set).toMatchObject({ meter: { status: 'unknown' }, undo: { imageDigest: '' } });
  });

  it('failed: it may be begun again, and the order is as it was', () => {
    const change = undoClaimed(order, { lease: 3, result: 'failed', reason: 'meter-card.locked' }, NOW);
    const { leaseUntil: _, ...rest } = released;
    expect(change).toStrictEqual({
      set: { undo: { ...rest, status: 'allowed' } },
      events: [{ name: 'undo.failed', by: 'terminal', data: { lease: 3, reason: 'meter-card.locked' } }],
    });
    expect(after(order, change).state).toBe('done');
  });

  it.each<[string, Order, number]>([
    ['another lease', order, 2],
    ['what is off', written({ undo: { ...released, status: 'off' } }), 3],
    ['what its meter has', written({ undo: released, meter: { status: 'credited', at: NOW } }), 3],
    ['what was only allowed', written({ undo: { ...allowed, lease: 3 } }), 3],
    ['what nobody allowed', written(), 3],
  ])('is not heard of %s', (_, of, lease) => {
    expect(undoClaimed(of, { lease, result: 'written' }, NOW)).toBeUndefined();
  });
});

describe('a sale that was taken off', () => {
  let off: Order;
  beforeEach(() => {
    const order = written({ undo: released });
    off = after(order, undoClaimed(order, { lease: 3, result: 'written', imageDigest: 'd' }, NOW));
  });

  it('is undone by the grid: the money goes back, and its count stays taken', () => {
    const undone = after(off, reversed(off, NOW));
    expect(undone).toMatchObject({ state: 'refunding', sale: { status: 'rejected', reason: 'taken-off' } });
    expect(undone.refunds).toMatchObject([
      { reason: 'requested', fen: 5000, requestedBy: 'anna', approvedBy: 'boris', status: 'approved' },
    ]);
    expect(undone.saleSlot).toBe(off.saleSlot);
    expect(holdsCount(undone)).toBe(true);
    const freed = after(undone, countFreed(undone));
    expect(freed.saleSlot).toBeNull();
    expect(freed.events.at(-1)).toMatchObject({ name: 'undo.freed', data: { count: off.count } });
    expect(countFreed(freed)).toBeUndefined();
  });

  it('that the grid does not undo stands, and its write is to be had again', () => {
    const refused = after(off, reversalRefused(off, 'day-cut'));
    expect(refused).toMatchObject({ state: 'write-failed', attention: null, refunds: [] });
    expect(holdsCount(refused)).toBe(false);
    const again = planReleased(refused, {
      terminalId: 'kiosk-b',
      until: UNTIL,
      evidenceDigest: 'e',
      releasedDigest: 'r',
    });
    expect(after(refused, again)).toMatchObject({ state: 'writing', undo: { status: 'dropped' } });
  });

  it('whose count a copy of its card brought to the meter is never free again', () => {
    const undone = after(off, reversed(off, NOW));
    expect(countBrought(off, NOW)).toBeUndefined();
    const brought = after(undone, countBrought(undone, NOW));
    expect(brought).toMatchObject({ meter: { status: 'credited' }, state: 'refunding' });
    expect(countFreed(brought)).toBeUndefined();
    expect(countBrought(brought, NOW)).toBeUndefined();
    expect(holdsCount(brought)).toBe(true);
  });

  it('holds its count only once it is undone', () => {
    expect(holdsCount(off)).toBe(false);
    expect(countFreed(off)).toBeUndefined();
    expect(countFreed(written())).toBeUndefined();
  });

  it('counts times of a clock that was ahead as now', () => {
    const ahead = written({ undo: { ...released, leaseUntil: at(9_000_000) } });
    expect(clockSet(ahead, at(1_000))?.set.undo?.leaseUntil).toEqual(at(1_000));
  });
});
