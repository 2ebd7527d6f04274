import { expect, describe, it } from 'vitest';
import type { ChannelNotification, ComplaintNotice } from '../../gateways/payment/contract.ts';
import type { ChannelNature, PaymentHarness } from '../payment-harness.ts';
import { MINUTE, fails, paymentKit } from './kit.ts';

/** What a notification tells. */
export function notifications(start: () => Promise<PaymentHarness>, nature: ChannelNature): void {
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
  });
}
