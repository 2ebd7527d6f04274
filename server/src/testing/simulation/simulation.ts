import { NEVER_MADE_MS } from '../../kernel/limits.ts';
import { correctnessViolations, isAtRest, livenessViolations } from './ends.ts';
import { Household } from './household.ts';
import { Payers } from './paying.ts';
import { MOST_SKEW_MS } from './process.ts';
import { Staff } from './staff.ts';
import { Town } from './town.ts';

const MINUTE = 60_000;
/** A household alone, or a family with three meters, whose cards and phones may be mixed up. */
const METERS = [1, 3] as const;
/** Once all is mended, every order has ended by then, ms. */
const ENDED_WITHIN_MS = 3 * 60 * MINUTE;

export interface Simulated {
  readonly seed: number;
  readonly orders: number;
  /** How often it was decided who goes on. */
  readonly turns: number;
  /** Sentences about money and meters that were true and must never be. */
  readonly correctness: readonly string[];
  /** What did not end, ended too late or cost too much, or waited for a person. */
  readonly liveness: readonly string[];
  /** From when all was mended until the last order had ended, ms. */
  readonly endedAfterMs: number;
  /** A digest of who went on when: the same for the same seed. */
  readonly trace: string;
}

export interface SimulationInit {
  /** A whole number, of 31 bits: it decides everything. */
  readonly seed: number;
  /** Told of each turn. */
  readonly tell?: ((line: string) => void) | undefined;
  /** For who judges the judge: once all has ended, before it is looked at. */
  readonly spoil?: (town: Town) => void;
}

/**
 * A few households, two web processes and two workers with the real modules, on one seed: it decides what goes wrong, who goes
 * on at each call to store, Redis, queue, grid and channel, when processes die and whose clock is wrong. Then all is mended, time
 * passes, and channels, meters, books and orders are compared.
 */
export async function simulate({ seed, tell, spoil }: SimulationInit): Promise<Simulated> {
  const town = new Town({ seed, tell });
  let endedAfterMs = 0;
  const correctness: string[] = [];
  const liveness: string[] = [];
  try {
    endedAfterMs = await run(town);
    spoil?.(town);
    correctness.push(...correctnessViolations(town));
    liveness.push(...livenessViolations(town));
  } catch (error) {
    liveness.push(
      `it came to no end: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  const { taken: turns, trace } = town.turns;
  const found = [...new Set([...town.violations, ...correctness])];
  return { seed, orders: town.all().length, turns, correctness: found, liveness, endedAfterMs, trace };
}

async function run(town: Town): Promise<number> {
  const { dice, turns, weather } = town;
  await town.open();
  const payers = new Payers(town);
  const households = Array.from({ length: dice.pick(METERS) }, () => new Household(town, payers));
  const staff = new Staff(town, households);
  for (const household of households) {
    for (let persons = 1 + dice.below(2); persons > 0; persons -= 1) turns.begin(() => household.live());
  }
  turns.begin(() => staff.work());
  turns.begin(() => payers.settle());
  turns.begin(() => turns.sleep(weather.clearsAt - turns.now()));
  await turns.run();
  town.mend();
  let endedAfterMs = 0;
  turns.begin(async () => {
    endedAfterMs = await finish(town, { households, staff, payers });
  });
  await turns.run();
  return endedAfterMs;
}

/** Nothing fails any more. Gives how long it took until every order had ended, ms. */
async function finish(
  town: Town,
  people: { households: readonly Household[]; staff: Staff; payers: Payers },
): Promise<number> {
  const { turns, dice, channels } = town;
  const { households, staff, payers } = people;
  const mended = turns.now();
  const isOver = (): boolean =>
    turns.now() >= mended + ENDED_WITHIN_MS || town.all().every((order) => isAtRest(order));
  for (const [name, channel] of channels) {
    channel.refundsAtOnce = true;
    channel.settleRefunds();
    // What was never told of is found by a question, or on the bill.
    for (const no of channel.trades.keys())
      if (!town.untold.has(no) && dice.chance(0.5)) payers.tell(no, name);
  }
  do {
    for (const household of households) await household.finish();
    await staff.finish();
    if (!isOver()) await turns.sleep(MINUTE);
  } while (!isOver());
  await staff.reconcile();
  while (!isOver()) await turns.sleep(MINUTE);
  const endedAfterMs = turns.now() - mended;
  // Holds of discounts end with their orders, and those whose order never came once that is sure.
  await turns.sleep(Math.max(0, mended + NEVER_MADE_MS + MOST_SKEW_MS - turns.now()) + 3 * MINUTE);
  return endedAfterMs;
}
