import { ref } from 'vue';
import type { CounterOrderDetail, CounterOrders } from '@bianmin/purchase/api/counter';
import type { StaffAnswer, StaffFault, StaffOrdersQuery } from '../../ipc/staff.ts';
import { useSelectedOrder } from './selected-order.ts';

export interface OrderListInit {
  readonly orders: (query: StaffOrdersQuery) => Promise<StaffAnswer<CounterOrders>>;
  readonly order: (orderNo: string) => Promise<StaffAnswer<CounterOrderDetail>>;
}

/** Asks for pages of orders, of which only the one that was asked for last counts. */
function useNewestPage(orders: OrderListInit['orders']) {
  const loading = ref(false);
  const fault = ref<StaffFault | null>(null);
  let turn = 0;

  /** Null: it failed, or something else was asked for meanwhile. */
  async function ask(query: StaffOrdersQuery): Promise<CounterOrders | null> {
    const mine = ++turn;
    loading.value = true;
    const answer = await orders(query);
    if (mine !== turn) return null;
    loading.value = false;
    if (answer.ok) return answer.value;
    fault.value = answer.fault;
    return null;
  }

  return { loading, fault, ask };
}

/** A list of orders, page by page, one of them read in full. Late answers to what was asked before are dropped. */
export function useOrderList(init: OrderListInit) {
  const list = ref<StaffOrdersQuery['list']>('recent');
  /** What was looked for; null: everything. */
  const key = ref<string | null>(null);
  const next = ref<string | null>(null);
  const { loading, fault, ask } = useNewestPage(init.orders);
  const { orders, index, detail, detailFault, selected, select } = useSelectedOrder(init.order);

  async function load(): Promise<void> {
    const was = selected.value?.orderNo;
    fault.value = null;
    const page = await ask(queryOf());
    if (page === null) return;
    orders.value = page.orders;
    next.value = page.next;
    const at = orders.value.findIndex(({ orderNo }) => orderNo === was);
    await select(Math.max(0, at), true);
  }

  async function more(): Promise<void> {
    if (next.value === null || loading.value) return;
    const page = await ask({ ...queryOf(), after: next.value });
    if (page === null) return;
    const first = orders.value.length;
    orders.value = [...orders.value, ...page.orders];
    next.value = page.next;
    if (page.orders.length > 0) await select(first);
  }

  function show(which: StaffOrdersQuery['list']): Promise<void> {
    list.value = which;
    return find(null);
  }

  function find(what: string | null): Promise<void> {
    key.value = what;
    orders.value = [];
    next.value = null;
    index.value = 0;
    detail.value = null;
    return load();
  }

  function queryOf(): StaffOrdersQuery {
    return { list: list.value, ...(key.value === null ? {} : { key: key.value }) };
  }

  return {
    ...{ list, key, orders, next, loading, fault, index, selected, detail, detailFault },
    ...{ load, more, show, find, select },
  };
}
export type OrderList = ReturnType<typeof useOrderList>;
