import { computed, ref, shallowRef } from 'vue';
import type { CashSum } from '@bianmin/purchase/api/float';
import type { WaitingCash, WaitingCashList } from '@bianmin/purchase/api/hand-out';
import type { StaffAnswer, StaffFault } from '../../ipc/staff.ts';

/** Refunds whose cash waits, and the one of them that is looked at. */
export function useWaitingCash(waiting: () => Promise<StaffAnswer<WaitingCashList>>) {
  const refunds = shallowRef<readonly WaitingCash[]>([]);
  const sum = shallowRef<CashSum | null>(null);
  const listFault = ref<StaffFault | null>(null);
  const index = ref(0);
  const selected = computed(() => refunds.value[index.value] ?? null);

  /** Asks again; gives where the same refund is now, else the first, and null where there is no answer. */
  async function read(): Promise<number | null> {
    listFault.value = null;
    const was = selected.value?.refundNo;
    const answer = await waiting();
    if (!answer.ok) {
      listFault.value = answer.fault;
      return null;
    }
    refunds.value = answer.value.refunds;
    sum.value = answer.value.waiting;
    const at = refunds.value.findIndex(({ refundNo }) => refundNo === was);
    return Math.max(0, at);
  }

  /** The nearest that there is. */
  function nearest(at: number): number {
    return Math.min(Math.max(0, at), Math.max(0, refunds.value.length - 1));
  }

  return { refunds, sum, listFault, index, selected, read, nearest };
}
