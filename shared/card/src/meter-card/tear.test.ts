import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../bytes/hex.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import {
  tearPlaces,
  tearPurchase,
  type CardWriter,
  type TearRig,
  type TearScenario,
} from '../testing/tear.ts';
import { METER_CARDS, type MeterCard } from '../testing/meter-files.ts';
import { runs, runSeed } from '../testing/property-runs.ts';
import { commandOf, NO_HISTORY } from '../chip/cpu/key-guard.ts';
import { statusError } from '../chip/cpu/status.ts';
import { readCard } from './read.ts';

const RIG: TearRig = { cipher: tripleDes };
const CUTS = runs(1_000);
/** Within so many cuts a writer that is wrong is caught, in every run. */
const CUTS_TO_CATCH = 1_000;
/** Every card that a purchase is written on: all chips, both makers. */
const CARDS = METER_CARDS;

const scenarioOf = (card: MeterCard): fc.Arbitrary<TearScenario> =>
  fc.record({
    card: fc.constant(card),
    seed: fc.nat(0x7fffffff),
    cuts: fc.array(
      fc.record({
        // Not `fc.double`: it spreads over the representable numbers, nearly all of which are close to 0.
        at: fc.nat(999_999).map((part) => part / 1_000_000),
        meterFirst: fc.boolean(),
        elsewhere: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    weakByte: fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0),
  });

const seed = Number(process.env['TEAR_SEED'] ?? runSeed());

/** Runs scenarios until so many cuts happened; gives the first failing one, smallest first where it can be shrunk. */
async function prove(card: MeterCard, rig: TearRig, atLeast: number): Promise<{ cuts: number }> {
  let cuts = 0;
  for (let round = 0; cuts < atLeast; round++) {
    await fc.assert(
      fc.asyncProperty(scenarioOf(card), async (scenario) => {
        const outcome = await tearPurchase(scenario, rig);
        cuts += outcome.cuts;
        expect({ ...outcome, cuts: 0, staff: 0 }).toEqual({
          cuts: 0,
          staff: 0,
          lost: false,
          doubled: false,
          bricked: false,
        });
      }),
      { seed: seed + round, numRuns: runs(100) },
    );
  }
  return { cuts };
}

describe.each(CARDS)('a card pulled out at any moment: %s', (card) => {
  it(`is credited exactly once and never harmed, over ${CUTS} cuts (seed ${seed})`, async () => {
    const { cuts } = await prove(card, RIG, CUTS);
    expect(cuts).toBeGreaterThanOrEqual(CUTS);
  });

  it('survives a cut at every single place of a write, in the meter first and not', async () => {
    for (const meterFirst of [false, true]) {
      const places = await tearPlaces({ card, seed: 5 }, RIG);
      expect(places).toBeGreaterThan(60);
      for (let place = 0; place < places; place++) {
        const cut = { at: (place + 0.5) / places, meterFirst, elsewhere: true };
        const outcome = await tearPurchase({ card, seed: 5, cuts: [cut] }, RIG);
        expect({ place, ...outcome }).toMatchObject({
          ...{ place, cuts: 1, lost: false, doubled: false, bricked: false },
        });
      }
    }
  });
});

/** What a careless terminal does: everything in order, no comparison afterwards. */
const withoutReadBack: CardWriter = async ({ driver, layout, atr, plan, authorise }) => {
  const gathered: Record<string, string> = {};
  for (let stage = plan; ;) {
    for (const step of stage.steps) {
      if (step.op === 'present-code') await driver.presentCode(fromHex(step.code));
      else if (step.op === 'write') await driver.write({ ...step, data: fromHex(step.data) });
      else {
        const command = commandOf(fromHex(step.apdu));
        if (command.tries !== 'nothing') {
          await driver.tryKey(command.apdu, NO_HISTORY);
          continue;
        }
        const { data, sw } = await driver.exchange(command.apdu);
        const error = statusError(sw);
        if (error !== undefined) throw error;
        if (step.gather !== undefined)
          gathered[step.gather] = Buffer.from(data).toString('hex').toUpperCase();
      }
    }
    if (stage.authorise === undefined) break;
    stage = await authorise({ orderNo: plan.orderNo, lease: 1, stage: stage.stage + 1, gathered });
  }
  return { image: await readCard(driver, atr, layout), imageDigest: '' };
};

describe('the proof itself', () => {
  it('catches a plan that writes the count before the amount', async () => {
    await expect(prove('CPU', { ...RIG, wrongOrder: true }, CUTS_TO_CATCH)).rejects.toThrow(
      /Property failed/,
    );
  });

  it.each(CARDS)('catches a writer that does not read back: %s', async (card) => {
    await expect(prove(card, { ...RIG, writer: withoutReadBack }, CUTS_TO_CATCH)).rejects.toThrow(
      /Property failed/,
    );
  });
});
