import { describe, expect, it } from 'vitest';
import { watchReaders } from '@bianmin/card/reader/readers';
import { settled } from '@bianmin/card/testing/manual-clock';
import { fromHex } from '@bianmin/card/bytes/hex';
import { outcome } from '@bianmin/card/testing/outcome';
import { GRACE_MS } from './bridge-link.ts';
import { openAndroidUsbBus } from './usb-bus.ts';
import { box } from '../testing/sim-box.ts';

const SLOT_STATUS = fromHex('65000000000007000000');

describe('the box’s bus', () => {
  it('says hello first, with the vendors whose own class is a reader’s', async () => {
    const { shell } = await box();
    expect(JSON.parse(shell.requests[0] ?? '')).toEqual({
      op: 'hello',
      version: 1,
      vendors: [0x072f, 0x076b],
    });
  });

  it('opens what a person allows, and says what is not', async () => {
    const { shell, reader, bus } = await box();
    shell.allowed = false;
    expect(await outcome(bus.open(reader.info.id))).toBe('usb.permission');
    expect(await outcome(bus.open('another'))).toBe('usb.gone');
  });

  it('closes again what was allowed after the wait was over', async () => {
    const { clock, shell, reader, bus } = await box();
    shell.hold = true;
    const opening = outcome(bus.open(reader.info.id));
    await clock.advance(60_000 + GRACE_MS);
    expect(await opening).toBe('usb.timeout');
    shell.release();
    await settled();
    expect(shell.openPorts).toBe(0);
  });

  it('has readers opened and closed as they are plugged', async () => {
    const { shell, reader, bus } = await box();
    const faults: unknown[] = [];
    const readers = await watchReaders(bus, (_, error) => faults.push(error));
    expect(await readers.slots()[0]?.present()).toBe(false);
    shell.unplug(reader);
    await settled();
    expect(readers.slots()).toHaveLength(0);
    shell.plug(reader);
    await settled();
    expect(await readers.slots()[0]?.present()).toBe(false);
    expect(faults).toEqual([]);
  });

  it('has a page that is loaded anew close what the last one left', async () => {
    const { clock, shell, reader, bus } = await box();
    const port = await bus.open(reader.info.id);
    await openAndroidUsbBus({ bridge: shell, clock, install: (page) => (shell.page = page) });
    expect(shell.openPorts).toBe(0);
    const asked = outcome(port.bulkOut(SLOT_STATUS, 100));
    await clock.advance(100 + GRACE_MS);
    expect(await asked).toBe('usb.timeout');
  });
});
