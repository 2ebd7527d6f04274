import { describe, expect, it } from 'vitest';
import { openChildSlots } from '@bianmin/card/node/child-slots';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import type { MeterChip } from '@bianmin/card/testing/meter-files';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import { atApdu, DrivenReader } from '@bianmin/card/testing/node/sim-slots-rig';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { SampleServer } from '../testing/sample-server.ts';
import { cardWork } from './card-work.ts';
import { PurchaseFlow } from './flow.ts';

/** Runs what is ready until nothing changes any more. */
async function quiet(): Promise<void> {
  for (let rounds = 0; rounds < 60; rounds++) await settled();
}

async function pass(clock: ManualClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await clock.advance(500);
    await quiet();
  }
}

/** A kiosk whose readers a process of their own drives, with a paid order that the grid has not sold yet. */
async function kiosk(chip: MeterChip) {
  const purchase = samplePurchase(chip, { cipher: tripleDes, seed: 7 });
  const clock = new ManualClock();
  const server = new SampleServer(clock, purchase);
  const driven = new DrivenReader(clock, { level: 'tpdu' });
  driven.reader.insert(purchase.card);
  const slots = await openChildSlots({ clock, start: driven.start, onFault: () => undefined });
  const flow = new PurchaseFlow({
    ...{ slots, api: server, feed: server, clock, cards: cardWork },
    journal: new MemoryJournal(),
    unseal: (jwe) => Promise.resolve(jwe),
    settings: { entry: 'kiosk', channel: 'wechat' },
    newKey: () => '00000000-0000-4000-8000-000000000001',
  });
  await flow.start();
  await quiet();
  flow.command({ type: 'confirm-card' });
  flow.command({ type: 'choose-amount', faceFen: 5000 });
  await quiet();
  const { orderNo } = server.last;
  server.pay(orderNo);
  await quiet();
  return { purchase, clock, server, driven, slots, flow, orderNo };
}

/** One visit whose child is lost in APDU `n`; says how many APDUs it took in all. */
async function visit(chip: MeterChip, how: 'die' | 'hang', n: number, when: 'before' | 'after') {
  const { purchase, clock, server, driven, slots, flow, orderNo } = await kiosk(chip);
  const counted = atApdu(purchase.card, { n, when, act: () => void driven.child[how]() });
  server.move(orderNo, 'sold');
  await pass(clock, 12_000);
  const what = `${how} ${when} APDU ${n}`;
  const isLost = n < counted.apdus;
  expect(driven.children.length, what).toBe(isLost ? 2 : 1);
  expect(flow.view, what).toMatchObject({ screen: 'done', orderNo });
  driven.reader.eject();
  const before = purchase.meter.balanceFen;
  purchase.meter.insert(purchase.card);
  purchase.meter.insert(purchase.card);
  expect(purchase.meter.balanceFen - before, what).toBe(purchase.amountFen);
  expect(server.orders).toHaveLength(1);
  expect(server.claims.map(({ result }) => result)).toEqual(['written']);
  await flow.stop();
  await slots.close();
  return { isLost };
}

describe.each(['SLE4442', 'CPU'] as const)('a %s card whose readers are lost while it is written', (chip) => {
  it.each([
    ['die', 'before'],
    ['die', 'after'],
    ['hang', 'before'],
    ['hang', 'after'],
  ] as const)(
    'is finished without a hand, at whatever APDU their process did %s, %s the card had it',
    async (how, when) => {
      let lost = 0;
      while ((await visit(chip, how, lost, when)).isLost) lost++;
      expect(lost).toBeGreaterThan(5);
    },
  );
});
