import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forkProgram } from '@bianmin/card/node/reader-fork';
import { systemClock } from '@bianmin/card/node/system-clock';
import { CARD_RECEIPT } from '../../../e2e/printer/sample-receipts.ts';
import { TcpPlug } from '../../../e2e/printer/tcp-plug.ts';
import { VirtualPrinter } from '../../../e2e/printer/virtual-printer.ts';
import { forkDeviceChild } from '../device-child.ts';
import { childPrinter } from './child-printer.ts';
import { PRINTER_MODELS } from './models.ts';
import { Printing } from './printing.ts';

const PROGRAM = join(import.meta.dirname, '../../testing/tcp-printer-child.ts');
const WAIT = { timeout: 60_000 };
const { orderNo } = CARD_RECEIPT;

let printer: VirtualPrinter;
let plug: TcpPlug;
let printing: Printing;
let pids: (number | undefined)[];
/** Happens while the receipt is asked for: the printer was found ready, and nothing is on paper yet. */
let onReceipt: () => void;
beforeEach(async () => {
  printer = new VirtualPrinter({ dots: 576 });
  plug = new TcpPlug(printer);
  await plug.plugIn();
  pids = [];
  onReceipt = () => undefined;
  printing = new Printing({
    link: childPrinter({
      clock: systemClock,
      start: () => {
        const child = forkProgram(PROGRAM, [plug.url]);
        pids.push(child.pid);
        return child;
      },
      onFault: () => undefined,
      pauseMs: () => 20,
      pulse: { everyMs: 200, misses: 10 },
    }),
    model: PRINTER_MODELS['generic-80'],
    receipt: () => {
      onReceipt();
      return Promise.resolve(CARD_RECEIPT);
    },
    ...{ helpPhone: '95598', clock: systemClock, onChange: () => undefined, onFault: () => undefined },
  });
  printing.start();
  await expect.poll(() => printing.status.state, WAIT).toBe('ready');
});
afterEach(async () => {
  await printing.stop();
  await plug.pull();
});

it.each(['SIGSEGV', 'SIGSTOP'] as const)(
  'a receipt is printed once though the process that drives the printer meets %s in the middle',
  async (signal) => {
    onReceipt = () => {
      onReceipt = () => undefined;
      process.kill(pids.at(-1) ?? 0, signal);
    };
    printing.print({ orderNo, language: 'zh-CN' });
    await expect.poll(() => printing.status.job?.state, WAIT).toBe('printed');
    expect(pids.length).toBeGreaterThan(1);
    expect(printer.receipts.map(({ text }) => text.includes('补打'))).toEqual([false]);
  },
);

it('the program that drives a USB printer starts, and says where there is none or no bus', async () => {
  const link = childPrinter({
    clock: systemClock,
    start: () => forkDeviceChild('printer'),
    onFault: () => undefined,
  });
  await expect(link.open()).rejects.toThrow();
  await link.close();
});
