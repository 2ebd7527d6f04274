import { describe, expect, it } from 'vitest';
import { at } from '../../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../../testing/order-samples.ts';
import type { Order, Refund } from '../order.ts';
import {
  againstCompensation,
  compensationDecided,
  compensationRequested,
  refundRetried,
} from './compensation.ts';

const NOW = at(0);
const funding = samplePayment({ no: 'p1', status: 'succeeded', funds: true, codeUrl: null });
/** In its meter by way of its card, and paid with 5000 fen. */
const done = (over: Partial<Order> = {}): Order => sampleOrder({ ...inMeter, ...over });
const inMeter: Partial<Order> = {
  ...{ payments: [funding], sale: { status: 'sold' }, write: { status: 'written', lease: 1 } },
  meter: { status: 'credited', at: NOW },
};
/** No meter has said anything of it. */
const unheard = (over: Partial<Order> = {}): Order => done({ meter: { status: 'unknown' }, ...over });
const given = (no: string, fen: number, over: Partial<Refund> = {}): Refund => ({
  ...{ no, paymentNo: 'p1', fen, status: 'requested', reason: 'compensation', at: NOW },
  ...{ key: no, requestedBy: 'u1' },
  ...over,
});

describe('what stands against money back for a purchase that stands', () => {
  it.each<[string, Partial<Order>, string, string]>([
    ['nothing was paid', { payments: [] }, 'refund.nothing-paid', 'No payment funds this order.'],
    [
      'a person must decide',
      { attention: 'grid-disagrees' },
      'refund.not-final',
      'The order is waiting for a decision. See its actions.',
    ],
    [
      'its plan is out',
      { write: { status: 'failed', lease: 1 } },
      'refund.plan-released',
      'The purchase may be on its card or on its way to the meter. Finish it first; until then nothing is refunded.',
    ],
    [
      'its credit is under way',
      { write: { status: 'none' }, credit: { status: 'unknown' } },
      'refund.plan-released',
      'The purchase may be on its card or on its way to the meter. Finish it first; until then nothing is refunded.',
    ],
    [
      'it is sold',
      { write: { status: 'none' } },
      'refund.reverse-first',
      'The grid has sold this. Undo the sale; its refund follows by itself.',
    ],
    [
      'it has not ended',
      { write: { status: 'none' }, sale: { status: 'unknown' } },
      'refund.not-final',
      'The order has not ended. What is owed when it ends is refunded by itself.',
    ],
    [
      'its plan was out, and it is not sold any more',
      { write: { status: 'failed', lease: 1 }, sale: { status: 'rejected' } },
      'refund.not-final',
      'The order has not ended. What is owed when it ends is refunded by itself.',
    ],
  ])('is said with what to do: %s', (...[, over, code, why]) => {
    expect(againstCompensation(unheard(over), 100)).toStrictEqual({ code, why });
  });

  it.each<[string, Partial<Order>]>([
    ['is said to be', {}],
    ['was refused by its meter', { meter: { status: 'refused', reason: 'full' } }],
  ])('is that its card may still carry it: one that %s written', (_, over) => {
    expect(againstCompensation(unheard(over), 100)).toStrictEqual({
      code: 'refund.value-on-card',
      why: 'The meter has not said that it has this purchase, so the card may still carry it. Have the card put into the meter and read again, or have the sale undone with the card; where neither can be, send the household to the grid’s counter with its card.',
    });
  });

  it('is nothing where its meter has a written one, or was credited from afar', () => {
    expect(againstCompensation(done(), 5000)).toBeUndefined();
    const credited = unheard({ write: { status: 'none' }, credit: { status: 'credited' } });
    expect(againstCompensation(credited, null)).toBeUndefined();
  });

  it('is that less is left', () => {
    const order = done({ refunds: [given('p1s1', 4990)] });
    expect(againstCompensation(order, 10)).toBeUndefined();
    expect(againstCompensation(order, 11)).toStrictEqual({
      ...{ code: 'refund.exceeds', why: 'Only 10 fen of this payment can still be refunded.' },
    });
  });

  it.each([null, 0])('is that nothing is left (%s asked for)', (fen) => {
    expect(againstCompensation(done({ refunds: [given('p1s1', 4999)] }), fen)).toBeUndefined();
    expect(againstCompensation(done({ refunds: [given('p1s1', 5000)] }), fen)).toMatchObject({
      ...{ code: 'refund.exceeds', why: 'Only 0 fen of this payment can still be refunded.' },
    });
  });

  it('is that there were twenty of this payment', () => {
    const many = Array.from({ length: 20 }, (_, n) => given(`p1s${n + 1}`, 1));
    const others = [given('x', 1, { paymentNo: 'p2' }), given('y', 1, { reason: 'double-payment' })];
    expect(againstCompensation(done({ refunds: [...many.slice(1), ...others] }), 1)).toBeUndefined();
    expect(againstCompensation(done({ refunds: many }), 1)).toStrictEqual({
      ...{ code: 'refund.exceeds', why: 'A payment takes at most 20 compensations.' },
    });
  });
});

describe('money back that is asked for', () => {
  const request = { key: 'k1', fen: 700, note: 'Too much.', caseId: 'c1', requestedBy: 'u1' };
  const asked = (no: string, fen: number) => ({
    events: [{ name: 'refund.requested', by: 'u1', data: { no, fen } }],
  });

  it('is reserved under the next number', () => {
    const before = [given('p1s1', 100), given('p2s1', 100, { paymentNo: 'p2' })];
    const { fen, ...rest } = request;
    expect(compensationRequested(done({ refunds: before }), request, NOW)).toStrictEqual({
      set: {
        refunds: [
          ...before,
          {
            ...{ ...rest, no: 'p1s2', paymentNo: 'p1', fen },
            ...{ status: 'requested', reason: 'compensation', at: NOW },
          },
        ],
      },
      ...asked('p1s2', 700),
    });
  });

  it('is all that is left where no sum is said', () => {
    const order = done({ refunds: [given('r', 1000)] });
    expect(compensationRequested(order, { ...request, fen: null }, NOW)).toMatchObject(asked('p1s2', 4000));
  });

  it('is asked for once with a key, and where nothing stands against it', () => {
    const order = done({ refunds: [given('p1s1', 1, { key: 'k0' }), given('p1s2', 1, { key: 'k1' })] });
    expect(compensationRequested(order, request, NOW)).toBeUndefined();
    expect(compensationRequested(done(), { ...request, fen: 5001 }, NOW)).toBeUndefined();
    expect(compensationRequested(done({ payments: [] }), request, NOW)).toBeUndefined();
  });
});

describe('the other person’s word', () => {
  const refunds = [given('r1', 100), given('r2', 200)];

  it.each([
    [true, 'approved'],
    [false, 'rejected'],
  ] as const)('is written down (%s: %s)', (accept, status) => {
    expect(compensationDecided(done({ refunds }), { no: 'r2', accept, by: 'u2' })).toStrictEqual({
      set: { refunds: [refunds[0], { ...refunds[1], status, approvedBy: 'u2' }] },
      events: [{ name: `refund.${status}`, by: 'u2', data: { no: 'r2', fen: 200, reason: 'compensation' } }],
    });
  });

  it.each<[string, Partial<Order>]>([
    ['may be on its card', { meter: { status: 'unknown' } }],
    ['moves again', { meter: { status: 'unknown' }, write: { status: 'released', lease: 2 } }],
  ])('allows nothing of what %s by now, and refuses it all the same', (_, over) => {
    const order = done({ refunds, ...over });
    expect(compensationDecided(order, { no: 'r2', accept: true, by: 'u2' })).toBeUndefined();
    expect(compensationDecided(order, { no: 'r2', accept: false, by: 'u2' })?.events).toMatchObject([
      { name: 'refund.rejected' },
    ]);
  });

  it('is not the asker’s own, nor said twice, nor of a refund that is none', () => {
    const by = { no: 'r2', accept: true, by: 'u2' };
    expect(compensationDecided(done({ refunds }), { ...by, by: 'u1' })).toBeUndefined();
    const decided = [given('r2', 200, { status: 'approved' })];
    expect(compensationDecided(done({ refunds: decided }), by)).toBeUndefined();
    expect(compensationDecided(done(), by)).toBeUndefined();
  });
});

describe('a refund that its channel could not make', () => {
  it('is sent anew under its number, as though it never was', () => {
    const failed = given('r2', 200, { status: 'abnormal', sentAt: at(-2), sentAgainAt: at(-1) });
    const refunds = [given('r1', 100), failed];
    expect(refundRetried(done({ refunds }), 'r2', 'u3')).toStrictEqual({
      set: { refunds: [refunds[0], given('r2', 200, { status: 'approved' })] },
      events: [{ name: 'refund.retried', by: 'u3', data: { no: 'r2', fen: 200 } }],
    });
  });

  it('is one that failed', () => {
    const order = done({ refunds: [given('r1', 100, { status: 'sent' })] });
    expect(refundRetried(order, 'r1', 'u3')).toBeUndefined();
    expect(refundRetried(order, 'r9', 'u3')).toBeUndefined();
  });
});
