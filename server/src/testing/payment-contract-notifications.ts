import { expect, describe, it } from 'vitest';
import type { ChannelNotification, ComplaintNotice } from '../gateways/payment/contract.ts';
import type { ChannelNature, NotificationFault, PaymentHarness } from './payment-harness.ts';
import { MINUTE, fails, paymentKit } from './payment-kit.ts';

/** What a notification tells, and which are refused. */
export function notifications(start: () => Promise<PaymentHarness>, nature: ChannelNature): void {
  describe('a notification', () => {
    const kit = paymentKit(start);
    const known = (faults: readonly NotificationFault[]): NotificationFault[] =>
      faults.filter((each) => !nature.noPlaceFor.includes(each));

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

    it.each(known(['bad-signature', 'tampered', 'unknown-key', 'probe', 'stale', 'other-secret']))(
      '%s: refused as not signed',
      async (fault) => {
        kit.harness.spoil(fault);
        await kit.paid();
        await fails(kit.opened(), 'payment.bad-signature');
      },
    );

    it.each(known(['foreign-merchant', 'foreign-app', 'foreign-currency']))(
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

    it('replayed keeps its id, so that it counts once; where it is dated, it is refused after five minutes', async () => {
      await kit.paid();
      const [first] = await kit.harness.received();
      if (first === undefined) throw new Error('nothing was notified');
      const open = (): Promise<ChannelNotification | ComplaintNotice> =>
        kit.harness.channel.parseNotification(first.headers, first.rawBody);
      const opened = await open();
      expect((await open()).id).toBe(opened.id);
      await kit.harness.advance(5 * MINUTE - 1000);
      await open();
      await kit.harness.advance(3_000);
      if (nature.signature === 'dated-headers') await fails(open(), 'payment.bad-signature');
      else expect((await open()).id).toBe(opened.id);
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
      expect(signed.length > 0).toBe(nature.signature === 'dated-headers');
      for (const each of signed) {
        await fails(
          kit.harness.channel.parseNotification({ ...headers, [each]: undefined }, rawBody),
          'payment.bad-signature',
        );
        const twice = { ...headers, [each]: [String(headers[each]), String(headers[each])] };
        await fails(kit.harness.channel.parseNotification(twice, rawBody), 'payment.bad-signature');
      }
      const text = rawBody.toString();
      const altered = nature.signature === 'undated-fields' ? `[${text}]` : `${text} `;
      for (const body of ['', '{}', 'null', altered]) {
        await fails(
          kit.harness.channel.parseNotification(headers, Buffer.from(body)),
          'payment.bad-signature',
        );
      }
    });
  });
}
