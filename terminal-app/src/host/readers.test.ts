import { UsbError } from '@bianmin/card/usb/error';
import { describe, expect, it } from 'vitest';
import { openPluggedIn } from './readers.ts';
import type { OpenSlots } from './readers.ts';

const source = (): OpenSlots => ({
  slots: () => [],
  onChange: () => () => undefined,
  close: async () => undefined,
});

/** Which ways were tried and which faults told, when PC/SC ends in `pcsc` and USB in `usb`. */
async function tried(pcsc: OpenSlots | Error, usb: OpenSlots | Error) {
  const ways: string[] = [];
  const faults: string[] = [];
  const way = (name: string, end: OpenSlots | Error) => (): Promise<OpenSlots> => {
    ways.push(name);
    return end instanceof Error ? Promise.reject(end) : Promise.resolve(end);
  };
  const opened = await openPluggedIn({
    pcsc: way('pcsc', pcsc),
    usb: way('usb', usb),
    onFault: (where) => faults.push(where),
  });
  return { opened, ways, faults };
}

const noService = new UsbError({
  code: 'pcsc.no-service',
  message: 'The smart-card service is not running.',
});

describe('readers plugged in here', () => {
  it('belong to the PC/SC service where it runs; USB is then left alone', async () => {
    const pcsc = source();
    expect(await tried(pcsc, source())).toEqual({ opened: pcsc, ways: ['pcsc'], faults: [] });
  });

  it('are opened over USB where no service runs, which is no fault', async () => {
    const usb = source();
    expect(await tried(noService, usb)).toEqual({ opened: usb, ways: ['pcsc', 'usb'], faults: [] });
  });

  it('are none where neither can be had, and what failed is told', async () => {
    const broken = new Error('no such module');
    expect(await tried(broken, broken)).toEqual({
      opened: undefined,
      ways: ['pcsc', 'usb'],
      faults: ['pcsc', 'usb'],
    });
  });
});
