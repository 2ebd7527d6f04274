import type { Order } from '../../orders/model/order.ts';
import { isToBeAsked } from '../../orders/model/state.ts';
import { saleViolations } from '../campaign-judge.ts';
import { accrualViolations } from './accruals.ts';
import { diagnosedAtRest } from './diagnosed.ts';
import { isCompensation, sumOf } from './money.ts';
import { booksViolations, differencesOf } from './papers.ts';
import { RULE, type Town } from './town.ts';

const MINUTE = 60_000;
/** Events that one order may have, whatever became of it. */
const MOST_EVENTS = 200;
/** How often one sale may be tried: every minute for half an hour at most, and a few at the beginning. */
const MOST_TRIES = 45;
/** Something was away for so long: then an order may well be told to a person because of its age. */
const LONG_AWAY_MS = 20 * MINUTE;
const ENDS: readonly string[] = ['done', 'closed', 'refunded'];

/** Correctness, once all is at rest: money and meters, as channels, floats, hands, grid and meters tell of them. */
export function correctnessViolations(town: Town): string[] {
  const orders = town.all();
  return [
    ...orders.flatMap((order) => moneyViolations(town, order)),
    ...meterViolations(town),
    ...wrongMeters(town, orders),
    ...saleViolations(town.grid.sales.values(), orders),
    ...refundViolations(town, orders),
    ...discountViolations(town, orders),
    ...booksViolations(town),
    ...accrualViolations(town, orders),
    ...diagnosedAtRest({ grid: town.grid, money: town.steps.money, now: () => town.turns.now() }, orders),
    ...orders.flatMap((order) =>
      differencesOf(town, order).map(
        ({ kind, key }) => `reconciliation finds ${kind} of ${order._id} (${key})`,
      ),
    ),
  ];
}

/** Liveness, judged apart: everything came to its end, by itself, within reason, and no person was called in vain. */
export function livenessViolations(town: Town): string[] {
  return [
    ...town
      .all()
      .flatMap((order) => [
        ...restViolations(order),
        ...effortViolations(order),
        ...attentionViolations(town, order),
      ]),
    ...caseViolations(town),
  ];
}

/** Whether it moves no more. */
export function isAtRest(order: Order): boolean {
  return (
    ENDS.includes(order.state) &&
    order.dueAt === null &&
    !order.payments.some(isToBeAsked) &&
    order.refunds.every(({ status }) => ['done', 'rejected'].includes(status))
  );
}

function moneyViolations(town: Town, order: Order): string[] {
  const stands = town.grid.sales.get(order._id)?.status === 'sold';
  const kept = town.steps.money.keptOf(order);
  const bought = stands ? order.paidFen : 0;
  return kept === bought
    ? []
    : [`${order._id} (${order.state}): ${kept} fen were kept, what was bought cost ${bought}`];
}

function meterViolations({ grid }: Town): string[] {
  return [...grid.meters.values()].flatMap((meter) => {
    const { meterNo } = meter;
    const creditedFen = meter.creditedFen + (grid.payments.balances.get(meterNo)?.creditedFen ?? 0);
    const sold = [...grid.sales.values()].filter(
      (sale) => sale.meterNo === meterNo && sale.status === 'sold',
    );
    const credit = sold.reduce((sum, { creditFen }) => sum + creditFen, 0);
    return credit === creditedFen ? [] : [`meter ${meterNo}: sold ${credit} fen, credited ${creditedFen}`];
  });
}

/** The household's own word of which meter it meant, beside what the grid sold for and what the order says. */
function wrongMeters({ meant, grid }: Town, orders: readonly Order[]): string[] {
  return orders.flatMap(({ _id, meterNo }) => {
    const wanted = meant.get(_id) ?? meterNo;
    const sale = grid.sales.get(_id);
    const at = sale?.status === 'sold' ? sale.meterNo : meterNo;
    return at === wanted ? [] : [`${_id} was meant for meter ${wanted}, and is for ${at}`];
  });
}

/** No transaction goes back by more than it was, and staff give nothing back on one person's word. */
function refundViolations(town: Town, orders: readonly Order[]): string[] {
  const over = [...town.channels.values()].flatMap((channel) =>
    [...channel.trades.values()].flatMap(({ request, transactions }) =>
      transactions
        .filter(({ id }) => channel.backOf(id) > request.amountFen)
        .map(({ id }) => `transaction ${id} of ${request.amountFen} fen: ${channel.backOf(id)} went back`),
    ),
  );
  const alone = town.steps.money
    .paidOut()
    .filter(({ no }) => isCompensation(no))
    .filter(({ no, orderNo }) => {
      const refund = orders.find(({ _id }) => _id === orderNo)?.refunds.find((each) => each.no === no);
      return (
        refund?.requestedBy === undefined ||
        refund.approvedBy === undefined ||
        refund.requestedBy === refund.approvedBy
      );
    });
  return [...over, ...alone.map(({ no }) => `${no} went back on one person's word`)];
}

function discountViolations(town: Town, orders: readonly Order[]): string[] {
  const [rule] = town.rules.rules;
  const budget = town.budgets.kept(RULE);
  if (rule === undefined || budget === undefined) return [];
  const spent = orders
    .filter(({ state }) => state === 'done')
    .map(({ discountFen }) => ({ fen: discountFen }));
  const { leftFen, heldFen, spentFen } = budget;
  const found = leftFen + heldFen + spentFen === rule.budgetFen ? [] : ['a budget has lost or made money'];
  if (heldFen !== 0) found.push(`${heldFen} fen of a budget are held, and nothing is under way`);
  if (spentFen !== sumOf(spent))
    found.push(`${spentFen} fen of a budget are spent; purchases had ${sumOf(spent)}`);
  const caps = [...town.caps.caps.values()];
  if (sumOf(caps.map((cap) => ({ fen: cap.spentFen }))) !== spentFen)
    found.push('caps and budget do not say the same');
  if (caps.some(({ holds }) => holds.length > 0))
    found.push('a cap holds something, and nothing is under way');
  return found;
}

function restViolations(order: Order): string[] {
  if (isAtRest(order)) return [];
  const refunds = order.refunds.map(({ no, status }) => `${no} ${status}`).join(', ');
  return [`${order._id} rests in ${order.state}, due ${String(order.dueAt?.toISOString())} (${refunds})`];
}

function effortViolations({ _id, events, sale }: Order): string[] {
  const found: string[] = [];
  if (events.length > MOST_EVENTS) found.push(`${_id} has ${events.length} events`);
  if ((sale.tries ?? 0) > MOST_TRIES) found.push(`the sale of ${_id} was tried ${sale.tries ?? 0} times`);
  return found;
}

/**
 * Everybody here tells the truth in the end, but for channels that give back less or nothing: no order waits for a person, unless
 * its payer was promised the money in the moment in which the grid moved the sale to an account.
 */
function attentionViolations({ grid }: Town, { _id, events }: Order): string[] {
  const asked = events.some(({ name, data }) => name === 'credit.choice' && data?.['choice'] === 'refund');
  const wasMoved = asked && grid.payments.moved.has(_id);
  return events.flatMap(({ name, data }) => {
    const reason = String(data?.['reason']);
    if (name !== 'order.attention' || (wasMoved && reason === 'reversal-refused')) return [];
    return [`${_id} waited for a person because of ${reason}`];
  });
}

function caseViolations({ cases, weather }: Town): string[] {
  return [...cases.cases.values()].flatMap(({ kind, orderNo, facts }) =>
    kind === 'stuck' && weather.longestOutageMs < LONG_AWAY_MS
      ? [`${orderNo} was told to a person as stuck: ${String(facts['fact'])}`]
      : [],
  );
}
