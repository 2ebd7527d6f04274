import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { LinkedBridge } from '../bridge/linked-bridge.ts';
import { useKiosk } from './kiosk.ts';
import { printerFor } from './paper.ts';
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
  const printer = computed(() => printerFor(kiosk.status?.printer, orderNo.value));

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
    send('printer.print', orderNo.value);
  }

  /** For staff: of any order that was made here, marked as printed again. */
  function reprint(of: string): void {
    send('printer.reprint', of);
  }

  function send(call: 'printer.print' | 'printer.reprint', of: string): void {
    bridge?.call(call, { orderNo: of, language: words.language }).catch(() => undefined);
  }

  return { link, printer, start, print, reprint };
});
