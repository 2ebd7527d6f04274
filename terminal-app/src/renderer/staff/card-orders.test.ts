import { describe, expect, it } from 'vitest';
import type { CounterOrder, CounterOrderDetail } from '@bianmin/purchase/api/counter';
import { useCardOrders } from './card-orders.ts';

const rows = ['261127093000000002', '261127093000000001'].map((orderNo) => ({ orderNo }) as CounterOrder);

describe('the last purchases of a card', () => {
  it('are there with the newest one read, and each other one once it is chosen', async () => {
    const read: string[] = [];
    const last = useCardOrders({
      orders: () => Promise.resolve({ ok: true, value: { orders: rows, next: null } }),
      order: (orderNo) => {
        read.push(orderNo);
        return Promise.resolve({ ok: true, value: { orderNo } as CounterOrderDetail });
      },
    });
    expect(last.loading.value).toBe(true);
    await last.load();
    expect([last.loading.value, last.orders.value, last.detail.value?.orderNo]).toEqual([
      false,
      rows,
      rows[0]?.orderNo,
    ]);
    await last.select(1);
    expect(read).toEqual(rows.map(({ orderNo }) => orderNo));
  });

  it('say why they are not there, and come once they can be had', async () => {
    let isUp = false;
    const last = useCardOrders({
      orders: () =>
        Promise.resolve(
          isUp ? { ok: true, value: { orders: [], next: null } } : { ok: false, fault: 'away' },
        ),
      order: () => Promise.resolve({ ok: false, fault: 'not-found' }),
    });
    await last.load();
    expect([last.fault.value, last.loading.value]).toEqual(['away', false]);
    isUp = true;
    await last.load();
    expect([last.fault.value, last.orders.value, last.detail.value]).toEqual([null, [], null]);
  });
});
