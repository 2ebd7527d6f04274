import { tripleDes } from '@bianmin/shared/node/triple-des';
import { seededRandom } from '@bianmin/shared/testing/random';
import { METER_CHIPS, type MeterChip } from '@bianmin/shared/testing/meter-files';
import { tearPurchase } from '@bianmin/shared/testing/tear';
import type { TearScenario } from '@bianmin/shared/testing/tear';

/** Chips whose writes are torn. */
export const SOAK_CHIPS = METER_CHIPS;

export interface CardSoakRow {
  readonly soak: 'cards';
  readonly chip: MeterChip;
  readonly cuts: number;
  /** Purchases that ended paid and not credited, credited twice, or with a card that can no longer be written. */
  readonly lost: number;
  readonly doubled: number;
  readonly bricked: number;
  /** Purchases for which staff had to present the code. */
  readonly staff: number;
  readonly seed: number;
}

/** Tears purchases of one chip until `cuts` cuts have happened; the same seed tears the same way. */
export async function soakCards(init: { chip: MeterChip; cuts: number; seed: number }): Promise<CardSoakRow> {
  const random = seededRandom(init.seed);
  const row = { cuts: 0, lost: 0, doubled: 0, bricked: 0, staff: 0 };
  while (row.cuts < init.cuts) {
    const outcome = await tearPurchase(scenario(init.chip, random), { cipher: tripleDes });
    row.cuts += outcome.cuts;
    row.staff += outcome.staff;
    row.lost += Number(outcome.lost);
    row.doubled += Number(outcome.doubled);
    row.bricked += Number(outcome.bricked);
  }
  return { soak: 'cards', chip: init.chip, seed: init.seed, ...row };
}

/** One purchase, torn one to four times anywhere. */
function scenario(chip: MeterChip, random: () => number): TearScenario {
  const cut = (): TearScenario['cuts'][number] => ({
    at: (random() % 1_000_000) / 1_000_000,
    meterFirst: random() % 2 === 0,
    elsewhere: random() % 2 === 0,
  });
  const cuts = Array.from({ length: 1 + (random() % 4) }, cut);
  return { chip, seed: random() % 0x7fff_ffff, cuts, weakByte: random() % 10 === 0 };
}
