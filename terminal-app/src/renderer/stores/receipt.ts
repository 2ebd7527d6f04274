import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { LinkedBridge } from '../bridge/bridge.ts';
import { useKiosk } from './kiosk.ts';
import { useWords } from './words.ts';

/** The receipt of the order on the screen: its link, and how its paper is. */
export const useReceipt = defineStore('receipt', () => {
  const kiosk = useKiosk();
  const words = useWords();
  const link = ref<string | null>(null);
  let bridge: LinkedBridge | undefined;

  const orderNo = computed(() => {
    const { view } = kiosk;
    return view.screen === 'done' || view.screen === 'credited' ? view.orderNo : null;
  });
  /** null where there is no printer that could print, and nothing is to be said of one. */
  const printer = computed(() => {
    const status = kiosk.status?.printer;
    if (status === null || status === undefined) return null;
    const job = status.job?.orderNo === orderNo.value ? status.job : null;
    return status.state === 'absent' && job === null ? null : { state: status.state, job };
  });

  function start(host: LinkedBridge): void {
    bridge = host;
    // Asked again when the server is back.
    watch(
      () => [orderNo.value, kiosk.away] as const,
      async ([wanted, away], before) => {
        if (wanted !== before?.[0]) link.value = null;
        if (wanted === null || away || link.value !== null) return;
        const found = await host.call('receipt.link', { orderNo: wanted }).catch(() => null);
        if (orderNo.value === wanted) link.value = found;
      },
      { immediate: true },
    );
  }

  function print(): void {
    if (orderNo.value === null) return;
    bridge
      ?.call('printer.print', { orderNo: orderNo.value, language: words.language })
      .catch(() => undefined);
  }

  return { link, printer, start, print };
});
