import { systemClock } from '@bianmin/card/node/system-clock';
import { runPrinterChild } from './served-printer.ts';
import { usbPrinter } from './usb-printer.ts';

/** The program that `forkDeviceChild` starts for the printer. */
runPrinterChild(usbPrinter({ clock: systemClock }));
