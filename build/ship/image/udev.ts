import { READER_MODELS } from '@bianmin/card/reader/models';
import { udevRule } from '../../../shared/card/src/cli/doctor/udev.ts';

/** USB class 07, subclass 01: a printer (USB-IF, "Printer Class"). udev lists a device's interfaces as `:070102:`. */
const PRINTER =
  'SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ENV{ID_USB_INTERFACES}=="*:0701*", MODE="0660", GROUP="plugdev", TAG+="uaccess"';
const PRINTER_NODE = 'SUBSYSTEM=="usbmisc", KERNEL=="lp[0-9]*", MODE="0660", GROUP="plugdev", TAG+="uaccess"';

/** The rules of a kiosk: every reader of the one table as the card tool's doctor writes it, and the receipt printer. */
export function kioskUdevRules(): string {
  const readers = READER_MODELS.flatMap((model) => {
    const kind = model.transport === 'ccid-in-hid' ? 'hid' : 'ccid';
    return [`# ${model.name}`, udevRule({ vendorId: model.vendorId, productId: model.productId, kind })];
  });
  return `${[
    '# Made by build/ship/image/main.ts from the table of readers. For /etc/udev/rules.d/70-bianmin-card-reader.rules.',
    ...readers,
    '# Receipt printers',
    PRINTER,
    PRINTER_NODE,
  ].join('\n')}\n`;
}
