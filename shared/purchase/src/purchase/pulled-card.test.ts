import { describe, expect, it } from 'vitest';
import { ChipSlot } from '@bianmin/card/testing/chip-slot';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { FakeSlots } from '@bianmin/card/testing/fake-slots';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import type { MeterCard } from '@bianmin/card/testing/meter-files';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { recogniserOf } from '@bianmin/card/meter-card/recognise';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import { SampleServer } from '../testing/sample-server.ts';
import { cardWorkBy } from './card-work.ts';
import { PurchaseFlow } from './flow.ts';

/** The hand takes the card out before or after one command of a session. */
class PulledSlot extends ChipSlot {
  /** Commands since the last insertion, each counted before it is sent and before it is answered. */
  moments = 0;
  /** The moment that the card is taken out at. */
  pullAt: number | undefined;

  override readonly removal = (): boolean => {
    const isNow = this.moments++ === this.pullAt;
    if (isNow) {
      this.pullAt = undefined;
      this.remove();
    }
    return isNow;
  };
}

async function kiosk(card: MeterCard, seed: number) {
  const purchase = samplePurchase(card, { cipher: tripleDes, seed });
  const serial = purchase.plan.serial;
  const clock = new ManualClock();
  const server = new SampleServer(clock, purchase);
  const slot = new PulledSlot(purchase.card);
  const slots = new FakeSlots();
  slots.list.push(slot);
  const flow = new PurchaseFlow({
    slots,
    api: server,
    feed: server,
    journal: new MemoryJournal(),
    clock,
    cards: cardWorkBy(recogniserOf(BOTH_MAKERS)),
    unseal: (jwe) => Promise.resolve(jwe),
    settings: { entry: 'kiosk', channel: 'wechat' },
    newKey: () => '00000000-0000-4000-8000-000000000001',
  });
  await flow.start();
  slot.insert(serial);
  await quiet();
  flow.command({ type: 'confirm-card' });
  flow.command({ type: 'choose-amount', faceFen: 5000 });
  await settled();
  const { orderNo } = server.last;
  server.pay(orderNo);
  await settled();
  slot.moments = 0;
  return { purchase, server, slot, flow, serial, orderNo };
}

/** Runs what is ready until nothing changes any more. */
async function quiet(): Promise<void> {
  for (let rounds = 0; rounds < 12; rounds++) await settled();
}

describe.each(['SLE4442', 'CPU', 'second-SLE4442', 'second-CPU'] as const)(
  'a %s card that is pulled while it is written',
  (card) => {
    it('is finished when it comes back, at whatever command it was pulled, and the meter credits once', async () => {
      const whole = await kiosk(card, 7);
      whole.server.move(whole.orderNo, 'sold');
      await quiet();
      expect(whole.flow.view.screen).toBe('done');
      const moments = whole.slot.moments;
      expect(moments).toBeGreaterThan(10);

      for (let pullAt = 0; pullAt < moments; pullAt++) {
        const { purchase, server, slot, flow, serial, orderNo } = await kiosk(card, 7);
        slot.pullAt = pullAt;
        server.move(orderNo, 'sold');
        await quiet();
        expect(flow.view, `pulled at ${pullAt}`).toEqual({ screen: 'pulled', orderNo, paid: true });
        slot.insert(serial);
        await quiet();
        expect(flow.view, `pulled at ${pullAt}`).toMatchObject({ screen: 'done', orderNo });
        const before = purchase.meter.balanceFen;
        purchase.meter.insert(purchase.card);
        purchase.meter.insert(purchase.card);
        expect(purchase.meter.balanceFen - before).toBe(purchase.amountFen);
        expect(server.orders).toHaveLength(1);
        expect(server.claims.map(({ result }) => result)).toEqual(['written']);
        await flow.stop();
      }
    });
  },
);
