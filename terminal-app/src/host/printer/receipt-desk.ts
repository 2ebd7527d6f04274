import type { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { ReaderChild } from '@bianmin/card/node/guarded-child';
import type { Language } from '@bianmin/purchase/api/language';
import { receipt, type Receipt } from '@bianmin/purchase/api/receipt';
import type { ClosedShift } from '@bianmin/purchase/api/shift';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { PrinterStatus, PrintRequest } from '../../ipc/map.ts';
import type { HostEnvironment } from '../env.ts';
import { childPrinter } from './child-printer.ts';
import { PRINTER_MODELS } from './models.ts';
import type { PrinterLink } from './port.ts';
import { Printing } from './printing.ts';
import { shiftLines } from './shift-lines.ts';
import { tcpPrinter } from './tcp-printer.ts';

/** Receipts, as the host's map offers them. */
export interface ReceiptDesk {
  /** null where no printer is set up. */
  readonly status: PrinterStatus | null;
  start(): void;
  stop(): Promise<void>;
  /** Follows the screen: what it asked for ends with it. */
  show(view: PurchaseView): void;
  print(request: PrintRequest): boolean;
  reprint(request: PrintRequest): boolean;
  /** Of a shift that was closed; the second one says so. */
  printSlip(shift: ClosedShift, language: Language): boolean;
  link(orderNo: string): Promise<string | null>;
}

export function receiptDesk(init: {
  readonly env: HostEnvironment;
  readonly read: <T>(path: string, schema: z.ZodType<T>) => Promise<T>;
  /** Starts the process that drives a printer on the USB bus. */
  readonly startPrinterChild: () => ReaderChild;
  readonly clock: Clock;
  readonly onChange: () => void;
  readonly onFault: (where: string, error: unknown) => void;
}): ReceiptDesk {
  const { env, read, clock, onChange, onFault } = init;
  const fetch = (orderNo: string): Promise<Receipt> =>
    read(`/v1/terminal/orders/${orderNo}/receipt`, receipt);
  const link = linkFrom(init);
  const printing =
    link === undefined
      ? undefined
      : new Printing({
          ...{ link, receipt: fetch, clock, onChange, onFault },
          model: PRINTER_MODELS[env.BIANMIN_PRINTER_MODEL],
          helpPhone: env.HELP_PHONE,
        });
  let shown: string | undefined;
  return {
    get status() {
      return printing?.status ?? null;
    },
    start: () => printing?.start(),
    stop: async () => {
      await printing?.stop();
    },
    show: (view) => {
      shown = hasReceipt(view) ? view.orderNo : undefined;
      printing?.shows(shown);
    },
    print: (request) => {
      if (printing === undefined || request.orderNo !== shown) return false;
      printing.print(request);
      return true;
    },
    reprint: (request) => {
      printing?.print(request, true);
      return printing !== undefined;
    },
    printSlip: (shift, language) => {
      printing?.printSlip(shift.id, (again) => shiftLines({ shift, language, again }));
      return printing !== undefined;
    },
    link: async (orderNo) => {
      if (orderNo !== shown) return null;
      try {
        return (await fetch(orderNo)).url;
      } catch (error) {
        onFault('receipt', error);
        return null;
      }
    },
  };
}

type WithReceipt = Extract<PurchaseView, { screen: 'done' | 'credited' }>;
function hasReceipt(view: PurchaseView): view is WithReceipt {
  return view.screen === 'done' || view.screen === 'credited';
}

function linkFrom({
  env,
  clock,
  startPrinterChild,
  onFault,
}: Parameters<typeof receiptDesk>[0]): PrinterLink | undefined {
  const where = env.BIANMIN_PRINTER;
  if (where === 'none') return undefined;
  if (where === 'usb') return childPrinter({ clock, start: startPrinterChild, onFault });
  const { hostname, port } = new URL(where);
  return tcpPrinter({ host: hostname, port: Number(port), clock });
}
