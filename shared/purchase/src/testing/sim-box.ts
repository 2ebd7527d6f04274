import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { SimulatedReader } from '@bianmin/card/testing/sim-reader';
import { FakeAndroidBridge } from './fake-android-bridge.ts';
import { openAndroidUsbBus } from '../android/usb-bus.ts';

export async function box() {
  const clock = new ManualClock();
  const shell = new FakeAndroidBridge();
  const reader = new SimulatedReader({ clock });
  shell.plug(reader);
  const bus = await openAndroidUsbBus({
    bridge: shell,
    clock,
    install: (page) => {
      shell.page = page;
    },
  });
  return { clock, shell, reader, bus };
}
