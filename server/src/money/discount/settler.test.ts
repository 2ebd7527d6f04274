import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { Order } from '../../orders/model/order.ts';
import { MemoryBudgets, MemoryCaps } from '../../testing/memory-discounts.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { toldLog } from '../../testing/told-log.ts';
import { HoldSettler } from './settler.ts';

const MINUTE = 60_000;

/** `standsMs`: so long the process stands still with what it read of an order. */
async function rig({ standsMs = 0, ...grid }: { cancelsWritten?: boolean; standsMs?: number } = {}) {
  const clock = new ManualClock();
  const [budgets, caps, orders] = [new MemoryBudgets(), new MemoryCaps(), new Map<string, Order>()];
  const { log, lines } = toldLog();
  const settler = new HoldSettler({
    ...{ budgets, caps, clock, log },
    orders: {
      get: (no) => {
        const order = orders.get(no) ?? null;
        clock.jump(standsMs);
        return Promise.resolve(order);
      },
    },
    grid: { cancelsWritten: false, ...grid },
  });
  for (const id of ['r1', 'r2']) await budgets.make(id, 1000);
  await caps.make('cap', 1000);
  const holds = async (orderNo: string, fen: number, id = 'r1'): Promise<void> => {
    const hold = { _id: `${id}-${orderNo}`, orderNo, fen, at: new Date(clock.now()), capId: 'cap' };
    await budgets.reserve(id, hold);
    await caps.reserve('cap', hold);
  };
  const order = (orderNo: string, state: Order['state']): void => {
    orders.set(orderNo, sampleOrder({ _id: orderNo, state }));
  };
  const sums = (id = 'r1') => {
    const { leftFen = -1, heldFen = -1, spentFen = -1 } = budgets.kept(id) ?? {};
    return [leftFen, heldFen, spentFen];
  };
  const cap = () => {
    const { leftFen = -1, spentFen = -1, holds: held = [] } = caps.caps.get('cap') ?? {};
    return [leftFen, spentFen, held.length];
  };
  return { clock, budgets, caps, orders, lines, settler, holds, order, sums, cap };
}

/** An order `o1` that was sold and written then, and that the meter has not told of. */
function onCard(sentAt: Date): Order {
  const payments = [samplePayment({ status: 'succeeded', funds: true })];
  const sale: Order['sale'] = { status: 'sold', sentAt, firstSentAt: sentAt, tries: 1, saleNo: 's' };
  const write: Order['write'] = { status: 'written', at: sentAt };
  return sampleOrder({ _id: 'o1', state: 'done', payments, sale, write });
}

describe('what is held for an order', () => {
  it.each([
    ['done', [900, 0, 100], [900, 100, 0]],
    ['closed', [1000, 0, 0], [1000, 0, 0]],
    ['refunded', [1000, 0, 0], [1000, 0, 0]],
  ] as const)('ends, in budget and cap, once the order is %s', async (state, budget, left) => {
    const { settler, holds, order, sums, cap } = await rig();
    await holds('o1', 100);
    order('o1', state);
    expect(await settler.settle()).toBe(1);
    expect([sums(), cap()]).toEqual([budget, left]);
    expect(await settler.settle()).toBe(0);
    expect([sums(), cap()]).toEqual([budget, left]);
  });

  it.each(['created', 'paid', 'sold', 'refunding'] as const)('stays while it is %s', async (state) => {
    const { settler, holds, order, sums, cap, clock } = await rig();
    await holds('o1', 100);
    order('o1', state);
    clock.jump(90 * MINUTE);
    expect(await settler.settle()).toBe(0);
    expect([sums(), cap()]).toEqual([
      [900, 100, 0],
      [900, 0, 1],
    ]);
  });

  it.each([
    ['stays on the day on which the grid takes it off its card again', '23:59', 0],
    ['stays while it may be that day still for another process', '00:10', 0],
    ['is spent when it is yesterday for everybody', '00:15', 1],
  ])('%s', async (_, at, ended) => {
    const { settler, holds, orders, clock } = await rig({ cancelsWritten: true });
    const sentAt = new Date('2026-01-15T23:50:00+08:00');
    clock.jump(sentAt.getTime() - clock.now());
    await holds('o1', 100);
    orders.set('o1', onCard(sentAt));
    const day = at < '12' ? '16' : '15';
    clock.jump(Date.parse(`2026-01-${day}T${at}:00+08:00`) - clock.now());
    expect(await settler.settle()).toBe(ended);
  });

  it('that is not there is left again after an hour, since it never will be, or takes no payment', async () => {
    const { settler, holds, sums, cap, clock } = await rig();
    await holds('o1', 100);
    clock.jump(60 * MINUTE);
    expect([await settler.settle(), sums()]).toEqual([0, [900, 100, 0]]);
    clock.jump(1);
    expect([await settler.settle(), sums(), cap()]).toEqual([1, [1000, 0, 0], [1000, 0, 0]]);
  });

  it('that was left so is held in no cap any more, though whoever stood still before the cap goes on', async () => {
    const { settler, budgets, caps, sums, cap, clock } = await rig();
    const hold = { _id: 'h1', orderNo: 'o1', fen: 100, at: new Date(clock.now()), capId: 'cap' };
    await budgets.reserve('r1', hold);
    clock.jump(60 * MINUTE + 1);
    expect(await settler.settle()).toBe(1);
    expect(await caps.reserve('cap', hold)).toBe(false);
    expect([sums(), cap()]).toEqual([
      [1000, 0, 0],
      [1000, 0, 0],
    ]);
  });

  // Both orders go on while the process stands still: what was read of them is old when it goes on.
  it('is not left for an order that was not there yet when it was asked for', async () => {
    const { settler, holds, sums } = await rig({ standsMs: 70 * MINUTE });
    await holds('o1', 100);
    expect([await settler.settle(), sums()]).toEqual([0, [900, 100, 0]]);
  });

  it('is not spent for an order that was of today when it was read, and may have been undone since', async () => {
    const { settler, holds, orders, clock, sums } = await rig({
      cancelsWritten: true,
      standsMs: 20 * MINUTE,
    });
    clock.jump(Date.parse('2026-01-15T23:58:00+08:00') - clock.now());
    await holds('o1', 100);
    orders.set('o1', onCard(new Date(clock.now())));
    expect([await settler.settle(), sums()]).toEqual([0, [900, 100, 0]]);
  });
});

describe('a round', () => {
  it('goes through all budgets that hold something, and first takes over what the version before held', async () => {
    const { settler, budgets, holds, order, sums } = await rig();
    let taken = 0;
    budgets.takeOver = () => Promise.resolve(void (taken += 1));
    await holds('o1', 100);
    await holds('o2', 200, 'r2');
    await holds('o3', 300, 'r2');
    for (const no of ['o1', 'o2', 'o3']) order(no, 'done');
    expect(await settler.settle()).toBe(3);
    expect([sums(), sums('r2'), taken]).toEqual([[900, 0, 100], [500, 0, 500], 1]);
  });

  it('tells in the log what it cannot settle, and settles the others', async () => {
    const { settler, caps, holds, order, lines, sums } = await rig();
    await holds('o1', 100);
    await holds('o2', 200);
    for (const no of ['o1', 'o2']) order(no, 'done');
    const settle = caps.settle.bind(caps);
    caps.settle = (id, hold, as) =>
      hold.orderNo === 'o1' ? Promise.reject(new Error('It is gone.')) : settle(id, hold, as);
    expect(await settler.settle()).toBe(1);
    expect(sums()).toEqual([700, 100, 200]);
    expect(lines).toMatchObject([
      { level: 50, orderNo: 'o1', msg: 'a discount could not be settled', err: { message: 'It is gone.' } },
    ]);
    caps.settle = settle;
    expect([await settler.settle(), sums()]).toEqual([1, [700, 0, 300]]);
  });
});
