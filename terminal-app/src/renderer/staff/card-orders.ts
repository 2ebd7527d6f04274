import { ref } from 'vue';
import type { CounterOrderDetail, CounterOrders } from '@bianmin/purchase/api/counter';
import type { StaffAnswer, StaffFault } from '../../ipc/staff.ts';
import { useSelectedOrder } from './selected-order.ts';

/** The last purchases of the card that is in, the newest of them read in full. */
export function useCardOrders(init: {
  readonly orders: () => Promise<StaffAnswer<CounterOrders>>;
  readonly order: (orderNo: string) => Promise<StaffAnswer<CounterOrderDetail>>;
}) {
  const loading = ref(true);
  const fault = ref<StaffFault | null>(null);
  const { orders, ...selected } = useSelectedOrder(init.order);

  async function load(): Promise<void> {
    loading.value = true;
    const answer = await init.orders();
    loading.value = false;
    fault.value = answer.ok ? null : answer.fault;
    if (!answer.ok) return;
    orders.value = answer.value.orders;
    await selected.select(0);
  }

  return { loading, fault, orders, ...selected, load };
}
