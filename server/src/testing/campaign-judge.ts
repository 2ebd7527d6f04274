import type { Order } from '../orders/model/order.ts';
import type { FakeCard } from './fake-card.ts';
import type { OrderWorld } from './order-world.ts';

/** Sentences about what must never be at the end of a campaign, told by channels, grid and meters. */
export function violationsOf(
  world: OrderWorld,
  cards: readonly FakeCard[],
  orders: readonly Order[],
): readonly string[] {
  return [
    ...moneyViolations(world, cards, orders),
    ...saleViolations(world.grid.sales.values(), orders),
    ...restViolations(orders),
  ];
}

/** Household by household: what came in, less what went back, is what the meter credited. */
function moneyViolations(world: OrderWorld, cards: readonly FakeCard[], orders: readonly Order[]): string[] {
  const violations: string[] = [];
  for (const card of cards) {
    const mine = orders.filter((order) => order.meterNo === card.meterNo);
    const money = mine.map((order) => moneyOf(world, order, violations));
    const net = money.reduce((sum, each) => sum + each, 0);
    const credited = world.meterOf(card).balanceFen;
    if (net !== credited) {
      const told = mine.map((order) => `${order._id} ${order.state}`).join(', ');
      violations.push(`meter ${card.meterNo}: kept ${net} fen, credited ${credited} fen (${told})`);
    }
  }
  return violations;
}

function moneyOf(world: OrderWorld, order: Order, violations: string[]): number {
  let net = 0;
  for (const channel of [world.wechat, world.alipay]) {
    const given = [...channel.refunds.values()];
    for (const [no, trade] of channel.trades) {
      if (!no.startsWith(order._id)) continue;
      for (const { id } of trade.transactions) {
        const back = given.filter((refund) => refund.transactionId === id);
        if (back.length > 1) violations.push(`transaction ${id} was given back ${back.length} times`);
        net += trade.request.amountFen - back.reduce((sum, refund) => sum + refund.fen, 0);
      }
    }
  }
  return net;
}

/** Every sale that stands at the grid is a finished order's, each of those has one, and no count of a meter was sold twice. */
export function saleViolations(
  sales: Iterable<{ orderNo: string; meterNo: string; count: number; status: string }>,
  orders: readonly Order[],
): string[] {
  const standing = [...sales].filter((sale) => sale.status === 'sold');
  // What went into an account has no count.
  const slots = standing.filter(({ count }) => count > 0).map((sale) => `${sale.meterNo}:${sale.count}`);
  const twice = slots.filter((slot, index) => slots.indexOf(slot) !== index);
  const done = new Set(orders.filter(({ state }) => state === 'done').map(({ _id }) => _id));
  const sold = new Set(standing.map(({ orderNo }) => orderNo));
  return [
    ...twice.map((slot) => `two standing sales of ${slot}`),
    ...[...sold]
      .filter((orderNo) => !done.has(orderNo))
      .map((orderNo) => `the grid sold ${orderNo}, which is not done`),
    ...[...done]
      .filter((orderNo) => !sold.has(orderNo))
      .map((orderNo) => `${orderNo} is done, and the grid holds no sale`),
  ];
}

/** Nothing moves any more, and nothing waits for anybody. */
function restViolations(orders: readonly Order[]): string[] {
  const ends = ['done', 'closed', 'refunded'];
  return orders
    .filter((order) => !ends.includes(order.state) || order.dueAt !== null)
    .map((order) => `order ${order._id} rests in ${order.state}, due ${String(order.dueAt?.toISOString())}`);
}
