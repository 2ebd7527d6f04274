import { describe, expect, it } from 'vitest';
import type { Order } from '../../orders/model/order.ts';
import { boughtAt, DAY, lineOf, rowOf } from '../../testing/bought-orders.ts';
import { MemoryBooks } from '../../testing/memory-books.ts';

const NEXT = '2026-03-02';
const ANNA = { id: 'u1', name: 'anna' };
/** Bought so many seconds before midnight in China. */
function late(digit: number, seconds = 5): Order {
  const order = boughtAt(digit);
  const at = new Date(Date.parse(`${NEXT}T00:00:00+08:00`) - seconds * 1000);
  return {
    ...{ ...order, createdAt: at },
    payments: order.payments.map((each) => ({ ...each, paidAt: at, createdAt: at })),
    sale: { ...order.sale, sentAt: at },
    events: order.events.map((event) => ({ ...event, at })),
  };
}

describe('what a run holds over', () => {
  it('is decided by the next day, which is to be run again where the one before was', async () => {
    const w = new MemoryBooks();
    w.orders.orders.push(late(1));
    w.papers.lines.set(DAY, [lineOf(late(1))]);
    w.papers.rows.set(NEXT, [rowOf(late(1))]);
    await w.found();
    expect((await w.days.get(DAY))?.carried).toMatchObject([{ kind: 'ORDER_ONLY', orderNo: late(1)._id }]);
    expect(await w.found(NEXT)).toEqual([]);
    expect((await w.days.get(NEXT))?.stale).toBe(false);
    await w.found();
    expect((await w.days.get(NEXT))?.stale).toBe(true);
    await w.found(NEXT);
    expect((await w.days.get(NEXT))?.stale).toBe(false);
  });

  it('stays undecided where the paper that it waits for is not to be had any more', async () => {
    const w = new MemoryBooks();
    const order = late(1);
    w.orders.orders.push(order);
    w.papers.lines.set(DAY, [lineOf(order)]);
    await w.found();
    w.papers.bills = false;
    expect(await w.found(NEXT)).toEqual([]);
    w.papers.bills = true;
    expect(await w.found(NEXT)).toEqual(['ORDER_ONLY 1']);
  });
});

describe('a case that a run does not find any more', () => {
  async function mended() {
    const w = new MemoryBooks();
    w.has(boughtAt(1));
    w.papers.rows.set(DAY, []);
    await w.found();
    const [id] = [...w.caseStore.cases.keys()];
    w.papers.rows.set(DAY, [rowOf(boughtAt(1))]);
    return { w, id: id ?? '' };
  }

  it('gets a note of it, once, and stays open for its people', async () => {
    const { w, id } = await mended();
    for (let run = 0; run < 2; run += 1) expect(await w.found()).toEqual([]);
    const known = await w.cases.get(id);
    const text = `The run of ${DAY} does not find this any more.`;
    expect([known.status, known.notes.map(({ by, byName, text: words }) => [by, byName, words])]).toEqual([
      'open',
      [['system', 'system', text]],
    ]);
    expect((await w.days.get(DAY))?.caseIds).toEqual([]);
  });

  it('gets it again after people wrote something, and none where it is resolved', async () => {
    const { w, id } = await mended();
    await w.found();
    w.papers.rows.set(DAY, []);
    await w.found();
    await w.cases.note(id, ANNA, 'We asked.');
    w.papers.rows.set(DAY, [rowOf(boughtAt(1))]);
    await w.found();
    expect((await w.cases.get(id)).notes).toHaveLength(3);
    w.papers.rows.set(DAY, []);
    await w.found();
    await w.cases.resolve(id, ANNA, 'It came.', { twoPersons: true });
    w.papers.rows.set(DAY, [rowOf(boughtAt(1))]);
    await w.found();
    expect((await w.cases.get(id)).notes).toHaveLength(3);
  });

  it('is not one that it still finds', async () => {
    const { w, id } = await mended();
    w.papers.rows.set(DAY, []);
    await w.found();
    expect((await w.cases.get(id)).notes).toEqual([]);
  });
});
