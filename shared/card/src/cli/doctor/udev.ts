import { usbId } from './hex-id.ts';

/** Before 73-seat-late.rules, where `uaccess` becomes rights of the user at the machine's seat. */
export const UDEV_FILE = '/etc/udev/rules.d/70-bianmin-card-reader.rules';

/** The lines that give the group `plugdev`, and the user at the machine's seat, a reader's nodes. */
export function udevRule(device: {
  readonly vendorId: number;
  readonly productId: number;
  readonly kind: 'ccid' | 'hid' | 'vendor';
}): string {
  const [vendor, product] = [device.vendorId, device.productId].map((id) => usbId(id).toLowerCase());
  const rights = 'MODE="0660", GROUP="plugdev", TAG+="uaccess"';
  const usb = `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="${vendor}", ATTR{idProduct}=="${product}", ${rights}`;
  const hid = `SUBSYSTEM=="hidraw", ATTRS{idVendor}=="${vendor}", ATTRS{idProduct}=="${product}", ${rights}`;
  return device.kind === 'hid' ? `${usb}\n${hid}` : usb;
}
