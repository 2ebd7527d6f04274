import { beforeEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../../kernel/problem.ts';
import { at, MoverRig } from '../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { atChannel, channelError } from '../../testing/scripted-channel.ts';
import { refundSentAgain } from '../model/moves/refund.ts';
import type { Order, Refund } from '../model/order.ts';
import { RefundDesk } from './refund-desk.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const paid = samplePayment({ no: 'p1', status: 'succeeded', funds: true, codeUrl: null });
const refund = (over: Partial<Refund> = {}): Refund => ({
  ...{ no: 'r1', paymentNo: 'p1', fen: 4000, status: 'unknown', reason: 'not-sold' },
  ...{ at: at(-450_000), sentAt: at(-150_000) },
  ...over,
});
const notFound = { status: 'not-found' } as const;
const done = { status: 'done', refundFen: 4000 } as const;

let rig: MoverRig;
beforeEach(() => {
  rig = new MoverRig();
});

const on = atChannel((sources) => new RefundDesk({ mover: rig.mover, sources, log: rig.log }));
const having = (...refunds: Refund[]): Promise<Order> =>
  rig.holds(sampleOrder({ payments: [paid], refunds }));

describe('a refund that its channel does not know', () => {
  /** The operations of its channel when it is asked about now. */
  const asked = async (over: Partial<Refund>): Promise<unknown[]> => {
    const { desk, channel } = on({ queryRefund: [notFound], refund: [done] });
    await desk.resolve(await having(refund(over)), refund(over));
    return channel.names;
  };

  it('is sent again under its number, and that is written down', async () => {
    const { desk, channel } = on({ queryRefund: [notFound], refund: [done] });
    const other = refund({ no: 'r0', sentAt: at(-1) });
    const now = await desk.resolve(await having(other, refund()), refund());
    expect(now.refunds).toEqual([other, { ...refund(), status: 'done', sentAgainAt: at(0) }]);
    expect(channel.asked[1]?.[1]).toMatchObject({ refundNo: 'r1', refundFen: 4000 });
  });

  it('waits for half of the time between its debt and its sending', async () => {
    rig.clock.jump(-1);
    expect(await asked({})).toEqual(['queryRefund']);
  });

  it('waits longer where its channel had accepted it', async () => {
    const old = { at: at(-9 * HOUR), sentAt: at(-HOUR + 1) };
    expect(await asked({ ...old, status: 'sent' })).toEqual(['queryRefund']);
    rig = new MoverRig();
    expect(await asked(old)).toEqual(['queryRefund', 'refund']);
  });

  it('counts from when it was sent again last', async () => {
    expect(await asked({ sentAgainAt: at(-10) })).toEqual(['queryRefund']);
  });

  it('is sent by one process where several asked', async () => {
    const { desk, channel } = on({ queryRefund: [notFound] });
    const order = await having(refund());
    channel.meanwhile = async () =>
      rig.mover.move(await rig.now(order), (now) => refundSentAgain(now, 'r1', at(-1)));
    await desk.resolve(order, refund());
    expect(channel.names).toEqual(['queryRefund']);
    expect((await rig.now(order)).refunds[0]).toMatchObject({ sentAgainAt: at(-1) });
  });

  it.each(['unknown', 'sent'] as const)(
    'stays %s where the second sending does not leave: the first may have',
    async (status) => {
      const { desk } = on({ queryRefund: [notFound], refund: [channelError('payment.unavailable')] });
      const old = refund({ status, at: at(-9 * HOUR), sentAt: at(-2 * HOUR) });
      const now = await desk.resolve(await having(old), old);
      expect(now.refunds).toEqual([{ ...old, sentAgainAt: at(0) }]);
    },
  );

  it('is not sent by the way where it never was', async () => {
    const { sentAt: _, ...unsent } = refund({ status: 'approved' });
    const { desk, channel } = on({ queryRefund: [notFound] });
    const order = await having(unsent);
    expect(await desk.resolve(order, unsent)).toBe(order);
    expect(channel.names).toEqual(['queryRefund']);
  });
});

describe('refunds that failed, asked about once more before persons decide', () => {
  const failed = (no: string, over: Partial<Refund> = {}): Refund =>
    refund({ no, status: 'abnormal', ...over });

  it('are written down as what their channel made of them after all, and no others are asked about', async () => {
    const { desk, channel } = on({ queryRefund: [done, notFound] });
    const order = await having(refund({ no: 'r0' }), failed('r1'), failed('r2'));
    expect((await desk.askAgain(order)).refunds.map(({ status }) => status)).toEqual([
      ...['unknown', 'done', 'abnormal'],
    ]);
    expect(channel.asked.map(([, no]) => no)).toEqual(['r1', 'r2']);
    expect(rig.lines.map(({ msg }) => msg)).not.toContain('a channel gave back another amount');
  });

  it.each<[string, Partial<Refund>]>([
    ['of a moment ago', { sentAt: at(0) }],
    ['of three days ago', { sentAt: at(-3 * DAY) }],
    ['that was sent again since', { sentAt: at(-9 * DAY), sentAgainAt: at(-DAY) }],
  ])('are no person’s to decide while their channel is silent: %s', async (_, over) => {
    const silence = channelError();
    const order = await having(failed('r1', over));
    const refusal: unknown = await on({ queryRefund: [silence] })
      .desk.askAgain(order)
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ProblemError);
    expect(refusal).toMatchObject({
      code: 'payment.channel-unavailable',
      message: 'The channel cannot say now what became of the refund. Try again in a few minutes.',
      ...{ orderNo: order._id, cause: silence },
    });
  });

  it.each<[string, Refund]>([
    ['sent', failed('r1', { sentAt: at(-3 * DAY - 1) })],
    ['owed', withoutSending(failed('r1', { at: at(-3 * DAY - 1) }))],
  ])('are theirs where it has been silent for more than three days since it was %s', async (_, silent) => {
    const { desk } = on({ queryRefund: [channelError(), done] });
    const order = await having(silent, failed('r2'));
    expect((await desk.askAgain(order)).refunds.map(({ status }) => status)).toEqual(['abnormal', 'done']);
  });
});

function withoutSending({ sentAt: _, ...rest }: Refund): Refund {
  return rest;
}
