import { ACCOUNTS } from '../../money/ledger/accounts.ts';
import { checkAccounts } from '../../money/ledger/check.ts';
import { postingsOf } from '../../money/ledger/order-postings.ts';
import { imbalanceOf, turnoverOf } from '../../money/ledger/posting.ts';
import { compared, type Difference } from '../../money/reconcile/classify.ts';
import type { Item } from '../../money/reconcile/items.ts';
import { itemsOfOrder } from '../../money/reconcile/order-items.ts';
import type { Order } from '../../orders/model/order.ts';
import type { BookedSale } from '../fake-grid-bill.ts';
import { sumOf, type Moved } from './money.ts';
import { FLOAT, type Town } from './town.ts';

/** What others' papers say of an order, beside what it says of itself; what its channel gave back wrongly is known. */
export function differencesOf(town: Town, order: Order): Difference[] {
  const own = itemsOfOrder(order);
  const ofPair = (items: readonly Item[], pair: Item['pair']): Item[] =>
    items.filter((item) => item.pair === pair);
  const bill = [...channelItems(town, order), ...gridItems(town, order)];
  const found = (['channel', 'grid'] as const).flatMap((pair) =>
    compared(ofPair(bill, pair), ofPair(own, pair)),
  );
  return found.filter(({ key }) => !wrongRefunds(town, [order]).some(({ no }) => key.endsWith(`/${no}`)));
}

/** What the ledger makes of all orders, beside bills, meters, floats and hands; for when all are at rest. */
export function booksViolations(town: Town): string[] {
  const orders = town.all();
  const postings = orders.flatMap(postingsOf);
  const turnover = turnoverOf(postings);
  const { grid, channels } = town;
  const standing = [...grid.sales.values()].filter(({ status }) => status === 'sold');
  const sum = (of: (sale: BookedSale) => number): number => standing.reduce((all, sale) => all + of(sale), 0);
  const wrong = wrongRefunds(town, orders);
  const byChannel = [...channels].map(([name, channel]) => {
    const paid = [...channel.trades.values()].map(({ request, transactions }) => ({
      fen: request.amountFen * transactions.length,
    }));
    const back = [...channel.refunds.values()].filter(
      ({ refundNo, status }) => status === 'done' && !wrong.some(({ no }) => no === refundNo),
    );
    return [name, { paidFen: sumOf(paid), refundedFen: sumOf(back), feeFen: 0 }] as const;
  });
  const kept = [...grid.meters.values(), ...grid.payments.balances.values()];
  const credited = kept.reduce((all, { creditedFen }) => all + creditedFen, 0);
  const checks = checkAccounts(
    turnover,
    {
      channels: Object.fromEntries(byChannel),
      grids: {
        [grid.grid]: {
          creditFen: sum(({ creditFen }) => creditFen),
          arrearsFen: sum(({ arrearsFen }) => arrearsFen),
          feeFen: sum(({ feeFen }) => feeFen),
        },
      },
      meters: { [grid.grid]: { creditedFen: credited } },
    },
    { atRest: true },
  );
  const cash = town.floats
    .entries()
    .reduce((all, { kind, fen }) => all + (kind === 'taken' ? fen : kind === 'given-back' ? -fen : 0), 0);
  const handed = sumOf([...town.steps.money.handed.values()].map((fen) => ({ fen }))) + sumOf(wrong);
  const others = [
    { account: ACCOUNTS.float(FLOAT), outsideFen: cash },
    { account: ACCOUNTS.elsewhere, outsideFen: -handed },
  ].map(({ account, outsideFen }) => ({ account, outsideFen, ledgerFen: turnover.get(account) ?? 0 }));
  return [
    ...postings
      .filter((posting) => imbalanceOf(posting) !== 0)
      .map(({ source, n }) => `posting ${source}:${n} is not even`),
    ...[...checks, ...others]
      .filter(({ ledgerFen, outsideFen }) => ledgerFen !== outsideFen)
      .map(
        ({ account, ledgerFen, outsideFen }) =>
          `account ${account}: ${ledgerFen} fen in the ledger, ${outsideFen} outside`,
      ),
  ];
}

/** Refunds of which a channel gave less than it was asked for: with what it gave. */
function wrongRefunds(town: Town, orders: readonly Order[]): Moved[] {
  return orders.flatMap(({ _id, refunds }) =>
    refunds.flatMap(({ no, fen }) =>
      [...town.channels.values()].flatMap((channel) => {
        const given = channel.refunds.get(no);
        return given === undefined || given.status === 'abnormal' || given.fen === fen
          ? []
          : [{ no, orderNo: _id, fen: given.fen }];
      }),
    ),
  );
}

function channelItems(town: Town, { _id }: Order): Item[] {
  const line = { orderNo: _id, pair: 'channel', from: 'bill', parts: [] } as const;
  return [...town.channels].flatMap(([name, { trades, refunds }]) => {
    const paid = [...trades].flatMap(([no, { request, transactions }]) =>
      transactions.map(({ id, at }) => ({
        ...{ ...line, item: `${name}/${no}`, transactionId: id, fen: request.amountFen },
        ...{ status: 'paid', at: new Date(at).toISOString() },
      })),
    );
    const back = [...refunds.values()].map(({ refundNo, fen, status, at }) => ({
      ...{ ...line, item: `${name}/${refundNo}`, transactionId: '', fen },
      ...{ status: `refund-${status}`, at: new Date(at).toISOString() },
    }));
    return [...paid, ...back].filter(({ item }) => item.startsWith(`${name}/${_id}`));
  });
}

function gridItems({ grid }: Town, { _id }: Order): Item[] {
  const sale = grid.sales.get(_id);
  if (sale === undefined || sale.status === 'refused') return [];
  const item = (status: string): Item => ({
    ...{ orderNo: _id, pair: 'grid', from: 'bill', item: sale.saleNo, transactionId: '', fen: sale.faceFen },
    ...{ status, parts: [sale.creditFen, sale.arrearsFen, sale.feeFen] },
    at: new Date(sale.soldAt).toISOString(),
  });
  return sale.status === 'reversed' ? [item('sold'), item('reversed')] : [item('sold')];
}
