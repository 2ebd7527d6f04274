import { CCID_XOR_FRAMING } from '../../framing/hid/profile.ts';
import type { HidFraming } from '../../framing/hid/profile.ts';
import type { ReaderModel } from '../../reader/models.ts';
import { ManualClock } from '../manual-clock.ts';
import { FakeNodeHid } from '../sim-hid-node.ts';
import { SimulatedHidDevice } from '../sim-hid-device.ts';
import { SimulatedHidReader } from '../sim-hid-reader.ts';
import type { HidDeviceInfo } from '../../usb/ports.ts';
import { hidBusOver } from '../../node/hid-bus.ts';

const VENDOR = 0x072f;
const PRODUCT = 0x90cc;

export function machine(framing: HidFraming = CCID_XOR_FRAMING) {
  const clock = new ManualClock();
  const hid = new FakeNodeHid({ numbered: framing.inReportId !== 0 });
  const plugs = new Set<() => void>();
  const { transport } = new SimulatedHidReader({ clock, framing });
  const model: ReaderModel = {
    id: 'test',
    name: 'HID reader',
    vendorId: VENDOR,
    productId: PRODUCT,
    transport: 'ccid-in-hid',
    hid: transport,
  };
  const bus = hidBusOver(hid, {
    clock,
    models: [model],
    plugs: (listener) => {
      plugs.add(listener);
      return () => plugs.delete(listener);
    },
  });
  const tell = (): void => {
    for (const listener of plugs) listener();
  };
  const plug = (device: SimulatedHidDevice): void => {
    hid.devices.add(device);
    device.plug();
    tell();
  };
  return { clock, hid, bus, model, plug, tell };
}

export function device(
  clock: ManualClock,
  info: Partial<HidDeviceInfo> = {},
  framing: HidFraming = CCID_XOR_FRAMING,
) {
  return new SimulatedHidDevice({
    clock,
    info: { id: '/dev/hidraw0', vendorId: VENDOR, productId: PRODUCT, usagePage: 0xff00, usage: 1, ...info },
    reportSize: framing.reportSize,
  });
}
