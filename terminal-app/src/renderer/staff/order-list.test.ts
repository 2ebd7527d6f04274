import { describe, expect, it } from 'vitest';
import { settled } from '@bianmin/card/testing/manual-clock';
import type { CounterOrder, CounterOrderDetail, CounterOrders } from '@bianmin/purchase/api/counter';
import type { StaffAnswer, StaffOrdersQuery } from '../../ipc/staff.ts';
import { useOrderList } from './order-list.ts';

function rowOf(n: number): CounterOrder {
  return {
    ...{ orderNo: `26112709300000000${n}`, createdAt: '2026-11-27T01:30:00Z', state: 'sold', paidFen: 5000 },
    household: { name: '张*', address: '天山区**小区3号楼', customerNo: '****1234' },
    ...{ here: true, next: 'insert-card' },
  };
}
const page = (...numbers: number[]): CounterOrders => ({ orders: numbers.map(rowOf), next: null });

/** Each question waits until the test answers it. */
function rig() {
  const asked: StaffOrdersQuery[] = [];
  const read: string[] = [];
  const answers: ((answer: StaffAnswer<CounterOrders>) => void)[] = [];
  const details: ((answer: StaffAnswer<CounterOrderDetail>) => void)[] = [];
  const list = useOrderList({
    orders: (query) => {
      asked.push(query);
      return new Promise((resolve) => answers.push(resolve));
    },
    order: (orderNo) => {
      read.push(orderNo);
      return new Promise((resolve) => details.push(resolve));
    },
  });
  const answer = async (value: CounterOrders): Promise<void> => {
    answers.shift()?.({ ok: true, value });
    await settled();
  };
  const tell = async (): Promise<void> => {
    const orderNo = read.at(-1) ?? '';
    const value = { ...rowOf(0), orderNo } as CounterOrderDetail;
    details.shift()?.({ ok: true, value });
    await settled();
  };
  return { list, asked, read, answers, details, answer, tell };
}
const numberOf = (n: number): string => rowOf(n).orderNo;

describe('the orders that staff look through', () => {
  it('are read newest first, with the first in full', async () => {
    const { list, asked, read, answer, tell } = rig();
    void list.load();
    expect(list.loading.value).toBe(true);
    await answer(page(3, 2, 1));
    await tell();
    expect([asked, read]).toEqual([[{ list: 'recent' }], [numberOf(3)]]);
    expect(list.detail.value?.orderNo).toBe(numberOf(3));
  });

  it('go on with the next page where it began, and keep what was chosen over a look again', async () => {
    const { list, asked, answer, tell } = rig();
    void list.load();
    await answer({ ...page(3, 2), next: numberOf(2) });
    await tell();
    void list.more();
    await answer(page(1));
    await tell();
    expect(asked.at(-1)).toEqual({ list: 'recent', after: numberOf(2) });
    expect(list.selected.value?.orderNo).toBe(numberOf(1));
    void list.load();
    await answer(page(4, 3, 2, 1));
    expect(list.selected.value?.orderNo).toBe(numberOf(1));
  });

  it('drop an answer to what was asked before', async () => {
    const { list, answers, answer } = rig();
    void list.load();
    void list.find('1234');
    const late = answers.shift();
    await answer(page(7));
    late?.({ ok: true, value: page(3, 2, 1) });
    await settled();
    expect(list.orders.value.map(({ orderNo }) => orderNo)).toEqual([numberOf(7)]);
    expect(list.key.value).toBe('1234');
  });

  it('are not asked about one by one while the arrow key is held', async () => {
    const { list, read, answer, tell } = rig();
    void list.load();
    await answer(page(5, 4, 3, 2, 1));
    for (let n = 1; n < 5; n += 1) void list.select(n);
    await tell();
    await tell();
    expect(read).toEqual([numberOf(5), numberOf(1)]);
    expect(list.detail.value?.orderNo).toBe(numberOf(1));
    void list.select(99);
    expect(list.index.value).toBe(4);
  });

  it('are read anew on a look again, also the one that is shown', async () => {
    const { list, read, answer, tell } = rig();
    void list.load();
    await answer(page(1));
    await tell();
    void list.select(0);
    expect(read).toHaveLength(1);
    void list.load();
    await answer(page(1));
    await tell();
    expect(read).toHaveLength(2);
  });

  it('say why there are none, and come with the next try', async () => {
    const { list, answers, answer } = rig();
    void list.load();
    answers.shift()?.({ ok: false, fault: 'away' });
    await settled();
    expect([list.fault.value, list.loading.value]).toEqual(['away', false]);
    void list.load();
    expect(list.fault.value).toBe(null);
    await answer(page());
    expect([list.orders.value, list.detail.value]).toEqual([[], null]);
  });
});
