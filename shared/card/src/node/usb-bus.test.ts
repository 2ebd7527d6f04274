import { describe, expect, it } from 'vitest';
import type { Clock } from '../clock.ts';
import { openCcidReader } from '../reader/ccid-reader.ts';
import { READ_MS } from '../reader/ccid-link.ts';
import { fakeUsbSystem, fakeWebUsbDevice } from '../testing/fake-web-usb.ts';
import type { FakeWebUsbInit } from '../testing/fake-web-usb.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import type { SimulatedReaderInit } from '../testing/sim-reader.ts';
import type { UsbBus, UsbDeviceInfo } from '../usb/ports.ts';
import { systemClock } from './system-clock.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { usbBusOver } from './usb-bus.ts';
import type { NodeUsb } from './usb-bus.ts';
import type { UsbSystem } from './usb-readers.ts';
import { outcome } from '../testing/outcome.ts';

const SILENT: UsbSystem = { interfaceClasses: () => undefined, driverOf: () => undefined };

/** A machine into which devices are plugged, as version 3 of the `usb` package shows it. */
class Machine {
  readonly bus: UsbBus;
  readonly usb: NodeUsb;
  readonly clock: Clock;
  readonly system: UsbSystem;
  readonly #devices = new Map<SimulatedReader, FakeWebUsbInit>();
  readonly #listeners = new Set<() => void>();

  /** `tells`: a system that says of each device what it is and whose, as Linux does. */
  constructor(clock: Clock = systemClock, { tells = false } = {}) {
    this.clock = clock;
    this.system = tells ? fakeUsbSystem(() => this.#devices) : SILENT;
    this.usb = {
      getDevices: () =>
        Promise.resolve(
          [...this.#devices].map(([reader, init]) => fakeWebUsbDevice(reader, { givesUpMs: 1_000, ...init })),
        ),
      addEventListener: (_type, listener) => void this.#listeners.add(listener),
      removeEventListener: (_type, listener) => void this.#listeners.delete(listener),
    };
    this.bus = usbBusOver(this.usb, clock, this.system);
  }

  plug(id: string, init: FakeWebUsbInit & Pick<SimulatedReaderInit, 'model'> = {}): SimulatedReader {
    const { model, ...rest } = init;
    const reader = new SimulatedReader({ clock: this.clock, id, ...(model === undefined ? {} : { model }) });
    this.#devices.set(reader, rest);
    this.#tell();
    return reader;
  }

  unplug(reader: SimulatedReader): void {
    this.#devices.delete(reader);
    reader.unplug();
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

const OTHER_VENDOR = { vendorId: 0x1234, productId: 0x0001, product: 'Adapter' } as const;
const ids = (devices: readonly UsbDeviceInfo[]): string[] => devices.map(({ id }) => id);
const READ_SERIAL = Uint8Array.of(0xff, 0xb0, 0x00, 0x08, 0x08);
const SELECT_SLE4442 = Uint8Array.of(0xff, 0xa4, 0x00, 0x00, 0x01, 0x06);

describe('the USB bus', () => {
  it('keeps a port alive when something else is plugged in or out', async () => {
    const machine = new Machine();
    machine.plug('a');
    const [info] = await machine.bus.list();
    const port = await machine.bus.open(info?.id ?? '');
    const other = machine.plug('b');
    expect(ids(await machine.bus.list())).toEqual(['a:4', 'b:4']);
    machine.unplug(other);
    expect(ids(await machine.bus.list())).toEqual(['a:4']);
    await port.bulkOut(Uint8Array.of(0x65, 0, 0, 0, 0, 0, 7, 0, 0, 0), 100);
    expect((await port.bulkIn(64, 100))[0]).toBe(0x81);
    await machine.bus.close();
  });

  it('sees another reader while one waits for a notice, and gives back the one that it closes', async () => {
    const clock = new ManualClock();
    const machine = new Machine(clock);
    const seen: string[][] = [];
    machine.bus.onChange((devices) => seen.push(ids(devices)));
    machine.plug('a');
    await settled();
    const opened = openCcidReader(await machine.bus.open('a:4'));
    await settled();
    machine.plug('b');
    await settled();
    expect(seen.at(-1)).toEqual(['a:4', 'b:4']);
    expect(await machine.bus.list()).toMatchObject([{ product: 'CCID USB Reader' }, { vendorId: 0x072f }]);
    const closed = opened.close();
    await clock.advance(2_000);
    await closed;
    const again = await machine.bus.open('a:4');
    await again.close();
    await machine.bus.close();
  });

  it('opens one that is not ready yet a little later, and says who has one that is in use', async () => {
    const clock = new ManualClock();
    const machine = new Machine(clock, { tells: true });
    let tries = 0;
    const notYet = (): Error | undefined => ((tries += 1) < 3 ? new Error('getString error') : undefined);
    machine.plug('slow', { openFails: notYet });
    machine.plug('held', { openFails: () => new Error('open error: device or resource is busy (EBUSY)') });
    machine.plug('odd', { openFails: () => new Error('open error: something else') });
    machine.plug('shut', { forbidden: () => true });
    await settled();
    const failure = async (id: string, bus = machine.bus): Promise<unknown> => {
      const open = outcome(bus.open(id));
      await clock.advance(10_000);
      return open;
    };
    expect(await failure('held:4')).toBe('usb.in-use');
    expect(await failure('odd:4')).toBe('usb.io');
    expect(await failure('shut:4')).toBe('usb.permission');
    const opening = machine.bus.open('slow:4');
    await clock.advance(2_000);
    await (await opening).close();
    expect(tries).toBe(3);
    const port = await machine.bus.open('slow:4');
    const elsewhere = usbBusOver(machine.usb, clock, machine.system);
    await elsewhere.list();
    expect(await failure('slow:4', elsewhere)).toBe('usb.in-use');
    expect(await failure('slow:4')).toBe('usb.in-use');
    // Nobody took it from the one that has it.
    await port.bulkOut(Uint8Array.of(0x65, 0, 0, 0, 0, 0, 7, 0, 0, 0), 100);
    expect((await port.bulkIn(64, 100))[0]).toBe(0x81);
    await port.close();
    const mine = await elsewhere.open('slow:4');
    await mine.close();
    await Promise.all([machine.bus.close(), elsewhere.close()]);
  });

  it('shows a reader as soon as the system lets it be looked at', async () => {
    const clock = new ManualClock();
    const machine = new Machine(clock);
    const seen: string[][] = [];
    machine.bus.onChange((devices) => seen.push(ids(devices)));
    let forbidden = true;
    machine.plug('a', { model: OTHER_VENDOR, forbidden: () => forbidden });
    await settled();
    expect(seen).toEqual([[]]);
    forbidden = false;
    await clock.advance(300);
    expect(seen).toEqual([[], ['a:4']]);
    await machine.bus.close();
  });

  it('lists the others beside a device that may not be opened, and a known reader that may not', async () => {
    const machine = new Machine();
    machine.plug('keyboard', { model: OTHER_VENDOR, forbidden: () => true });
    machine.plug('a', { forbidden: () => true });
    machine.plug('b');
    expect(ids(await machine.bus.list())).toEqual(['a:4', 'b:4']);
    expect(await outcome(machine.bus.open('a:4'))).toBe('usb.permission');
    expect(await outcome(machine.bus.open('keyboard:4'))).toBe('usb.gone');
    await machine.bus.close();
  });

  it('says of a reader that it does not know, and that may not be opened, why it is not to be had', async () => {
    const machine = new Machine(systemClock, { tells: true });
    machine.plug('keyboard', { model: OTHER_VENDOR, forbidden: () => true, interfaceClass: 0x03 });
    machine.plug('a', { model: OTHER_VENDOR, forbidden: () => true });
    expect(ids(await machine.bus.list())).toEqual(['a:4']);
    expect(await outcome(machine.bus.open('a:4'))).toBe('usb.permission');
    await machine.bus.close();
  });

  it('takes a vendor’s own class for a reader only from a vendor of readers', async () => {
    const machine = new Machine();
    machine.plug('modem', { model: OTHER_VENDOR, interfaceClass: 0xff });
    machine.plug('old', { interfaceClass: 0xff });
    expect(ids(await machine.bus.list())).toEqual(['old:4']);
    await machine.bus.close();
  });

  it('carries abort, stall and unplugging as the package reports them', async () => {
    const clock = new ManualClock();
    const machine = new Machine(clock);
    const reader = machine.plug('a');
    reader.insert(samplePurchase('SLE4442', { cipher: tripleDes, seed: 3 }).card);
    await machine.bus.list();
    const opened = openCcidReader(await machine.bus.open('a:4'));
    const [slot] = opened.slots;
    if (slot === undefined) throw new Error('no slot');
    const session = await slot.open();
    await session.transmit(SELECT_SLE4442);

    reader.faults.stall = true;
    expect(await outcome(session.transmit(READ_SERIAL))).toBe('reader.io');
    expect((await session.transmit(READ_SERIAL)).length).toBe(10);

    reader.faults.hang = true;
    const asked = outcome(session.transmit(READ_SERIAL));
    await settled();
    await clock.advance(READ_MS);
    expect(await asked).toBe('reader.timeout');
    expect((await session.transmit(READ_SERIAL)).length).toBe(10);

    machine.unplug(reader);
    await clock.advance(2_000);
    await opened.gone;
    expect(await outcome(session.transmit(READ_SERIAL))).toBe('reader.gone');
    await machine.bus.close();
  });
});
