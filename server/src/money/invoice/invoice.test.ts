import { describe, expect, it } from 'vitest';
import type { Order, Refund } from '../../orders/model/order.ts';
import { SAMPLE_TIME, sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { nextStep, paidInTheEnd, type Invoice } from './invoice.ts';

const paid = samplePayment({ status: 'succeeded', funds: true, transactionId: 't1' });
const refund = (over: Partial<Refund>): Refund => ({
  no: `${paid.no}r1`,
  paymentNo: paid.no,
  fen: 2000,
  status: 'done',
  reason: 'requested',
  at: SAMPLE_TIME,
  ...over,
});
const done = (refunds: Refund[] = []): Order => sampleOrder({ state: 'done', payments: [paid], refunds });
const invoice = (over: Partial<Invoice> = {}): Invoice => ({
  _id: '260301100000000001f1',
  orderNo: '260301100000000001',
  kind: 'blue',
  buyer: 'sealed',
  totalFen: 5000,
  status: 'issued',
  sent: true,
  tries: 0,
  cancelled: false,
  requestedAt: SAMPLE_TIME,
  ...over,
});

describe('what was finally paid', () => {
  it.each([
    ['nothing given back', done(), 5000],
    ['a refund on its way', done([refund({ status: 'sent' })]), 3000],
    ['a refund that was only asked for', done([refund({ status: 'requested' })]), 5000],
    ['a refund that was refused', done([refund({ status: 'rejected' })]), 5000],
    ['another wallet given back', done([refund({ paymentNo: 'p2' })]), 5000],
    ['an order nobody paid', sampleOrder(), 0],
  ])('%s', (_, order, fen) => {
    expect(paidInTheEnd(order)).toBe(fen);
  });
});

describe("an order's invoices follow the money", () => {
  it('nothing is issued that was not asked for', () => {
    expect(nextStep(done(), [])).toEqual({ do: 'nothing' });
  });

  it('an invoice of what was paid stays', () => {
    expect(nextStep(done(), [invoice()])).toEqual({ do: 'nothing' });
  });

  it('a refund cancels it', () => {
    const issued = invoice();
    expect(nextStep(done([refund({})]), [issued])).toEqual({ do: 'cancel', invoice: issued });
  });

  it('after that, what is left is invoiced to the same buyer', () => {
    const gone = invoice({ cancelled: true });
    const red = invoice({ _id: 'f2', kind: 'red', cancels: gone._id });
    expect(nextStep(done([refund({})]), [gone, red])).toEqual({
      do: 'issue',
      buyer: 'sealed',
      totalFen: 3000,
    });
  });

  it('nothing is left after everything was given back', () => {
    const gone = invoice({ cancelled: true });
    const red = invoice({ _id: 'f2', kind: 'red', cancels: gone._id });
    expect(nextStep(done([refund({ fen: 5000 })]), [gone, red])).toEqual({ do: 'nothing' });
  });

  it('while one waits, nothing is added', () => {
    expect(nextStep(done([refund({})]), [invoice({ status: 'waiting' })])).toEqual({ do: 'nothing' });
  });

  it('a cancellation that was refused is left to a person', () => {
    const red = invoice({ _id: 'f2', kind: 'red', cancels: invoice()._id, status: 'refused' });
    expect(nextStep(done([refund({})]), [invoice(), red])).toEqual({ do: 'nothing' });
  });
});
