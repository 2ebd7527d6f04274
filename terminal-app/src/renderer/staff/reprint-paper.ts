import { computed } from 'vue';
import type { CounterOrderDetail } from '@bianmin/purchase/api/counter';
import { useKiosk } from '../stores/kiosk.ts';
import { paperSays, printerFor } from '../stores/paper.ts';
import { mayReprint } from './may-reprint.ts';

/** The receipt of what was paid here, where a printer is, and what is said of its paper. */
export function useReprintPaper(order: () => CounterOrderDetail | null) {
  const kiosk = useKiosk();
  const printer = computed(() => {
    const of = order();
    return of !== null && mayReprint(of) ? printerFor(kiosk.status?.printer, of.orderNo) : null;
  });
  const paper = computed(() => {
    const says = paperSays(printer.value);
    if (says === null || printer.value === null) return null;
    // Elsewhere the person is told to call staff, who are here.
    const isStuck = says.tone === 'warning' && printer.value.job?.state === 'waiting';
    return {
      tone: says.tone,
      words: isStuck ? (`staff.machine.printer.${printer.value.state}` as const) : says.words,
    };
  });
  return { printer, paper };
}
