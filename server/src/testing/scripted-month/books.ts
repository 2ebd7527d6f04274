import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { closedShiftView } from '../../money/float/shift-view.ts';
import { FLOAT, MONTH, NORTH, SOUTH, WALLETS, type MonthWorld } from './month-world.ts';
import { DAYS, type Outside } from './outside.ts';
import type { MonthSums } from './wanted.ts';

/** What the server's books, bills and desks say of the month; of meters they say nothing, and those are asked themselves. */
export async function booksOf(w: MonthWorld, { grid, meters }: Outside): Promise<MonthSums> {
  const { books, floats, discounts } = w.of;
  const ledger = await books.ledger.turnover({ from: `${MONTH}-01`, to: `${MONTH}-31` });
  const { sums, digest } = await books.months.get(MONTH);
  const budgets = (await discounts.list(WHOLE_PROVINCE)).map(
    ({ rule, budget }) => [rule.funder, budget?.spentFen ?? 0] as const,
  );
  const shifts = await shiftsOf(w);
  const [float] = await floats.floats.list();
  const left = new Map(shifts.map(({ terminalId, leftFen }) => [terminalId, leftFen]));
  return {
    ...{ ledger, closed: { sums, digest: digest ?? '' }, meters, shifts },
    allAccountsFen: sum([...(await books.ledger.turnover()).values()]),
    gridBills: new Map(
      await each(
        DAYS,
        async (day) => [day, numbers((await books.bills.grid(grid, day)).totals.slice(3))] as const,
      ),
    ),
    walletBills: new Map(
      await each(
        WALLETS,
        async (wallet) => [wallet, (await books.bills.channelFees(wallet, MONTH)).rows] as const,
      ),
    ),
    communityBills: new Map(
      await each(
        [NORTH, SOUTH],
        async (org) => [org, numbers((await books.bills.community(org, MONTH)).totals.slice(2))] as const,
      ),
    ),
    statements: new Map(
      await each(
        [NORTH, SOUTH],
        async (org) => [org, numbers((await books.statements.of(org, MONTH)).totals.slice(3))] as const,
      ),
    ),
    budgets: new Map(budgets),
    floatFen: float?._id === FLOAT ? float.balanceFen : Number.NaN,
    cashFen: sum([...shifts.map(({ handedInFen }) => handedInFen), ...left.values()]),
  };
}

async function shiftsOf(w: MonthWorld) {
  const days = await each(DAYS, async (day) => {
    const { closed } = await w.of.floats.floats.shifts(FLOAT, day);
    return closed.map((shift) => {
      const view = closedShiftView(shift);
      const { terminalId, openingFen, takenFen, times, backFen, backTimes } = view;
      const { countedFen, leftFen, handedInFen, differenceFen } = view;
      return {
        ...{ day, terminalId, clerk: shift.staff, openingFen, takenFen, times, backFen },
        ...{ backTimes, countedFen, leftFen, handedInFen, differenceFen },
      };
    });
  });
  return days.flat().sort((a, b) => (`${a.day}${a.terminalId}` < `${b.day}${b.terminalId}` ? -1 : 1));
}

async function each<T, R>(of: readonly T[], ask: (one: T) => Promise<R>): Promise<R[]> {
  const found: R[] = [];
  for (const one of of) found.push(await ask(one));
  return found;
}

function numbers(cells: readonly (string | number)[]): number[] {
  return cells.map(Number);
}

function sum(fens: readonly number[]): number {
  return fens.reduce((total, fen) => total + fen, 0);
}
