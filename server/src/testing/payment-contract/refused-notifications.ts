import { expect, describe, it } from 'vitest';
import type { ChannelNature, NotificationFault, PaymentHarness } from '../payment-harness.ts';
import { fails, paymentKit } from './kit.ts';

/** Which notifications are refused. */
export function refusedNotifications(start: () => Promise<PaymentHarness>, nature: ChannelNature): void {
  describe('a notification', () => {
    const kit = paymentKit(start);
    const known = (faults: readonly NotificationFault[]): NotificationFault[] =>
      faults.filter((each) => !nature.noPlaceFor.includes(each));

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

    it('as deep or as manifold as no channel sends one: refused before it is looked into', async () => {
      await kit.paid();
      const [first] = await kit.harness.received();
      if (first === undefined) throw new Error('nothing was notified');
      const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
      for (const body of [deep, `{"sign":"YQ==","a":${deep}}`, `sign=YQ==&a=${deep}`, 'a&'.repeat(90_000)]) {
        await fails(
          kit.harness.channel.parseNotification(first.headers, Buffer.from(body)),
          'payment.bad-signature',
        );
      }
    });
  });
}
