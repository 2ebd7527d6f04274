import { expect, describe, it } from 'vitest';
import type { ChannelNotification } from '../payment/contract.ts';
import type { PaymentHarness } from './payment-harness.ts';
import { MINUTE, fails, paymentKit } from './payment-kit.ts';

/** What a notification tells, and which are refused. */
export function notifications(start: () => Promise<PaymentHarness>): void {
  describe('a notification', () => {
    const kit = paymentKit(start);

    it('tells of the payment what the query tells', async () => {
      const made = await kit.paid();
      const notices = await kit.opened();
      expect(notices).toHaveLength(1);
      const evidence = await kit.harness.channel.query(made.paymentNo);
      const { status: _status, ...facts } = evidence as Extract<typeof evidence, { status: 'succeeded' }>;
      expect(notices[0]).toEqual({
        kind: 'payment',
        id: expect.any(String) as string,
        paymentNo: made.paymentNo,
        ...facts,
      });
    });

    it.each(['bad-signature', 'tampered', 'unknown-key', 'probe', 'stale', 'other-secret'] as const)(
      '%s: refused as not signed',
      async (fault) => {
        kit.harness.spoil(fault);
        await kit.paid();
        await fails(kit.opened(), 'payment.bad-signature');
      },
    );

    it.each(['foreign-merchant', 'foreign-app', 'foreign-currency'] as const)(
      '%s: refused as not ours',
      async (fault) => {
        kit.harness.spoil(fault);
        await kit.paid();
        await fails(kit.opened(), 'payment.mismatch');
      },
    );

    it('with another amount is told as it is: the order compares', async () => {
      kit.harness.spoil('wrong-amount');
      await kit.paid();
      expect(await kit.opened()).toMatchObject([{ kind: 'payment', amountFen: 4999 }]);
    });

    it('replayed keeps its id, so that it counts once; after five minutes it is refused', async () => {
      await kit.paid();
      const [first] = await kit.harness.received();
      if (first === undefined) throw new Error('nothing was notified');
      const open = (): Promise<ChannelNotification> =>
        kit.harness.channel.parseNotification(first.headers, first.rawBody);
      expect((await open()).id).toBe((await open()).id);
      await kit.harness.advance(5 * MINUTE - 1000);
      await open();
      await kit.harness.advance(3_000);
      await fails(open(), 'payment.bad-signature');
    });

    it('signed by the channel’s other key is opened as well', async () => {
      kit.harness.rotateKey();
      const made = await kit.paid();
      expect(await kit.opened()).toMatchObject([{ kind: 'payment', paymentNo: made.paymentNo }]);
    });

    it('without a header, with two, with an empty or foreign body: refused', async () => {
      await kit.paid();
      const [first] = await kit.harness.received();
      if (first === undefined) throw new Error('nothing was notified');
      const { headers, rawBody } = first;
      const signed = Object.keys(headers).filter((each) => /signature$|serial|nonce|timestamp/.test(each));
      expect(signed.length).toBeGreaterThan(0);
      for (const each of signed) {
        await fails(
          kit.harness.channel.parseNotification({ ...headers, [each]: undefined }, rawBody),
          'payment.bad-signature',
        );
        const twice = { ...headers, [each]: [String(headers[each]), String(headers[each])] };
        await fails(kit.harness.channel.parseNotification(twice, rawBody), 'payment.bad-signature');
      }
      for (const body of ['', '{}', 'null', `${rawBody.toString()} `]) {
        await fails(
          kit.harness.channel.parseNotification(headers, Buffer.from(body)),
          'payment.bad-signature',
        );
      }
    });
  });
}
