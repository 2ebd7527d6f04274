import { beforeEach, describe, expect, it } from 'vitest';
import { at, MoverRig } from '../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { atChannel, channelError, type Script } from '../../testing/scripted-channel.ts';
import { refundEnded, refundSentAgain } from '../model/moves/refund.ts';
import type { Order, Payment, Refund, RefundStatus } from '../model/order.ts';
import { RefundDesk } from './refund-desk.ts';

const OWED_AT = at(-60_000);
const paid = samplePayment({
  ...{ no: 'p1', status: 'succeeded', funds: true, transactionId: 't1', codeUrl: null },
});
const owed: Refund = {
  ...{ no: 'r1', paymentNo: 'p1', fen: 4000, status: 'approved', reason: 'not-sold', at: OWED_AT },
};
const sent = { ...owed, status: 'sent', sentAt: at(-1000) } as const;
const done = { status: 'done', refundFen: 4000 } as const;

let rig: MoverRig;
beforeEach(() => {
  rig = new MoverRig();
});

const on = atChannel((sources) => new RefundDesk({ mover: rig.mover, sources, log: rig.log }));
const having = (refund: Refund, payment: Payment = paid): Promise<Order> =>
  rig.holds(sampleOrder({ payments: [payment], refunds: [refund] }));
const statusOf = (order: Order): RefundStatus | undefined => order.refunds[0]?.status;

describe('a refund that is sent', () => {
  it('is written down as sent before its channel hears of it, with all that the payer reads', async () => {
    const { desk, channel } = on({ refund: [done] });
    const order = await having(owed);
    const seen: unknown[] = [];
    channel.meanwhile = async () => seen.push((await rig.now(order)).refunds);
    expect(statusOf(await desk.send(order, owed))).toBe('done');
    expect(seen).toEqual([[{ ...owed, status: 'sent', sentAt: at(0) }]]);
    expect(channel.asked).toEqual([
      [
        'refund',
        {
          ...{ paymentNo: 'p1', transactionId: 't1', refundNo: 'r1', refundFen: 4000, totalFen: 5000 },
          reason: '售电未成功退款',
        },
      ],
    ]);
  });

  it.each([
    ['double-payment', '重复支付退款'],
    ['late-payment', '订单已关闭退款'],
    ['not-credited', '远程充值未成功退款'],
    ['requested', '退费'],
    ['compensation', '补偿退款'],
  ] as const)('says why to the payer: %s', async (...[reason, words]) => {
    const { desk, channel } = on({ refund: [done] });
    const refund = { ...owed, reason };
    await desk.send(await having(refund), refund);
    expect(channel.asked[0]?.[1]).toMatchObject({ reason: words });
  });

  it('is of its channel’s own number, where that took money twice on one', async () => {
    const { desk, channel } = on({ refund: [done], queryRefund: [done] });
    const { transactionId: _, ...extra } = { ...paid, channelNo: 'p0' };
    const order = await having(owed, extra);
    await desk.send(order, owed);
    await desk.resolve(order, owed);
    expect(channel.asked[0]?.[1]).toMatchObject({ paymentNo: 'p0' });
    expect(channel.asked[0]?.[1]).not.toHaveProperty('transactionId');
    expect(channel.asked[1]).toEqual(['queryRefund', 'r1', 'p0']);
  });

  it('is not sent where another process has sent it', async () => {
    const order = await having(sent);
    expect(await on({}).desk.send(order, owed)).toBe(order);
  });

  it('belongs to a payment of its order', async () => {
    const order = await having({ ...owed, paymentNo: 'p9' });
    await expect(on({}).desk.send(order, { ...owed, paymentNo: 'p9' })).rejects.toThrow(
      'Refund r1 belongs to no payment of its order.',
    );
  });
});

describe('what a channel says of a refund', () => {
  const answers: [RefundStatus, NonNullable<Script['refund']>[number]][] = [
    ['done', done],
    ['sent', { ...done, status: 'sent' }],
    ['abnormal', { ...done, status: 'abnormal' }],
    ['abnormal', { ...done, status: 'closed' }],
    ['abnormal', channelError('payment.refused')],
    ['abnormal', channelError('payment.mismatch')],
    ['approved', channelError('payment.unavailable')],
    ['unknown', channelError('payment.unknown')],
    ['unknown', channelError('payment.bad-signature')],
  ];

  it.each(answers)('when it is sent makes it %s: %o', async (status, answer) => {
    const order = await on({ refund: [answer] }).desk.send(await having(owed), owed);
    expect(statusOf(order)).toBe(status);
    expect(order.refunds[0]).toMatchObject({ sentAt: at(0) });
  });

  it.each(answers.slice(0, 4))('when it is asked makes it %s: %o', async (...[status, answer]) => {
    const unknown = { ...sent, status: 'unknown' } as const;
    const { desk, channel } = on({ queryRefund: [answer] });
    expect(statusOf(await desk.resolve(await having(unknown), unknown))).toBe(status);
    expect(channel.asked).toEqual([['queryRefund', 'r1', 'p1']]);
  });

  it.each([3999, 4001])('is a person’s to look at where it gave back another sum (%i)', async (refundFen) => {
    const order = await on({ refund: [{ ...done, refundFen }] }).desk.send(await having(owed), owed);
    expect(statusOf(order)).toBe('abnormal');
    expect(rig.lines).toContainEqual({
      ...{ level: 'error', msg: 'a channel gave back another amount' },
      ...{ orderNo: order._id, refundNo: 'r1' },
    });
  });

  it('is told in the log where it says nothing, and the refund stays as it is', async () => {
    const order = await having(sent);
    const { desk } = on({ queryRefund: [channelError()] });
    expect(await desk.resolve(order, sent)).toBe(order);
    expect(rig.lines).toMatchObject([
      {
        ...{ level: 'warn', msg: 'a refund has not gone through yet' },
        ...{ orderNo: order._id, refundNo: 'r1', err: { message: 'Said payment.unknown.' } },
      },
    ]);
  });

  it('is nothing where there is no such channel any more', async () => {
    const order = await having(sent, { ...paid, channel: 'alipay' });
    expect(await on({}).desk.resolve(order, sent)).toBe(order);
    expect(rig.lines).toMatchObject([{ err: { message: 'There is no channel alipay here.' } }]);
  });

  it.each<[string, Script]>([
    ['sent', { refund: [new TypeError('Ours.')] }],
    ['asked about', { queryRefund: [new TypeError('Ours.')] }],
  ])('is not taken for silence where a fault is ours: %s', async (call, script) => {
    const { desk } = on(script);
    const order = await having(owed);
    const asked = call === 'sent' ? desk.send(order, owed) : desk.resolve(order, owed);
    await expect(asked).rejects.toThrow('Ours.');
  });

  it('that it works on one which has failed since by another sending is believed', async () => {
    const { desk, channel } = on({ refund: [{ ...done, status: 'sent' }] });
    const order = await having(owed);
    channel.meanwhile = async () =>
      rig.mover.move(await rig.now(order), (now) => refundEnded(now, 'r1', 'abnormal'));
    expect(statusOf(await desk.send(order, owed))).toBe('sent');
  });

  it.each<[string, Script]>([
    ['it failed', { refund: [{ ...done, status: 'abnormal' }] }],
    ['it refuses it', { refund: [channelError('payment.refused')] }],
  ])('that %s says nothing of another sending since, which it may be working on', async (_, script) => {
    const { desk, channel } = on(script);
    const order = await having(owed);
    channel.meanwhile = async () =>
      rig.mover.move(await rig.now(order), (now) => refundSentAgain(now, 'r1', at(1)));
    expect(statusOf(await desk.send(order, owed))).toBe('sent');
  });
});

describe('a failure of what was sent more than once', () => {
  const minutesAgo = (minutes: number): Date => at(-minutes * 60_000);
  const again = { ...sent, sentAgainAt: at(-1000) };

  it.each([
    [29, 'unknown'],
    [31, 'abnormal'],
  ] as const)(
    'is asked about while the first sending may be on its way (%i minutes: %s)',
    async (minutes, status) => {
      const { desk } = on({ queryRefund: [{ ...done, status: 'abnormal' }] });
      const refund = { ...again, sentAt: minutesAgo(minutes) };
      expect(statusOf(await desk.resolve(await having(refund), refund))).toBe(status);
    },
  );
});

describe('what a channel reports of a refund by itself', () => {
  const report = { refundNo: 'r1', status: 'done' } as const;

  it('is taken in where it says the sum, or that it failed', async () => {
    const { desk } = on({});
    const order = await having(sent);
    const failed = await desk.heard(order, { ...report, status: 'abnormal' }, at(0));
    expect(statusOf(failed)).toBe('abnormal');
    expect(statusOf(await desk.heard(failed, { ...report, refundFen: 4000 }, at(0)))).toBe('done');
  });

  it.each(['sent', 'abnormal'] as const)(
    'is asked about where it does not say of which sum (%s)',
    async (status) => {
      const { desk, channel } = on({ queryRefund: [done] });
      const refunds = [
        { ...sent, no: 'r0' },
        { ...sent, status },
      ];
      const order = await rig.holds(sampleOrder({ payments: [paid], refunds }));
      expect((await desk.heard(order, report, at(0))).refunds).toMatchObject([
        ...[{ status: 'sent' }, { status: 'done' }],
      ]);
      expect(channel.asked).toEqual([['queryRefund', 'r1', 'p1']]);
    },
  );

  it('is not asked about where it is known, or is none of the order’s', async () => {
    const { desk } = on({});
    const order = await having({ ...sent, status: 'done' });
    expect(await desk.heard(order, report, at(0))).toBe(order);
    expect(await desk.heard(order, { ...report, refundNo: 'r9' }, at(0))).toBe(order);
  });
});
