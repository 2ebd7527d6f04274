import type { PrinterState, PrinterStatus } from '../../ipc/map.ts';
import type { WordKey } from '../../words/words.ts';

const WAITS: Readonly<Record<PrinterState, WordKey>> = {
  'paper-out': 'receipt.noPaper',
  'cover-open': 'receipt.coverOpen',
  error: 'receipt.broken',
  absent: 'receipt.broken',
  ready: 'receipt.waits',
  'paper-low': 'receipt.waits',
  unknown: 'receipt.waits',
};

/** What is said of a receipt on paper; null: nobody asked for it yet. */
export function paperSays(
  printer: PrinterStatus | null,
): { words: WordKey; tone: 'quiet' | 'good' | 'warning' } | null {
  switch (printer?.job?.state) {
    case undefined:
      return null;
    case 'printing':
      return { words: 'receipt.printing', tone: 'quiet' };
    case 'printed':
      return { words: 'receipt.printed', tone: 'good' };
    case 'failed':
      return { words: 'receipt.failed', tone: 'warning' };
    case 'waiting': {
      const words = WAITS[printer?.state ?? 'absent'];
      return { words, tone: words === 'receipt.waits' ? 'quiet' : 'warning' };
    }
  }
}

/** A printer as far as one order's receipt goes; null where there is none that could print, and nothing is to be said of one. */
export function printerFor(
  status: PrinterStatus | null | undefined,
  orderNo: string | null,
): PrinterStatus | null {
  if (status === null || status === undefined) return null;
  const job = status.job?.orderNo === orderNo ? status.job : null;
  return status.state === 'absent' && job === null ? null : { state: status.state, job };
}
