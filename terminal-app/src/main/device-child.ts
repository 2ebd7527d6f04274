import { driveReaders } from '@bianmin/card/node/drive-readers';
import { systemClock } from '@bianmin/card/node/system-clock';
import { runPrinterChild } from '../host/printer/served-printer.ts';
import { usbPrinter } from '../host/printer/usb-printer.ts';

/**
 * A child that drives readers or the printer, in Electron's utility process. Its program speaks Node's own channel to its parent;
 * here the parent is at the end of `process.parentPort`.
 */
const { parentPort } = process;
process.send = (message: unknown) => {
  parentPort.postMessage(message);
  return true;
};
parentPort.on('message', ({ data }) => {
  process.emit('message', data, undefined);
});
const driver = process.argv.at(-1);
if (driver === 'printer') runPrinterChild(usbPrinter({ clock: systemClock }));
else await driveReaders(driver);
