import { computed, ref, shallowRef } from 'vue';
import type { CounterOrder, CounterOrderDetail, CounterOrders } from '@bianmin/shared/api/counter';
import type { StaffAnswer, StaffFault, StaffOrdersQuery } from '../../ipc/staff.ts';

export interface OrderListInit {
  readonly orders: (query: StaffOrdersQuery) => Promise<StaffAnswer<CounterOrders>>;
  readonly order: (orderNo: string) => Promise<StaffAnswer<CounterOrderDetail>>;
}

/** A list of orders, page by page, one of them read in full. Late answers to what was asked before are dropped. */
export function useOrderList(init: OrderListInit) {
  const list = ref<StaffOrdersQuery['list']>('recent');
  /** What was looked for; null: everything. */
  const key = ref<string | null>(null);
  const orders = shallowRef<readonly CounterOrder[]>([]);
  const next = ref<string | null>(null);
  const loading = ref(false);
  const fault = ref<StaffFault | null>(null);
  const index = ref(0);
  const detail = shallowRef<CounterOrderDetail | null>(null);
  const detailFault = ref<StaffFault | null>(null);
  const selected = computed(() => orders.value[index.value] ?? null);
  let turn = 0;

  async function load(): Promise<void> {
    const mine = ++turn;
    const was = selected.value?.orderNo;
    loading.value = true;
    fault.value = null;
    const answer = await init.orders(queryOf());
    if (mine !== turn) return;
    loading.value = false;
    if (!answer.ok) {
      fault.value = answer.fault;
      return;
    }
    orders.value = answer.value.orders;
    next.value = answer.value.next;
    const at = orders.value.findIndex(({ orderNo }) => orderNo === was);
    await select(Math.max(0, at), true);
  }

  async function more(): Promise<void> {
    if (next.value === null || loading.value) return;
    const mine = ++turn;
    loading.value = true;
    const answer = await init.orders({ ...queryOf(), after: next.value });
    if (mine !== turn) return;
    loading.value = false;
    if (!answer.ok) {
      fault.value = answer.fault;
      return;
    }
    const first = orders.value.length;
    orders.value = [...orders.value, ...answer.value.orders];
    next.value = answer.value.next;
    if (answer.value.orders.length > 0) await select(first);
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

  let reading = false;
  let stale = false;
  /** Reads the selected order; while one is read, only the newest choice waits. `again`: also where it is shown. */
  async function select(at: number, again = false): Promise<void> {
    index.value = Math.min(Math.max(0, at), Math.max(0, orders.value.length - 1));
    stale ||= again;
    if (reading) return;
    reading = true;
    let last = detail.value?.orderNo;
    for (let of = selected.value; of !== null && (stale || of.orderNo !== last); of = selected.value) {
      stale = false;
      last = of.orderNo;
      const answer = await init.order(of.orderNo);
      detailFault.value = answer.ok ? null : answer.fault;
      detail.value = answer.ok ? answer.value : null;
    }
    if (selected.value === null) detail.value = null;
    reading = false;
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
