import { beforeEach, describe, expect, it } from 'vitest';
import type { PaymentEvidence } from '../../gateways/payment/contract.ts';
import { at, MoverRig } from '../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { POLICY } from '../../testing/order-steps.ts';
import { atChannel, channelError, type Script } from '../../testing/scripted-channel.ts';
import type { Payment } from '../model/order.ts';
import { isUnseen, PaymentSettling } from './payment-settling.ts';

const DAY = 24 * 3_600_000;
const { booksLagMs, maxBackoffMs } = POLICY;
const succeeded = { status: 'succeeded', transactionId: 't1', amountFen: 5000, paidAt: at(-1) } as const;
const closed = { status: 'closed' } as const;
const pending = { status: 'pending' } as const;
const notFound = (when: Date | null = null): PaymentEvidence => ({ status: 'not-found', at: when });
const pay = (over: Partial<Payment> = {}): Payment => samplePayment({ no: 'p1', ...over });
/** One whose code was over so long ago. */
const overFor = (ms: number): Payment => pay({ expiresAt: at(-ms) });

let rig: MoverRig;
beforeEach(() => {
  rig = new MoverRig();
});

const on = atChannel((sources) => new PaymentSettling({ sources, mover: rig.mover, log: rig.log }));

describe('a payment that must end', () => {
  it('is paid where its channel says so, and nothing is closed', async () => {
    const { desk: settling, channel } = on({ query: [succeeded] });
    expect(await settling.settle(pay())).toBe(succeeded);
    expect(channel.asked).toEqual([['query', 'p1']]);
  });

  it('is unseen where it is not known and nothing to pay it with was given out', async () => {
    const { desk: settling, channel } = on({ query: [notFound()] });
    expect(await settling.settle(pay({ codeUrl: null }))).toEqual({ status: 'unseen' });
    expect(channel.names).toEqual(['query']);
  });

  it.each<[string, Payment]>([
    ['a code can still be paid', pay({ expiresAt: at(1) })],
    ['a phone has what it needs', pay({ codeUrl: null, handed: true })],
  ])('is closed at its channel where %s', async (_, payment) => {
    const { desk: settling, channel } = on({ query: [notFound(), closed], close: ['closed'] });
    expect(await settling.settle(payment)).toEqual(closed);
    expect(channel.asked).toEqual([
      ['query', 'p1'],
      ['close', 'p1'],
      ['query', 'p1'],
    ]);
  });

  it('is paid where that turns out while it is being closed', async () => {
    const { desk: settling } = on({ query: [pending, succeeded], close: ['paid'] });
    expect(await settling.settle(pay())).toBe(succeeded);
  });

  it.each<[string, Script, Payment]>([
    ['it is said to be paid, and not by whom', { query: [pending, pending], close: ['paid'] }, pay()],
    ['it cannot be closed', { query: [pending], close: [channelError()] }, pay()],
    ['it is said to be paid and closed at once', { query: [closed, closed], close: ['paid'] }, overFor(DAY)],
    [
      'its end is too fresh for the channel’s books',
      { query: [closed, closed], close: [channelError()] },
      overFor(booksLagMs - 1),
    ],
    ['it was closed, and is open', { query: [closed, pending], close: [channelError()] }, overFor(DAY)],
  ])('is unknown where %s', async (...[, script, payment]) => {
    expect(await on(script).desk.settle(payment)).toEqual({ status: 'unknown' });
  });

  it('is closed where the channel closed it by itself, and its books are past it', async () => {
    const { desk: settling } = on({ query: [closed, closed], close: [channelError('payment.refused')] });
    expect(await settling.settle(overFor(booksLagMs))).toEqual(closed);
  });

  it('is told in the log where its channel could not say', async () => {
    const { desk: settling } = on({ query: [channelError('payment.unavailable')] });
    expect(await settling.settle(pay())).toEqual({ status: 'unknown' });
    expect(rig.lines).toMatchObject([
      {
        ...{ level: 'warn', msg: 'a channel could not say what became of a payment' },
        ...{ paymentNo: 'p1', err: { message: 'Said payment.unavailable.' } },
      },
    ]);
  });

  it.each<[string, Script]>([
    ['a question', { query: [new TypeError('Ours.')] }],
    ['a closing', { query: [closed], close: [new TypeError('Ours.')] }],
  ])('is not taken for unknown where %s fails by a fault of ours', async (_, script) => {
    await expect(on(script).desk.settle(pay())).rejects.toThrow('Ours.');
    expect(rig.lines).toEqual([]);
  });
});

describe('a code that is over and that its channel does not know', () => {
  const settled = (payment: Payment, channels: Date | null = null) =>
    on({ query: [notFound(channels)] }).desk.settle(payment);

  it('is looked at again when its channel’s books are past its end', async () => {
    expect(await settled(pay({ expiresAt: at(0) }))).toEqual({ ...closed, lookAgainAt: at(booksLagMs) });
    expect(await settled(overFor(booksLagMs - 1))).toEqual({ ...closed, lookAgainAt: at(1) });
    expect(await settled(overFor(booksLagMs))).toEqual(closed);
  });

  it('is over by its channel’s clock, where that is behind ours', async () => {
    expect(await settled(overFor(booksLagMs), at(-9))).toEqual({ ...closed, lookAgainAt: at(9) });
    expect(await settled(overFor(booksLagMs), at(9))).toEqual(closed);
    expect(await settled(overFor(booksLagMs - 5), at(9))).toEqual({ ...closed, lookAgainAt: at(5) });
  });

  it('is looked at again no later than anything is', async () => {
    expect(await settled(overFor(0), at(-2 * maxBackoffMs))).toEqual({
      ...{ ...closed, lookAgainAt: at(maxBackoffMs) },
    });
  });
});

describe('a payment that was closed unseen', () => {
  const looked = async (payment: Payment, script: Script) => {
    const { desk: settling, channel } = on(script);
    return { found: await settling.lookAgain(payment), names: channel.names };
  };

  it('is paid after all where its channel says so', async () => {
    expect((await looked(overFor(0), { query: [succeeded] })).found).toBe(succeeded);
  });

  it.each<[string, Payment, PaymentEvidence, string]>([
    ['unknown to books that are past it', overFor(booksLagMs), notFound(), 'closed'],
    ['unknown to books that are not', overFor(booksLagMs - 1), notFound(), 'unknown'],
    ['over by our clock alone', overFor(DAY - 1), notFound(at(-DAY)), 'unknown'],
    ['over for a day, whatever the channel’s clock', overFor(DAY), notFound(at(-DAY)), 'closed'],
    ['closed, and the books are past it', overFor(booksLagMs), closed, 'closed'],
    ['closed, and the books are not past it', overFor(booksLagMs - 1), closed, 'unknown'],
  ])('is not closed again where it is %s', async (...[, payment, evidence, status]) => {
    expect(await looked(payment, { query: [evidence] })).toEqual({ found: { status }, names: ['query'] });
  });

  it.each([
    ['closed', 'closed'],
    ['paid', 'unknown'],
  ] as const)('is closed at its channel where it can be paid (%s: %s)', async (answer, status) => {
    expect(await looked(overFor(DAY), { query: [pending], close: [answer] })).toEqual({
      ...{ found: { status }, names: ['query', 'close'] },
    });
  });

  it('is told in the log where its channel did not say', async () => {
    expect((await looked(overFor(DAY), { query: [channelError()] })).found).toEqual({ status: 'unknown' });
    expect(rig.lines).toMatchObject([
      { level: 'warn', msg: 'a channel was asked once more and did not say', paymentNo: 'p1' },
    ]);
  });
});

describe('whether anything to pay with was given out', () => {
  it('is asked of one payment of the order', () => {
    const order = sampleOrder({
      payments: [pay(), pay({ no: 'p2', codeUrl: null }), pay({ no: 'p3', codeUrl: null, handed: true })],
    });
    expect(['p1', 'p2', 'p3', 'p4'].map((no) => isUnseen(order, no))).toEqual([false, true, false, false]);
  });
});
