import { Stop } from '../stop.ts';
import type { UsbPort } from './ports.ts';
import { UsbError } from './error.ts';
import { findCcidInterface } from './web-usb.ts';
import type { WebUsbDevice } from './web-usb.ts';
import { bytesOf, GONE, quietly, usbError, WebUsbPort, type WebUsbPortInit } from './web-usb-port.ts';

/** GET_DESCRIPTOR of a configuration (USB 2.0 §9.4.3). */
const GET_DESCRIPTOR = {
  requestType: 'standard',
  recipient: 'device',
  request: 6,
  value: 0x0200,
  index: 0,
} as const;
const INTERFACE_DESCRIPTOR = 0x04;
const CCID_DESCRIPTOR = 0x21;
const CCID_DESCRIPTOR_LENGTH = 54;
/** A device that was just plugged in, or that another is letting go of, opens a moment later: ms between the tries. */
const OPEN_PAUSES_MS = [100, 200, 400, 800];
/** A device that does not even answer the questions of opening it holds no others up, ms. */
const OPEN_WITHIN_MS = 10_000;

/**
 * Opens the device's CCID interface. `usb.permission` where the system does not let us, `usb.in-use` where another program has
 * it, `usb.gone` for one that was unplugged, `usb.timeout` for one that does not answer, `usb.io` without such an interface, or
 * where it does not open otherwise.
 */
export async function openWebUsbPort(init: WebUsbPortInit): Promise<UsbPort> {
  for (let again = 0; ; again += 1) {
    try {
      return await openInTime(init);
    } catch (cause) {
      // Ours: another try would end alike.
      if (cause instanceof UsbError) throw cause;
      if (init.gone()) throw usbError('usb.gone', GONE, cause);
      const pause = OPEN_PAUSES_MS[again];
      if (pause === undefined) throw openingFault(cause);
      await init.clock.sleep(pause);
    }
  }
}

async function openInTime(init: WebUsbPortInit): Promise<UsbPort> {
  const timer = new Stop();
  const opening = openOnce(init);
  const late = init.clock.sleep(OPEN_WITHIN_MS, timer.signal).then((): never => {
    // What opens after all is let go of.
    opening.then(
      (port) => void port.close(),
      () => undefined,
    );
    throw usbError('usb.timeout', 'The reader does not answer; unplug it and plug it in again.');
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([opening, late]);
  } finally {
    timer.stop();
  }
}

async function openOnce(init: WebUsbPortInit): Promise<UsbPort> {
  const { device } = init;
  try {
    await device.open();
    if (device.configuration === null || device.configuration === undefined)
      await device.selectConfiguration(1);
    const ccid = findCcidInterface(device.configuration);
    if (ccid === undefined) throw usbError('usb.io', 'This device has no card reader in it; use another.');
    // Before anything is taken from anybody: a device that turns out to be no reader is left as it was. Windows
    // gives descriptors only through a claimed interface.
    const early =
      init.descriptor ??
      (await readDescriptor(device, ccid.number).catch((error: unknown) => {
        if (error instanceof UsbError) throw error;
        return undefined;
      }));
    await init.detach?.(ccid.number);
    await device.claimInterface(ccid.number);
    return new WebUsbPort(init, ccid, early ?? (await readDescriptor(device, ccid.number)));
  } catch (cause) {
    await quietly(() => device.close());
    throw cause;
  }
}

/** What a library's own error means, by the system's words and numbers for it. */
function openingFault(cause: unknown): UsbError {
  const text = String(cause);
  if (/EACCES|EPERM|permission|denied|SecurityError|os error 13\b|errno 13\b/i.test(text)) {
    return usbError('usb.permission', 'The system does not let us use this reader; run the doctor.', cause);
  }
  if (/EBUSY|busy|claim|in use|os error 16\b|errno 16\b/i.test(text)) {
    return usbError('usb.in-use', 'Another program has this reader; close it, then try again.', cause);
  }
  return usbError('usb.io', 'The reader does not open; unplug it and plug it in again.', cause);
}

async function readDescriptor(device: WebUsbDevice, interfaceNumber: number): Promise<Uint8Array> {
  const bytes = bytesOf(await device.controlTransferIn(GET_DESCRIPTOR, 512));
  let inside = false;
  for (let at = 0; at + 2 <= bytes.length; at += Math.max(bytes[at] ?? 0, 2)) {
    if (bytes[at + 1] === INTERFACE_DESCRIPTOR) inside = bytes[at + 2] === interfaceNumber;
    const end = at + CCID_DESCRIPTOR_LENGTH;
    const isWhole = bytes[at] === CCID_DESCRIPTOR_LENGTH && end <= bytes.length;
    if (inside && bytes[at + 1] === CCID_DESCRIPTOR && isWhole) return bytes.slice(at, end);
  }
  throw usbError('usb.io', 'This device does not describe itself as a card reader; use another.');
}
