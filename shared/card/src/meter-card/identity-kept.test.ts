import { expect, it } from 'vitest';
import type { Region } from '../chip/region.ts';
import { METER_CARDS } from '../testing/meter-files.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { codeOf, rig } from '../testing/write-rig.ts';
import { refuseIdentity } from './identity-kept.ts';
import { writeCard } from './write.ts';

it.each(METER_CARDS)('a plan that may change what a card is known by is refused: %s', (of) => {
  const purchase = samplePurchase(of, { cipher: tripleDes, seed: 93 });
  const { plan, layout } = purchase;
  const marks = layout.recognise.map(({ zone, offset, bytes }) => ({
    zone,
    offset,
    length: bytes.length / 2,
  }));
  for (const { zone, offset, length } of [layout.serial, ...marks]) {
    const ranged = (range: Region) => ({ ...plan, ranges: [...plan.ranges, range] });
    for (const at of [offset, offset + length - 1]) {
      expect(() => {
        refuseIdentity(ranged({ zone, offset: at, length: 1 }), layout);
      }).toThrow(/what the card is known by/);
    }
    for (const at of [offset - 1, offset + length]) {
      expect(() => {
        refuseIdentity(ranged({ zone, offset: at, length: 1 }), layout);
      }).not.toThrow();
    }
    expect(() => {
      refuseIdentity(ranged({ zone: 'other', offset, length }), layout);
    }).not.toThrow();
  }
});

it('nothing is presented to a card whose plan may change its serial', async () => {
  const purchase = samplePurchase('SLE4442', { cipher: tripleDes, seed: 94 });
  const before = purchase.card.snapshot();
  const ranges = [...purchase.plan.ranges, purchase.layout.serial];
  const init = await rig({ ...purchase, plan: { ...purchase.plan, ranges } });
  expect(await codeOf(writeCard(init))).toBe('meter-card.plan-refused');
  expect(purchase.card.snapshot()).toEqual(before);
});
