import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import { FakePrinterChild } from '../../../e2e/printer/fake-printer-child.ts';
import { UsbPlug } from '../../../e2e/printer/usb-plug.ts';
import { VirtualPrinter } from '../../../e2e/printer/virtual-printer.ts';
import { childPrinter } from './child-printer.ts';
import type { PrinterLink } from './port.ts';
import { usbPrinter } from './usb-printer.ts';

const QUESTION = Uint8Array.of(0x10, 0x04, 1);

interface Rig {
  readonly link: PrinterLink;
  readonly children: FakePrinterChild[];
  readonly faults: unknown[];
}

const links: PrinterLink[] = [];
afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
});

async function rig(): Promise<Rig> {
  const plug = new UsbPlug(new VirtualPrinter({ dots: 384 }));
  await plug.plugIn();
  const children: FakePrinterChild[] = [];
  const faults: unknown[] = [];
  const link = childPrinter({
    clock: systemClock,
    start: () => {
      const child = new FakePrinterChild(usbPrinter({ clock: systemClock, find: plug.find }));
      children.push(child);
      return child;
    },
    onFault: (_, error) => faults.push(error),
    pauseMs: () => 5,
    pulse: { everyMs: 20, misses: 3 },
  });
  links.push(link);
  return { link, children, faults };
}

describe('the process that drives the printer', () => {
  it('starts when the printer is asked for, and not before', async () => {
    const { link, children } = await rig();
    expect(children).toHaveLength(0);
    await link.open();
    expect(children).toHaveLength(1);
  });

  it('that ends is a printer that is gone, and the next one brings it back', async () => {
    const { link, children, faults } = await rig();
    const port = await link.open();
    const waiting = expect(port.read(5_000)).rejects.toMatchObject({ code: 'printer.gone' });
    children[0]?.exit();
    await waiting;
    await expect(port.write(QUESTION, 500)).rejects.toMatchObject({ code: 'printer.gone' });
    await expect.poll(() => children.length).toBe(2);
    await expect.poll(() => link.open().then(() => 'open', String)).toBe('open');
    expect(faults).toMatchObject([{ code: 'printer.gone', context: { loss: 'ended' } }]);
  });

  it('that gives no sign of life is ended, and another one comes', async () => {
    const { link, children, faults } = await rig();
    await link.open();
    const [first] = children;
    if (first !== undefined) first.hangs = true;
    await expect.poll(() => children.length).toBe(2);
    expect(first?.killed).toBe(true);
    expect(faults).toMatchObject([{ code: 'printer.gone', context: { loss: 'silent' } }]);
  });

  it('does not take bytes meant for a port of the one before it', async () => {
    const { link, children } = await rig();
    const before = await link.open();
    children[0]?.exit();
    await expect.poll(() => link.open().then(() => 'open', String)).toBe('open');
    await expect(before.write(QUESTION, 500)).rejects.toMatchObject({ code: 'printer.gone' });
  });

  it('is not started again once the printer is closed', async () => {
    const { link, children, faults } = await rig();
    await link.open();
    await link.close();
    expect(children[0]?.killed).toBe(true);
    await expect(link.open()).rejects.toMatchObject({ code: 'printer.gone' });
    expect(children).toHaveLength(1);
    expect(faults).toHaveLength(0);
  });
});
