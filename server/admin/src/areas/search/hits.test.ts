import { describe, expect, it } from 'vitest';
import type { AdminSearchFound } from '@bianmin/purchase/api/admin-search';
import { hitGroups, stepFrom } from './hits.ts';

const order = { orderNo: '260301100000000001', page: '/orders/260301100000000001' };
const found = (over: object): AdminSearchFound => ({
  ...{ readAs: [], orders: [], moreOrders: false, households: [] },
  ...{ terminals: [], cases: [], refunds: [] },
  ...over,
});

describe('lines of what was found', () => {
  it('are none where nothing was', () => {
    expect(hitGroups(found({}))).toEqual([]);
  });

  it('lead where the server says, a household to all of its orders, orders first', () => {
    const groups = hitGroups(
      found({
        households: [{ customer: { name: '张*', address: '', customerNo: '****0001' } }],
        orders: [order],
        cases: [{ id: 'a'.repeat(32), page: `/cases/${'a'.repeat(32)}` }],
      }),
    );
    expect(groups.map(({ group, hits }) => [group, hits.map(({ id, page }) => [id, page])])).toEqual([
      ['orders', [['hit-orders-0', order.page]]],
      ['households', [['hit-households-0', undefined]]],
      ['cases', [['hit-cases-0', `/cases/${'a'.repeat(32)}`]]],
    ]);
  });

  it('end in a way to the others where there are more orders', () => {
    const [orders] = hitGroups(found({ orders: [order], moreOrders: true }));
    expect(orders?.hits.map(({ id, page }) => [id, page])).toEqual([
      ['hit-orders-0', order.page],
      ['hit-orders-all', undefined],
    ]);
  });

  it('are gone through around the ends', () => {
    expect([stepFrom(0, -1, 3), stepFrom(2, 1, 3), stepFrom(0, 1, 3), stepFrom(0, 1, 0)]).toEqual([
      2, 0, 1, 0,
    ]);
  });
});
