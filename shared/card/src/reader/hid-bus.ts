import type { Clock } from '../clock.ts';
import { UsbError } from '../usb/error.ts';
import type { HidBus, UsbBus } from '../usb/ports.ts';
import { hidCcidPort } from './hid-ccid.ts';
import { READER_MODELS } from './models.ts';
import type { ReaderModel } from './models.ts';

/** HID readers as a bus of CCID ports, so that they are watched and opened as all others are. */
export function hidReaderBus(
  bus: HidBus,
  clock: Clock,
  models: readonly ReaderModel[] = READER_MODELS,
): UsbBus {
  return {
    list: () => bus.list(),
    open: async (id) => {
      const port = await bus.open(id);
      const { vendorId, productId } = port.info;
      const hid = models.find((model) => model.vendorId === vendorId && model.productId === productId)?.hid;
      if (hid !== undefined) return hidCcidPort(port, hid, clock);
      await port.close();
      const message = 'This is no reader that we know; use another, or add it to the table of readers.';
      throw new UsbError({ code: 'usb.io', message });
    },
    onChange: (listener) => bus.onChange(listener),
    close: () => bus.close(),
  };
}
