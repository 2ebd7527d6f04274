import type { GridTerminal } from './grid-terminal.ts';
import type { Town } from './grid-town.ts';
import type { Staff } from './staff.ts';

const PERCENT = 20;
/** One household in so many has the discount. */
const SHARE = 5;
/** An organisation that every installation has. */
const PLACE = '650100';
/** A committee can have so many terminals. */
const TERMINALS_A_FLOAT = 64;
const TOP_UPS = 3;
const MOST_FEN = 99_999_999;
const DAY_MS = 86_400_000;

/** What the discount takes off a purchase of a household that has it, fen: whole jiao. */
export function offered(faceFen: number): number {
  return Math.floor((faceFen * PERCENT) / 1000) * 10;
}

/** A discount for some of the town and floats for every counter; gives the numbers of those who have the discount. */
export async function openTill(init: {
  staff: Staff;
  town: Town;
  terminals: readonly GridTerminal[];
}): Promise<Set<string>> {
  const { staff, town, terminals } = init;
  const lucky = town.residents.filter((_, index) => index % SHARE === 0);
  await staff.households(
    lucky.map(({ customerNo }) => ({ customerNo, community: PLACE, tags: ['elderly'] })),
  );
  await staff.discount({
    names: { 'zh-CN': '优惠', ug: 'ئېتىبار', en: 'Discount' },
    ...{ community: null, tag: 'elderly', off: { kind: 'percent', percent: PERCENT } },
    from: new Date(Date.now() - DAY_MS).toISOString(),
    to: new Date(Date.now() + 30 * DAY_MS).toISOString(),
    ...{ capFen: MOST_FEN, budgetFen: 100 * MOST_FEN, funder: 'soak' },
  });
  for (let from = 0; from < terminals.length; from += TERMINALS_A_FLOAT) {
    const ids = terminals.slice(from, from + TERMINALS_A_FLOAT).map(({ id }) => id);
    await staff.float({ id: `soak-${from}`, name: 'Soak', terminals: ids }, TOP_UPS);
  }
  return new Set(lucky.map(({ customerNo }) => customerNo));
}
