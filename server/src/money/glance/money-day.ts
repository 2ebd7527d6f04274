import { CHANNELS, type Channel } from '@bianmin/purchase/api/channels';
import type { MoneyDay } from '@bianmin/purchase/api/money';
import { ACCOUNTS } from '../ledger/accounts.ts';
import { owedAccounts } from '../reconcile/compared-sums.ts';
import type { ReconciledDay } from '../reconcile/day-store.ts';
import type { PaidDays } from '../transfer/transfer.ts';
import { comparedOf } from './compared.ts';
import type { DaySums } from './day-sums.ts';

/** What is said of a day's money beside its sums. */
export interface MoneyFacts {
  readonly grid: string;
  readonly sums: DaySums;
  /** The day as it was compared last, if it was. */
  readonly reconciled: ReconciledDay | undefined;
  /** The bank transfer that paid the day, if one did, with its rests, and what is missing up to the day. */
  readonly paid?: (PaidDays & { readonly missingFen: number }) | undefined;
  /** Channels that take money here, whether they took some that day or not. */
  readonly channels: readonly Channel[];
  /** Every float, by id, with its name; those on which nothing moved are left out of what is said. */
  readonly floats: ReadonlyMap<string, string>;
}

type Parts = Omit<MoneyDay, 'day' | 'over' | 'deposit'>;

/** A day's money under the headings that finance asks for. Pure. What no heading has is in `others`: nothing is left out. */
export function moneyOf(facts: MoneyFacts): Parts {
  const { sums, reconciled } = facts;
  const fenOf = (account: string): number => sums.turnover.get(account) ?? 0;
  const channels = facts.channels.map((channel) => channelOf(facts, channel));
  const floats = [...facts.floats]
    .filter(([float]) => sums.turnover.has(ACCOUNTS.float(float)))
    .map(([float, name]) => floatOf(sums, { float, name }));
  const discounts = funders(sums).map((funder) => ({ funder, fen: fenOf(ACCOUNTS.discount(funder)) }));
  const { state = 'none', stale = false, counts = {} } = reconciled ?? {};
  const said = new Set([
    ...owedAccounts(facts.grid),
    ACCOUNTS.gridDrawn(facts.grid),
    ...facts.channels.flatMap((channel) => [ACCOUNTS.channel(channel), ACCOUNTS.fee(channel)]),
    ...[...facts.floats.keys()].map(ACCOUNTS.float),
    ...discounts.map(({ funder }) => ACCOUNTS.discount(funder)),
    ...[ACCOUNTS.held, ACCOUNTS.refundable],
  ]);
  return {
    reconciled: { state, stale, counts: { ...counts } },
    grid: gridOf(facts),
    ...{ channels, floats, discounts },
    heldFen: 0 - fenOf(ACCOUNTS.held),
    refundableFen: 0 - fenOf(ACCOUNTS.refundable),
    others: [...sums.turnover]
      .filter(([account, fen]) => fen !== 0 && !said.has(account))
      .map(([account, fen]) => ({ account, fen })),
  };
}

function gridOf({ grid, sums, reconciled, paid }: MoneyFacts): MoneyDay['grid'] {
  const [creditFen = 0, arrearsFen = 0, feeFen = 0] = owedAccounts(grid).map(
    (account) => 0 - (sums.turnover.get(account) ?? 0),
  );
  const owedFen = creditFen + arrearsFen + feeFen;
  const drawnFen = sums.turnover.get(ACCOUNTS.gridDrawn(grid)) ?? 0;
  return {
    ...{ grid, sales: sums.times('sale.sold'), undone: sums.times('sale.undone') },
    ...{ creditFen, arrearsFen, feeFen, owedFen, drawnFen },
    toPayFen: paid === undefined ? owedFen - drawnFen : Math.min(Math.max(owedFen, 0), paid.missingFen),
    transfer: paid === undefined ? null : transferOf(paid),
    compared: comparedOf(reconciled, { source: `grid:${grid}`, accounts: owedAccounts(grid) }),
  };
}

function transferOf({ transfer, rests }: PaidDays): MoneyDay['grid']['transfer'] {
  const { from, to, fen, reference, paidOn } = transfer;
  return {
    ...{ from, to, fen, reference, paidOn },
    rests: rests.map((rest) => ({ fen: rest.fen, reference: rest.reference, paidOn: rest.paidOn })),
  };
}

function channelOf(
  { sums, reconciled }: Pick<MoneyFacts, 'sums' | 'reconciled'>,
  channel: Channel,
): MoneyDay['channels'][number] {
  const account = ACCOUNTS.channel(channel);
  const [paid, back] = [sums.of(account, 'payment.succeeded'), sums.of(account, 'refund.done')];
  const [netFen, feeFen] = [sums.turnover.get(account) ?? 0, sums.turnover.get(ACCOUNTS.fee(channel)) ?? 0];
  const refundedFen = 0 - back.fen;
  return {
    ...{ channel, payments: paid.times, paidFen: paid.fen, refunds: back.times, refundedFen, feeFen, netFen },
    settledFen: netFen - (paid.fen - refundedFen - feeFen),
    compared: comparedOf(reconciled, {
      source: `channel:${channel}`,
      accounts: [account, ACCOUNTS.fee(channel)],
    }),
  };
}

function floatOf(
  sums: DaySums,
  { float, name }: { float: string; name: string },
): MoneyDay['floats'][number] {
  const account = ACCOUNTS.float(float);
  const [taken, back] = [sums.of(account, 'payment.succeeded'), sums.of(account, 'refund.done')];
  const givenBackFen = 0 - back.fen;
  const toppedUpFen = 0 - sums.of(account, 'float.top-up').fen - sums.of(account, 'float.top-up-undone').fen;
  return {
    ...{ float, name, payments: taken.times, takenFen: taken.fen, givenBackFen, toppedUpFen },
    settledFen: (sums.turnover.get(account) ?? 0) - (taken.fen - givenBackFen - toppedUpFen),
  };
}

function funders(sums: DaySums): string[] {
  const prefix = ACCOUNTS.discount('');
  return [...sums.turnover.keys()]
    .filter((account) => account.startsWith(prefix))
    .map((account) => account.slice(prefix.length))
    .toSorted();
}

/** In the order in which they are shown everywhere. */
export function channelsOf(configured: ReadonlySet<Channel>, sums: DaySums): Channel[] {
  return CHANNELS.filter(
    (channel) => configured.has(channel) || sums.turnover.has(ACCOUNTS.channel(channel)),
  );
}
