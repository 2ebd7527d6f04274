import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import { TcpPlug } from '../../../e2e/printer/tcp-plug.ts';
import { FakePrinterChild } from '../../../e2e/printer/fake-printer-child.ts';
import { UsbPlug } from '../../../e2e/printer/usb-plug.ts';
import { VirtualPrinter } from '../../../e2e/printer/virtual-printer.ts';
import { childPrinter } from './child-printer.ts';
import type { PrinterLink } from './port.ts';
import { tcpPrinter } from './tcp-printer.ts';
import { usbPrinter } from './usb-printer.ts';

interface Plug {
  plugIn(): Promise<void>;
  pull(): Promise<void>;
}

const PORTS: Readonly<Record<string, (printer: VirtualPrinter) => { plug: Plug; link: () => PrinterLink }>> =
  {
    'over USB': (printer) => {
      const plug = new UsbPlug(printer);
      return { plug, link: () => usbPrinter({ clock: systemClock, find: plug.find }) };
    },
    'over USB in a process of its own': (printer) => {
      const plug = new UsbPlug(printer);
      const link = (): PrinterLink =>
        childPrinter({
          clock: systemClock,
          start: () => new FakePrinterChild(usbPrinter({ clock: systemClock, find: plug.find })),
          onFault: () => undefined,
        });
      return { plug, link };
    },
    'over the network': (printer) => {
      const plug = new TcpPlug(printer);
      return {
        plug,
        link: () => {
          const { hostname, port } = new URL(plug.url);
          return tcpPrinter({ host: hostname, port: Number(port), clock: systemClock });
        },
      };
    },
  };

describe.each(Object.entries(PORTS))('a printer %s', (_, make) => {
  let printer: VirtualPrinter;
  let plug: Plug;
  let link: PrinterLink;
  beforeEach(async () => {
    printer = new VirtualPrinter({ dots: 384 });
    const made = make(printer);
    ({ plug } = made);
    await plug.plugIn();
    link = made.link();
  });
  afterEach(async () => {
    await link.close();
    await plug.pull();
  });

  it('takes bytes and answers', async () => {
    const port = await link.open();
    await port.write(Uint8Array.of(0x41, 0x0a, 0x10, 0x04, 1), 1_000);
    expect([...(await port.read(1_000))]).toEqual([0x12]);
    expect(printer.unfinished.text).toBe('A');
  });

  it('gives nothing where nothing is said, and does not hang', async () => {
    const port = await link.open();
    expect(await port.read(10)).toHaveLength(0);
  });

  it('tells of its state also while it cannot print', async () => {
    const port = await link.open();
    printer.loadPaper(0);
    await port.write(Uint8Array.of(0x41, 0x0a, 0x10, 0x04, 4), 1_000);
    expect([...(await port.read(1_000))]).toEqual([0x7e]);
    expect(printer.unfinished.text).toBe('');
  });

  it('that is pulled is gone, also for who waits for its answer', async () => {
    const port = await link.open();
    const waiting = expect(port.read(5_000)).rejects.toMatchObject({ code: 'printer.gone' });
    await plug.pull();
    await waiting;
    await expect(port.write(Uint8Array.of(0x0a), 500)).rejects.toMatchObject({ code: 'printer.gone' });
    await expect(link.open()).rejects.toMatchObject({ code: 'printer.gone' });
    await plug.plugIn();
    await (await link.open()).write(Uint8Array.of(0x42, 0x0a), 1_000);
    await expect.poll(() => printer.unfinished.text).toBe('B');
  });
});

it('a USB printer that another program holds is said to be denied', async () => {
  const plug = new UsbPlug(new VirtualPrinter({ dots: 384 }));
  plug.taken = true;
  await plug.plugIn();
  await expect(usbPrinter({ clock: systemClock, find: plug.find }).open()).rejects.toMatchObject({
    code: 'printer.denied',
  });
});

it('a USB printer that takes nothing more says so in its time', async () => {
  const printer = new VirtualPrinter({ dots: 384 });
  const plug = new UsbPlug(printer);
  await plug.plugIn();
  printer.openCover(true);
  const port = await usbPrinter({ clock: systemClock, find: plug.find }).open();
  await expect(port.write(new Uint8Array(80 * 1024), 20)).rejects.toMatchObject({ code: 'printer.timeout' });
});
