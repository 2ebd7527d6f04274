import { describe, expect, it } from 'vitest';
import { knownLayout, readCard } from '@bianmin/card/meter-card/read';
import { recogniserOf } from '@bianmin/card/meter-card/recognise';
import { toCardImageMessage } from '@bianmin/card/meter-card/wire';
import { DirectSession } from '@bianmin/card/testing/direct-session';
import type { MeterCard } from '@bianmin/card/testing/meter-files';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import { readBuiltIn } from '@bianmin/card/testing/read-built-in';
import { identifyChip } from '@bianmin/card/chip/identify';
import { Platform } from './platform/operations.ts';
import { moreHouseholds } from './world/more-households.ts';
import { World } from './world/world.ts';

const NOW = Date.UTC(2026, 0, 15, 2, 0, 0);
const READER = { memoryDialect: 'acs', wiresC4C8: true } as const;

function worldWith(card: MeterCard) {
  const world = new World({ now: () => NOW, seed: () => 7 });
  const [home] = moreHouseholds(world, { count: 1, chip: card });
  if (home === undefined) throw new Error('no household');
  return { world, platform: new Platform(world.books()), ...home };
}

async function imageOf(sim: SimulatedCard) {
  const session = new DirectSession(sim);
  const card = await recogniserOf(BOTH_MAKERS)(session, READER);
  return toCardImageMessage(await readCard(card.driver, session.atr, knownLayout(card)));
}

describe.each([
  ['SLE4442', 'second-SLE4442'],
  ['CPU', 'second-CPU'],
] as const)('on the chip of both makers, %s', (first, second) => {
  it('each meter takes its own maker’s cards, and what it cannot read it does not credit', () => {
    for (const [own, other] of [
      [first, second],
      [second, first],
    ] as const) {
      const { world, meterNo } = worldWith(own);
      const [stranger] = moreHouseholds(world, { count: 1, chip: other });
      expect(world.insert(meterNo, stranger?.cardId ?? '')).toMatchObject({ creditedFen: 0 });
      expect(world.meter(meterNo).creditedFen).toBe(0);
    }
  });

  it('a household is replaced its card by one that its meter can read', async () => {
    const { world, platform, customerNo } = worldWith(second);
    const [wrong, right] = world.addStock([first, second]);
    const ask = async (sim: SimulatedCard | undefined, requestNo: string) => {
      if (sim === undefined) throw new Error('no card');
      return platform.replaceCard({ requestNo, customerNo, image: await imageOf(sim) });
    };
    await expect(ask(wrong?.sim, '260115100000000001')).rejects.toMatchObject({ refusal: 'other' });
    await expect(ask(right?.sim, '260115100000000002')).resolves.toMatchObject({
      plan: { kind: 'replacement' },
    });
  });

  it('a terminal without the second’s layout never gets as far as a plan', async () => {
    const { world, platform, cardId } = worldWith(second);
    const { sim } = world.drawer.get(cardId);
    const session = new DirectSession(sim);
    const before = JSON.stringify(sim.snapshot());
    const failure = (async () => {
      const image = await readBuiltIn(await identifyChip(session, READER), session.atr);
      return platform.identify({ image: toCardImageMessage(image) });
    })();
    await expect(failure).rejects.toThrow();
    expect(JSON.stringify(sim.snapshot())).toBe(before);
  });

  it('it is the same world after a restart', () => {
    const { world, meterNo, customerNo, cardId } = worldWith(second);
    const again = new World({ now: () => NOW, stored: world.stored() });
    expect(again.homes.household(customerNo)).toMatchObject({ chip: first, card: second });
    expect(again.insert(meterNo, cardId)).toMatchObject({ error: null });
  });
});
