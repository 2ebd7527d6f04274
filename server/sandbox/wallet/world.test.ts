import { describe, expect, it } from 'vitest';
import { RETRY_SECONDS } from './wechat/constants.ts';
import { MINUTE, walletKit } from './wallet-kit.ts';

const kit = walletKit();

describe('a payer', () => {
  it('cannot pay what is paid, closed, expired, replaced or unknown', async () => {
    const { wallet } = kit.harness;
    const paid = await kit.made();
    wallet.pay(paid.codeUrl);
    expect(() => wallet.pay(paid.codeUrl)).toThrow('already-paid');
    const closed = await kit.made();
    await kit.harness.channel.close(closed.paymentNo);
    expect(() => wallet.pay(closed.codeUrl)).toThrow('closed');
    const expired = await kit.made();
    await kit.harness.advance(5 * MINUTE);
    expect(() => wallet.pay(expired.codeUrl)).toThrow('expired');
    expect(() => wallet.pay('weixin://wxpay/bizpayurl?pr=nothing')).toThrow('unknown-code');
  });

  it('who pays late is not seen until the code has expired; then the money is there, even if closed', async () => {
    const { paymentNo, codeUrl } = await kit.made();
    const { arrivesAt } = kit.harness.wallet.pay(codeUrl, 'late');
    expect(arrivesAt).toBeGreaterThan(kit.harness.now() + 5 * MINUTE - 1000);
    expect(await kit.harness.channel.query(paymentNo)).toEqual({ status: 'pending' });
    await kit.harness.advance(5 * MINUTE);
    expect(await kit.harness.channel.query(paymentNo)).toEqual({ status: 'closed' });
    expect(await kit.harness.channel.close(paymentNo)).toBe('closed');
    await kit.harness.advance(3_000);
    expect(await kit.harness.channel.query(paymentNo)).toMatchObject({ status: 'succeeded' });
    expect(await kit.harness.received()).toHaveLength(1);
  });

  it('can be let arrive at once', async () => {
    const { codeUrl } = await kit.made();
    kit.harness.wallet.pay(codeUrl, 'late');
    expect(kit.harness.wallet.settleLate()).toHaveLength(1);
    expect(kit.harness.wallet.settleLate()).toHaveLength(0);
  });

  it('who pays twice makes two transactions and two notifications of one number', async () => {
    const { paymentNo, codeUrl } = await kit.made();
    const { transactionIds } = kit.harness.wallet.pay(codeUrl, 'twice');
    expect(new Set(transactionIds).size).toBe(2);
    const received = await kit.harness.received();
    const opened = await Promise.all(
      received.map((each) => kit.harness.channel.parseNotification(each.headers, each.rawBody)),
    );
    expect(opened.map((each) => each.kind === 'payment' && each.paymentNo)).toEqual([paymentNo, paymentNo]);
    expect(new Set(opened.map((each) => each.id)).size).toBe(2);
  });

  it('left alone by the channel at expiry when the knob says so: NOTPAY until closed', async () => {
    kit.harness.wallet.setFaults({ expiry: 'leave' });
    const { paymentNo, codeUrl } = await kit.made();
    await kit.harness.advance(6 * MINUTE);
    expect(() => kit.harness.wallet.pay(codeUrl)).toThrow('expired');
    expect(await kit.harness.channel.query(paymentNo)).toEqual({ status: 'pending' });
    expect(await kit.harness.channel.close(paymentNo)).toBe('closed');
    expect(await kit.harness.channel.query(paymentNo)).toEqual({ status: 'closed' });
  });
});

describe('notifications', () => {
  it('are retried on the real schedule until they are acknowledged', async () => {
    kit.harness.answerWith(500);
    const { codeUrl } = await kit.made();
    await kit.harness.pay(codeUrl);
    for (const [index, seconds] of RETRY_SECONDS.entries()) {
      await kit.harness.advance(seconds * 1000 - 1);
      expect(await kit.harness.received()).toHaveLength(index + 1);
      await kit.harness.advance(1);
      expect(await kit.harness.received()).toHaveLength(index + 2);
    }
    expect(kit.harness.wallet.notifications()[0]).toMatchObject({ status: 'given-up' });
    await kit.harness.advance(24 * 60 * MINUTE);
    expect(await kit.harness.received()).toHaveLength(RETRY_SECONDS.length + 1);
  });

  it('are not retried after an acknowledgement, and are the same notification until then', async () => {
    kit.harness.answerWith(503);
    kit.harness.wallet.setFaults({ timeScale: 1000 });
    const { codeUrl } = await kit.made();
    await kit.harness.pay(codeUrl);
    kit.harness.answerWith(204);
    await kit.harness.advance(15);
    await kit.harness.advance(24 * 60 * MINUTE);
    const [first, second, ...more] = await kit.harness.received();
    expect(more).toHaveLength(0);
    const id = (raw: Buffer | undefined): unknown => (JSON.parse(String(raw)) as { id: unknown }).id;
    expect(id(first?.rawBody)).toBe(id(second?.rawBody));
  });

  it('can be lost, late, out of order, doubled and replayed', async () => {
    const { wallet } = kit.harness;
    const numbers = async (): Promise<string[]> => {
      const received = await kit.harness.received();
      const opened = await Promise.all(
        received.map((each) => kit.harness.channel.parseNotification(each.headers, each.rawBody)),
      );
      return opened.map((each) =>
        each.kind === 'payment' ? each.paymentNo : each.kind === 'refund' ? each.refundNo : each.complaintNo,
      );
    };
    const payments = [];
    for (let index = 0; index < 6; index += 1) payments.push(await kit.made());
    const [lost, late, held, next, doubled, replayed] = payments as [
      (typeof payments)[0],
      ...typeof payments,
    ];
    wallet.setFaults({
      notify: [
        { kind: 'lost', about: replayed?.paymentNo ?? '' },
        { kind: 'lost' },
        { kind: 'late', delayMs: 1000 },
        { kind: 'out-of-order' },
      ],
    });
    for (const each of [lost, late, held, next]) await kit.harness.pay(each?.codeUrl ?? '');
    await kit.harness.advance(1000);
    wallet.setFaults({ notify: [{ kind: 'duplicate' }, { kind: 'replay' }] });
    for (const each of [doubled, replayed]) await kit.harness.pay(each?.codeUrl ?? '');
    expect(await numbers()).toEqual(
      [next, held, late, doubled, doubled, replayed, replayed].map((each) => each?.paymentNo),
    );
    const all = await kit.harness.received();
    expect(all[3]?.headers['wechatpay-nonce']).not.toBe(all[4]?.headers['wechatpay-nonce']);
    expect(all[5]?.headers['wechatpay-signature']).toBe(all[6]?.headers['wechatpay-signature']);
  });

  it('that come out wrong once come right at the next try', async () => {
    kit.harness.answerWith(401);
    kit.harness.spoil('bad-signature');
    const { codeUrl, paymentNo } = await kit.made();
    await kit.harness.pay(codeUrl);
    kit.harness.answerWith('accepted');
    await kit.harness.advance(15_000);
    const [, second] = await kit.harness.received();
    expect(
      await kit.harness.channel.parseNotification(second?.headers ?? {}, second?.rawBody ?? Buffer.of()),
    ).toMatchObject({
      paymentNo,
    });
  });
});
