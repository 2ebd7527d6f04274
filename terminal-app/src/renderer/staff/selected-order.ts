import { computed, ref, shallowRef } from 'vue';
import type { CounterOrder, CounterOrderDetail } from '@bianmin/purchase/api/counter';
import type { StaffAnswer, StaffFault } from '../../ipc/staff.ts';

/** Orders of which one is selected and read in full. */
export function useSelectedOrder(read: (orderNo: string) => Promise<StaffAnswer<CounterOrderDetail>>) {
  const orders = shallowRef<readonly CounterOrder[]>([]);
  const index = ref(0);
  const detail = shallowRef<CounterOrderDetail | null>(null);
  const detailFault = ref<StaffFault | null>(null);
  const selected = computed(() => orders.value[index.value] ?? null);

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
      const answer = await read(of.orderNo);
      detailFault.value = answer.ok ? null : answer.fault;
      detail.value = answer.ok ? answer.value : null;
    }
    if (selected.value === null) detail.value = null;
    reading = false;
  }

  return { orders, index, detail, detailFault, selected, select };
}
