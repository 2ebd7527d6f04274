import { createHash } from 'node:crypto';
import type { Channel } from '@bianmin/purchase/api/channels';
import { accruedBy, ruleOf, type StandingSale } from '../commission-judge.ts';
import { FLOAT, MONTH, NORTH, SOUTH, WALLETS } from './month-world.ts';
import { DAYS, type GridLine, type Outside } from './outside.ts';

/** A month in sums, in fen. The books' are to be what everybody else's come to, whole and without any tolerance. */
export interface MonthSums {
  /** Turnover of each account. */
  readonly ledger: ReadonlyMap<string, number>;
  readonly allAccountsFen: number;
  readonly closed: { readonly sums: readonly object[]; readonly digest: string };
  /** By day: for meters, arrears, fees, all. */
  readonly gridBills: ReadonlyMap<string, readonly number[]>;
  /** By wallet, a row a day: payments, received, refunds, given back, fee, what is left. */
  readonly walletBills: ReadonlyMap<Channel, readonly (readonly (string | number)[])[]>;
  /** By community: received, given back, sold, taken off. */
  readonly communityBills: ReadonlyMap<string, readonly number[]>;
  /** By community: sales, their face value, commission. */
  readonly statements: ReadonlyMap<string, readonly number[]>;
  readonly meters: ReadonlyMap<string, number>;
  /** By funder: what was taken off. */
  readonly budgets: ReadonlyMap<string, number>;
  readonly floatFen: number;
  /** In the order in which they were closed, by day and terminal. */
  readonly shifts: readonly object[];
  /** Handed in by clerks, and left in drawers. */
  readonly cashFen: number;
}

/** What came in and went back for one order, fen. */
interface OrderMoney {
  /** What its screen asked for. */
  readonly askedFen: number;
  readonly paidFen: number;
  readonly backFen: number;
}

/** The same sums by others' papers alone, added up here. */
export function wantedOf(outside: Outside): MonthSums {
  const ledger = ledgerOf(outside);
  const sums = [...ledger]
    .map(([account, fen]) => ({ account, fen }))
    .sort((a, b) => (a.account < b.account ? -1 : 1));
  const digest = createHash('sha256')
    .update(JSON.stringify({ month: MONTH, sums }))
    .digest('hex');
  const discounts = new Map<string, number>();
  for (const [account, fen] of ledger) {
    if (account.startsWith('discount:')) discounts.set(account.slice('discount:'.length), fen);
  }
  const handed = outside.notebooks.flat().flatMap((shift) => shift.handed);
  return {
    ...{ ledger, allAccountsFen: 0, closed: { sums, digest } },
    gridBills: gridBills(outside),
    walletBills: new Map(WALLETS.map((wallet) => [wallet, walletBill(outside, wallet)])),
    communityBills: new Map([NORTH, SOUTH].map((org) => [org, communityBill(outside, org)])),
    statements: new Map([NORTH, SOUTH].map((org) => [org, statement(outside, org)])),
    meters: new Map([...outside.meters.keys()].map((no) => [no, creditOf(outside, no)])),
    budgets: discounts,
    floatFen: outside.bankFen - sum(handed, ({ fen }) => fen),
    shifts: shiftsOf(outside),
    cashFen: sum(handed, ({ fen }) => fen) + sum(shiftsOf(outside), ({ differenceFen }) => differenceFen),
  };
}

function ledgerOf(outside: Outside): Map<string, number> {
  const { grid, meant, notebooks, bankFen } = outside;
  const sales = standing(outside);
  const accounts = new Map<string, number>();
  const add = (account: string, fen: number): void => {
    accounts.set(account, (accounts.get(account) ?? 0) + fen);
  };
  for (const wallet of WALLETS) {
    for (const [, , received, , back, fee] of walletBill(outside, wallet)) {
      add(`channel:${wallet}`, Number(received) - Number(back) - Number(fee));
      add(`fee:${wallet}`, Number(fee));
    }
  }
  add('bank', bankFen);
  add(`float:${FLOAT}`, sum(notebooks.flat(), ({ handed }) => sum(handed, ({ fen }) => fen)) - bankFen);
  for (const { orderNo, faceFen, creditFen, arrearsFen, feeFen } of sales) {
    add(`grid:${grid}:credit`, 0 - creditFen);
    add(`grid:${grid}:arrears`, 0 - arrearsFen);
    add(`grid:${grid}:fee`, 0 - feeFen);
    const { askedFen, paidFen, backFen } = moneyOf(outside, orderNo);
    const funder = meant.get(orderNo)?.funder;
    if (faceFen !== askedFen) add(`discount:${funder ?? 'nobody'}`, faceFen - askedFen);
    add('refunds:ours', askedFen - (paidFen - backFen));
  }
  add('payer:refundable', 0);
  const sold = new Set(sales.map(({ orderNo }) => orderNo));
  for (const orderNo of new Set([...meant.keys(), ...outside.walletRows.map((row) => row.orderNo)])) {
    if (sold.has(orderNo)) continue;
    const { paidFen, backFen } = moneyOf(outside, orderNo);
    add(meant.has(orderNo) ? 'payer:held' : 'suspense:reconcile', backFen - paidFen);
  }
  for (const [account, fen] of accruedBy(salesOf(outside), rulesOf(outside))) add(account, fen);
  return accounts;
}

function gridBills({ gridLines }: Outside): Map<string, number[]> {
  return new Map(
    DAYS.map((day) => {
      const sign = (line: GridLine): number => (line.status === 'sold' ? 1 : -1);
      const lines = gridLines.filter((line) => line.day === day);
      const of = (fenOf: (line: GridLine) => number) => sum(lines, (line) => sign(line) * fenOf(line));
      const parts = [of((l) => l.creditFen), of((l) => l.arrearsFen), of((l) => l.feeFen)];
      return [day, [...parts, of((line) => line.faceFen)]];
    }),
  );
}

function walletBill({ walletRows }: Outside, wallet: Channel): (string | number)[][] {
  return DAYS.map((day) => {
    const rows = walletRows.filter((row) => row.day === day && row.wallet === wallet);
    const [paid, back] = [rows.filter(isPayment), rows.filter((row) => !isPayment(row))];
    const [received, given] = [sum(paid, ({ fen }) => fen), sum(back, ({ fen }) => fen)];
    const fee = wholeFen(sum(rows, ({ feeMilliFen }) => feeMilliFen));
    return [day, paid.length, received, back.length, given, fee, received - given - fee];
  });
}

function communityBill(outside: Outside, org: string): number[] {
  const all = [...outside.meant]
    .filter(([, { orgPath }]) => orgPath.at(-1) === org)
    .map(([orderNo]) => orderNo);
  const money = all.map((orderNo) => moneyOf(outside, orderNo));
  const sold = standing(outside).filter(({ orderNo }) => all.includes(orderNo));
  const faceFen = sum(sold, (line) => line.faceFen);
  return [
    ...[sum(money, ({ paidFen }) => paidFen), sum(money, ({ backFen }) => backFen), faceFen],
    faceFen - sum(sold, ({ orderNo }) => moneyOf(outside, orderNo).askedFen),
  ];
}

function statement(outside: Outside, org: string): number[] {
  const own = salesOf(outside).filter(({ orgPath }) => orgPath.at(-1) === org);
  const earned = accruedBy(own, rulesOf(outside)).get(`commission:${org}`) ?? 0;
  return [own.length, sum(own, ({ faceFen }) => faceFen), 0 - earned];
}

function shiftsOf({ notebooks }: Outside) {
  return notebooks
    .flat()
    .map(({ day, terminalId, clerk, openingFen, handed, countedFen, leftFen }) => {
      const [taken, back] = [handed.filter(({ fen }) => fen > 0), handed.filter(({ fen }) => fen < 0)];
      const [takenFen, backFen] = [sum(taken, ({ fen }) => fen), 0 - sum(back, ({ fen }) => fen)];
      const handedInFen = countedFen - leftFen;
      return {
        ...{ day, terminalId, clerk, openingFen, takenFen, times: taken.length, backFen },
        ...{ backTimes: back.length, countedFen, leftFen, handedInFen },
        differenceFen: countedFen - (openingFen + takenFen - backFen),
      };
    })
    .sort((a, b) => (`${a.day}${a.terminalId}` < `${b.day}${b.terminalId}` ? -1 : 1));
}

/** What the grid sold and has not undone. */
function standing({ gridLines }: Outside): GridLine[] {
  const undone = new Set(gridLines.filter(({ status }) => status === 'reversed').map((line) => line.orderNo));
  return gridLines.filter(({ status, orderNo }) => status === 'sold' && !undone.has(orderNo));
}

function salesOf(outside: Outside): StandingSale[] {
  return standing(outside).flatMap(({ day, orderNo, faceFen }) => {
    const meant = outside.meant.get(orderNo);
    if (meant === undefined) return [];
    return [{ day, grid: outside.grid, orgPath: meant.orgPath, channel: meant.means, faceFen }];
  });
}

function rulesOf({ terms }: Outside) {
  return terms.map((each, index) => ruleOf({ ...each, id: `r${index}` }));
}

function moneyOf({ walletRows, notebooks }: Outside, orderNo: string): OrderMoney {
  const rows = walletRows.filter((row) => row.orderNo === orderNo);
  const notes = notebooks.flat().flatMap(({ handed }) => handed.filter((each) => each.orderNo === orderNo));
  const came = [...rows.filter(isPayment), ...notes.filter(({ fen }) => fen > 0)].map(({ fen }) => fen);
  const went = sum(
    rows.filter((row) => !isPayment(row)),
    ({ fen }) => fen,
  );
  return {
    askedFen: came[0] ?? 0,
    paidFen: sum(came, (fen) => fen),
    backFen:
      went -
      sum(
        notes.filter(({ fen }) => fen < 0),
        ({ fen }) => fen,
      ),
  };
}

function creditOf(outside: Outside, meterNo: string): number {
  return sum(
    standing(outside).filter((line) => line.meterNo === meterNo),
    ({ creditFen }) => creditFen,
  );
}

/** Half a fen away from zero. */
function wholeFen(milliFen: number): number {
  const fen = Math.floor((Math.abs(milliFen) + 500) / 1000);
  return milliFen < 0 ? 0 - fen : fen;
}

function isPayment({ kind }: { readonly kind: string }): boolean {
  return kind === 'payment';
}

function sum<T>(of: readonly T[], fenOf: (each: T) => number): number {
  return of.reduce((total, each) => total + fenOf(each), 0);
}
