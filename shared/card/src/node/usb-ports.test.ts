import { describe, it } from 'vitest';
import { PORT_CONTRACT } from '../testing/port-contract.ts';
import type { PortRig } from '../testing/port-contract.ts';
import { fakeWebUsbDevice } from '../testing/fake-web-usb.ts';
import { lendReader } from '../testing/node/lent-reader.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { connectSandboxBus } from './sandbox-bus.ts';
import { systemClock } from './system-clock.ts';
import { usbBusOver } from './usb-bus.ts';
import type { NodeUsb } from './usb-bus.ts';

const pass = (): Promise<void> => Promise.resolve();

interface OpenRig extends PortRig {
  close(): Promise<void>;
}

function direct(): Promise<OpenRig> {
  const reader = new SimulatedReader({ clock: systemClock });
  return Promise.resolve({ reader, port: reader.attach(), pass, close: pass });
}

/** The `usb` package's place taken by a fake: enumeration, plug events, transfers that give up or never do. */
async function overWebUsb(init: { givesUpMs?: number }): Promise<OpenRig> {
  const reader = new SimulatedReader({ clock: systemClock });
  const listeners = new Set<() => void>();
  let plugged = true;
  const usb: NodeUsb = {
    getDevices: () => Promise.resolve(plugged ? [fakeWebUsbDevice(reader, init)] : []),
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
  };
  const bus = usbBusOver(usb, systemClock);
  const [info] = await bus.list();
  const port = await bus.open(info?.id ?? '');
  const unplug = reader.unplug.bind(reader);
  reader.unplug = () => {
    plugged = false;
    for (const listener of listeners) listener();
    setImmediate(unplug);
  };
  return { reader, port, pass, close: () => bus.close() };
}

async function overWebSocket(): Promise<OpenRig> {
  const reader = new SimulatedReader({ clock: systemClock });
  const lent = await lendReader(reader);
  const bus = await connectSandboxBus(lent.url);
  const [info] = await bus.list();
  const port = await bus.open(info?.id ?? '');
  const close = async (): Promise<void> => {
    await bus.close();
    lent.close();
  };
  return { reader, port, pass, close };
}

describe.each([
  ['the simulated reader', direct],
  ['WebUSB whose transfers wait for ever (usb 2.x, libusb)', () => overWebUsb({})],
  ['WebUSB whose transfers give up by themselves (usb 3.x, nusb)', () => overWebUsb({ givesUpMs: 10 })],
  ['the sandbox reader over a WebSocket', overWebSocket],
] as const)('a port over %s', (_, open) => {
  it.each(PORT_CONTRACT)('$name', async (portCase) => {
    const rig = await open();
    await portCase.run(rig);
    await rig.close();
  });
});
