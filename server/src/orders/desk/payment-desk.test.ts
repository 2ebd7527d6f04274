import { beforeEach, describe, expect, it } from 'vitest';
import type { PaymentHandle } from '../../gateways/payment/contract.ts';
import { KeptTrigger } from '../../testing/kept-trigger.ts';
import { at, MoverRig } from '../../testing/mover-rig.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { atChannel, channelError, type Script } from '../../testing/scripted-channel.ts';
import { codeGiven, paymentsClosed } from '../model/moves/payment.ts';
import type { Order, Payment } from '../model/order.ts';
import { PaymentDesk } from './payment-desk.ts';

const ID = sampleOrder()._id;
const code = (codeUrl: string): PaymentHandle => ({ kind: 'code', codeUrl });
const pay = (no: string, over: Partial<Payment> = {}): Payment => samplePayment({ no, ...over });
/** Stored, and not asked for yet. */
const fresh = (over: Partial<Payment> = {}): Payment =>
  pay('p1', { status: 'created', codeUrl: null, ...over });
const unknown = fresh({ status: 'unknown' });
const OTHER = pay('p2', { codeUrl: 'other' });

let rig: MoverRig;
let trigger: KeptTrigger;
let received: unknown[];
beforeEach(() => {
  rig = new MoverRig();
  trigger = new KeptTrigger();
  received = [];
});

const on = atChannel(
  (sources) =>
    new PaymentDesk({
      ...{ mover: rig.mover, sources, trigger, log: rig.log },
      receiving: {
        received: async (order: Order, ...told: unknown[]) => {
          received.push(...told);
          return order;
        },
      } as never,
      publicUrl: 'https://pay.example',
    }),
);

const having = (...payments: Payment[]): Promise<Order> => rig.holds(sampleOrder({ payments }));
const change = (decide: Parameters<MoverRig['mover']['move']>[1]) => async () =>
  rig.mover.move(await rig.now(sampleOrder()), decide);
/** All that a channel is told of a payment. */
const content = {
  ...{ paymentNo: 'p1', amountFen: 5000, description: '电费充值 ¥50.00', expiresAt: at(300_000) },
  ...{ notifyUrl: 'https://pay.example/v1/notify/wechat', terminalId: 'T1' },
};

describe('a code that is asked for', () => {
  it('is that of the stored payment, which is asked about later', async () => {
    const { desk, channel } = on({ create: [code('c1')] });
    const order = await having(OTHER, fresh());
    expect((await desk.requestCode(order, 'p1')).payments).toEqual([
      OTHER,
      fresh({ status: 'pending', codeUrl: 'c1' }),
    ]);
    expect(channel.asked).toEqual([['create', content]]);
    expect(trigger.requests).toEqual([[ID, `poll-p1-${at(10_000).getTime() / 1000}`, 10_000]]);
  });

  it.each(['p9', 'p3', 'p4'])('is none where there is nothing to pay: %s', async (no) => {
    const order = await having(pay('p3', { status: 'closed' }), pay('p4', { status: 'succeeded' }));
    expect(await on({}).desk.requestCode(order, no)).toBe(order);
  });

  it('is the newest where it was asked for twice at once', async () => {
    const { desk, channel } = on({ create: [code('c1'), code('c3')] });
    const order = await having(OTHER, fresh());
    channel.meanwhile = change((now) => codeGiven(now, 'p1', 'c2'));
    expect((await desk.requestCode(order, 'p1')).payments[1]).toMatchObject({ codeUrl: 'c3' });
    expect(channel.asked).toEqual([
      ['create', content],
      ['create', content],
    ]);
  });

  it('is not asked for again where the other request got the same', async () => {
    const { desk, channel } = on({ create: [code('c1')] });
    const order = await having(fresh());
    channel.meanwhile = change((now) => codeGiven(now, 'p1', 'c1'));
    expect((await desk.requestCode(order, 'p1')).payments).toMatchObject([{ codeUrl: 'c1' }]);
  });

  it('is not shown, nor asked for again, where the payment ended meanwhile', async () => {
    const { desk, channel } = on({ create: [code('c1')] });
    const order = await having(fresh());
    channel.meanwhile = change((now) => paymentsClosed(now, ['p1']));
    expect((await desk.requestCode(order, 'p1')).payments).toMatchObject([
      { status: 'closed', codeUrl: null },
    ]);
  });
});

describe('a code that a channel does not give', () => {
  it.each(['payment.unavailable', 'payment.refused'] as const)(
    'ends its payment, and the caller is told why (%s)',
    async (reason) => {
      const { desk } = on({ create: [channelError(reason)] });
      const order = await having(OTHER, fresh());
      await expect(desk.requestCode(order, 'p1')).rejects.toMatchObject({ code: reason });
      expect((await rig.now(order)).payments).toMatchObject([{ status: 'pending' }, { status: 'closed' }]);
    },
  );

  it('ends nothing where another request got one: that is shown', async () => {
    const { desk, channel } = on({ create: [channelError('payment.refused')] });
    channel.meanwhile = change((now) => codeGiven(now, 'p1', 'c2'));
    const order = await having(fresh(), pay('p2', { status: 'closed' }));
    expect((await desk.requestCode(order, 'p1')).payments[0]).toMatchObject({
      ...{ status: 'pending', codeUrl: 'c2' },
    });
  });

  it('ends nothing where the fault is ours', async () => {
    const { desk } = on({ create: [new TypeError('Ours.')] });
    const order = await having(fresh());
    await expect(desk.requestCode(order, 'p1')).rejects.toThrow('Ours.');
    expect(await rig.now(order)).toBe(order);
  });
});

describe('a code of which it is not known whether its channel has heard', () => {
  const paid = { status: 'succeeded', transactionId: 't1', amountFen: 5000, paidAt: at(-1) } as const;

  it.each<[string, Payment, Script['create']]>([
    ['since its answer is missing', fresh(), [channelError(), code('c2')]],
    ['since before', unknown, [channelError('payment.refused'), code('c2')]],
  ])('is asked about, and asked for again (%s)', async (...[, payment, create]) => {
    const { desk, channel } = on({ create: create ?? [], query: [{ status: 'not-found', at: null }] });
    const { payments } = await desk.requestCode(await having(payment), 'p1');
    expect(payments).toMatchObject([{ status: 'pending', codeUrl: 'c2' }]);
    expect(channel.names).toEqual(['create', 'query', 'create']);
  });

  it('is paid where its channel says so', async () => {
    const order = await having(fresh());
    const { desk } = on({ create: [channelError()], query: [paid] });
    expect(await desk.requestCode(order, 'p1')).toBe(order);
    const { transactionId, amountFen, paidAt } = paid;
    expect(received).toEqual([{ paymentNo: 'p1', transactionId, amountFen, paidAt }, 'query']);
    expect(trigger.requests).toEqual([]);
  });

  it.each<[string, Script, object[]]>([
    ['where it is closed', { query: [{ status: 'closed' }] }, []],
    [
      'where its channel does not say',
      { query: [channelError('payment.unavailable')] },
      [
        {
          ...{ level: 'warn', msg: 'a channel gave no code yet', orderNo: ID },
          err: { message: 'Said payment.unavailable.' },
        },
      ],
    ],
  ])('is unknown, and looked at again in two seconds, %s', async (...[, script, lines]) => {
    const { desk, channel } = on({ create: [channelError()], ...script });
    const now = await desk.requestCode(await having(fresh()), 'p1');
    expect(now.payments).toEqual([unknown]);
    expect(trigger.requests).toEqual([[ID, `code-${now.version}`, 2_000]]);
    expect(channel.names).toEqual(['create', 'query']);
    expect(rig.lines.filter(({ level }) => level === 'warn')).toMatchObject(lines);
  });

  it('is not taken for unknown where the fault is ours', async () => {
    const { desk } = on({ create: [channelError()], query: [new TypeError('Ours.')] });
    await expect(desk.requestCode(await having(fresh()), 'p1')).rejects.toThrow('Ours.');
  });
});

describe('what a phone pays with', () => {
  it('is asked for with what is known of the phone, and its payment is asked about', async () => {
    const handle: PaymentHandle = { kind: 'redirect', url: 'https://wallet.example' };
    const { desk, channel } = on({ create: [handle] });
    const order = await having(fresh(), OTHER);
    const phone = { product: 'browser', payerIp: '192.0.2.1', returnUrl: 'https://pay.example/r' } as const;
    expect(await desk.hand(order, order.payments[0] ?? OTHER, phone)).toBe(handle);
    expect(channel.asked).toEqual([['create', { ...content, ...phone }]]);
    expect((await rig.now(order)).payments).toEqual([fresh({ status: 'pending', handed: true }), OTHER]);
    expect(trigger.requests).toHaveLength(1);
  });
});

describe('a payment that is asked about later', () => {
  it.each([
    ['in ten seconds at first', 0, 300_000, 10_000],
    ['after half its age', 60_000, 300_000, 30_000],
    ['after a minute at most', 200_000, 300_000, 60_000],
    ['right after its end', 20_000, 3_000, 3_500],
    ['in half a second where that is past', 20_000, -9_000, 500],
  ])('is so %s', async (...[, age, left, delay]) => {
    const payment = pay('p1', { createdAt: at(-age), expiresAt: at(left) });
    await on({}).desk.pollLater(sampleOrder(), payment);
    const second = Math.round(at(delay).getTime() / 1000);
    expect(trigger.requests).toEqual([[ID, `poll-p1-${second}`, delay]]);
  });
});
