import process from 'node:process';
import { systemClock } from '@bianmin/card/node/system-clock';
import { runPrinterChild } from '../host/printer/served-printer.ts';
import { tcpPrinter } from '../host/printer/tcp-printer.ts';

/** `host/printer/printer-child.ts` with a printer on the network: the last argument is its address. */
const { hostname, port } = new URL(process.argv.at(-1) ?? '');
runPrinterChild(tcpPrinter({ host: hostname, port: Number(port), clock: systemClock }));
