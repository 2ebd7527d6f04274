/** `072F` as tables write it, `072f` as udev does. */
export function usbId(id: number): string {
  return id.toString(16).toUpperCase().padStart(4, '0');
}

/** `072F:90CC`. */
export function vidPid(device: { readonly vendorId: number; readonly productId: number }): string {
  return `${usbId(device.vendorId)}:${usbId(device.productId)}`;
}
