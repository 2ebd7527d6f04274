import { D1, DIALECTS } from '@bianmin/card/chip/cpu/dialects';
import type { CpuDialect } from '@bianmin/card/chip/cpu/dialect';
import { codeChangerOf } from '@bianmin/card/cli/code-change';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { SECOND_DIALECT } from '@bianmin/card/testing/second-maker';
import { seededRandom } from '@bianmin/card/testing/random';
import { METER_CARDS, type MeterCard } from '@bianmin/card/testing/meter-files';
import { tearPurchase } from '@bianmin/card/testing/tear';
import type { TearScenario } from '@bianmin/card/testing/tear';
import { CODE_CHANGE_CHIPS, tearCodeChange } from '@bianmin/card/testing/tear-code-change';
import { insertWithWrongKey, WRONG_KEYS } from '@bianmin/card/testing/wrong-keys';

/** Cards whose writes are torn: every chip, by both makers. */
export const SOAK_CARDS = METER_CARDS;

export interface CardSoakRow {
  readonly soak: 'cards';
  /** The second maker's cards by their own names. */
  readonly chip: MeterCard;
  readonly cuts: number;
  /** Purchases that ended paid and not credited, credited twice, or with a card that can no longer be written. */
  readonly lost: number;
  readonly doubled: number;
  readonly bricked: number;
  /** Purchases for which staff had to present the code. */
  readonly staff: number;
  /** Changes of the card's code that were cut, apart from purchases; 0 where no terminal changes it. */
  readonly codeChangeCuts: number;
  /** Of these, cards that neither the old nor the new code opens: known not to be safe, and no fault. */
  readonly codeChangeLost: number;
  /** Of these, cards that something else happened to: a fault. */
  readonly codeChangeHarmed: number;
  /** CPU cards: insertions under plans of grids whose keys are wrong in every way; 0 for other chips. */
  readonly wrongKeyInsertions: number;
  /** Of these, cards that locked a key: a fault. */
  readonly wrongKeyLocked: number;
  readonly seed: number;
}

/** Of the cards of the first maker, and one that tells its tries. */
const ALL_DIALECTS: readonly CpuDialect[] = [...DIALECTS, { ...D1, tellsTries: true }];
/** One insertion with a wrong key for so many cuts of purchases, where nothing else is said. */
const CUTS_A_WRONG_KEY = 5;
/** Insertions of one card before the next one is taken. */
const INSERTIONS_A_CARD = 40;
/** One change of a code is cut for so many cuts of purchases. */
const CUTS_A_CODE_CHANGE = 10;

/** Tears purchases of one chip until `cuts` cuts have happened; the same seed tears the same way. */
export async function soakCards(init: {
  chip: MeterCard;
  cuts: number;
  seed: number;
  insertions?: number | undefined;
}): Promise<CardSoakRow> {
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
  return {
    soak: 'cards',
    chip: init.chip,
    seed: init.seed,
    ...row,
    ...(await soakCodeChanges(init, random)),
    ...(await soakWrongKeys(
      { ...init, insertions: init.insertions ?? init.cuts / CUTS_A_WRONG_KEY },
      random,
    )),
  };
}

type CodeChanges = Pick<CardSoakRow, 'codeChangeCuts' | 'codeChangeLost' | 'codeChangeHarmed'>;

/** Cuts at any place of a change of code, a tenth of `cuts`, each on a card of its own. */
export async function soakCodeChanges(
  init: { chip: MeterCard; cuts: number },
  random: () => number,
): Promise<CodeChanges> {
  const count = { codeChangeCuts: 0, codeChangeLost: 0, codeChangeHarmed: 0 };
  const chip = CODE_CHANGE_CHIPS.find((known) => known === init.chip);
  if (chip === undefined) return count;
  const rig = { cipher: tripleDes, changerOf: codeChangerOf };
  const { places } = await tearCodeChange({ chip, seed: 1 }, rig);
  while (count.codeChangeCuts < init.cuts / CUTS_A_CODE_CHANGE) {
    const seed = random() % 0x7fff_ffff;
    const { cut, opens, harmed } = await tearCodeChange({ chip, seed, cutAt: random() % places }, rig);
    count.codeChangeCuts += Number(cut);
    count.codeChangeLost += Number(opens === 'neither');
    count.codeChangeHarmed += Number(harmed);
  }
  return count;
}

type WrongKeys = Pick<CardSoakRow, 'wrongKeyInsertions' | 'wrongKeyLocked'>;

/** Cards of every dialect under grids that are wrong in every way, in turn, until so many insertions have been. */
export async function soakWrongKeys(
  init: { chip: MeterCard; insertions: number },
  random: () => number,
): Promise<WrongKeys> {
  const count = { wrongKeyInsertions: 0, wrongKeyLocked: 0 };
  const dialects = init.chip === 'CPU' ? ALL_DIALECTS : init.chip === 'second-CPU' ? [SECOND_DIALECT] : [];
  if (dialects.length === 0) return count;
  const cases = dialects.flatMap((dialect) => WRONG_KEYS.map((wrong) => ({ dialect, wrong })));
  for (let n = 0; count.wrongKeyInsertions < init.insertions; n++) {
    const { dialect, wrong } = cases[n % cases.length] ?? { dialect: D1, wrong: 'external' };
    const seed = random() % 0x7fff_ffff;
    const card = { cipher: tripleDes, dialect, wrong, insertions: INSERTIONS_A_CARD, seed };
    const { insertions, locked } = await insertWithWrongKey(card);
    count.wrongKeyInsertions += insertions;
    count.wrongKeyLocked += locked;
  }
  return count;
}

/** One purchase, torn one to four times anywhere. */
function scenario(chip: MeterCard, random: () => number): TearScenario {
  const cut = (): TearScenario['cuts'][number] => ({
    at: (random() % 1_000_000) / 1_000_000,
    meterFirst: random() % 2 === 0,
    elsewhere: random() % 2 === 0,
  });
  const cuts = Array.from({ length: 1 + (random() % 4) }, cut);
  return { card: chip, seed: random() % 0x7fff_ffff, cuts, weakByte: random() % 10 === 0 };
}
