import type { Clock } from '@bianmin/card/clock';
import type { NodeUsbDevice } from '@bianmin/card/node/usb-readers';
import { findPrinterInterface, type PrinterInterface } from '@bianmin/card/usb/web-usb';
import { usbPrinters } from '@bianmin/purchase/node/usb-printers';
import { PrinterError, type PrinterErrorCode } from './error.ts';
import type { PrinterLink, PrinterPort } from './port.ts';

/** One transfer: small enough that a printer that prints meanwhile takes it within its time. */
const TRANSFER = 4_096;
/** A printer's answers are a few bytes; a whole packet is asked for, since a shorter request could overflow. */
const ANSWER = 64;
/** A transfer in needs some time even where the caller does not want to wait. */
const LEAST_READ_MS = 20;

/**
 * The first printer on the USB bus. Linux' own `usblp` gives the interface up when it is claimed; Windows must have bound
 * WinUSB to it (docs/kiosk.md).
 */
export function usbPrinter(init: {
  readonly clock: Clock;
  /** Default: those of this machine. */
  readonly find?: () => Promise<readonly NodeUsbDevice[]>;
}): PrinterLink {
  const { clock, find = usbPrinters } = init;
  let open: UsbPrinterPort | undefined;
  return {
    open: async () => {
      await open?.close();
      open = undefined;
      const [device] = await find();
      if (device === undefined) throw failure('printer.gone', 'No printer is plugged in; check its cable.');
      open = await UsbPrinterPort.open({ device, find, clock });
      return open;
    },
    close: async () => {
      await open?.close();
    },
  };
}

interface PortInit {
  readonly device: NodeUsbDevice;
  readonly find: () => Promise<readonly NodeUsbDevice[]>;
  readonly clock: Clock;
}

class UsbPrinterPort implements PrinterPort {
  readonly #init: PortInit;
  readonly #interface: PrinterInterface;
  #closed = false;

  static async open(init: PortInit): Promise<UsbPrinterPort> {
    const { device } = init;
    try {
      await device.open();
      if (device.configuration === null || device.configuration === undefined)
        await device.selectConfiguration(1);
      const found = findPrinterInterface(device.configuration);
      if (found === undefined)
        throw new Error('The device no longer has a printer interface; plug it in again.');
      await device.detachKernelDriver(found.number).catch(() => undefined);
      await device.claimInterface(found.number);
      return new UsbPrinterPort(init, found);
    } catch (cause) {
      await device.close().catch(() => undefined);
      throw failure(
        'printer.denied',
        'The system does not let us use the printer; see docs/kiosk.md, "Receipt and printer".',
        cause,
      );
    }
  }

  private constructor(init: PortInit, found: PrinterInterface) {
    this.#init = init;
    this.#interface = found;
  }

  async write(bytes: Uint8Array, timeoutMs: number): Promise<void> {
    for (let at = 0; at < bytes.length; at += TRANSFER) {
      const piece = Uint8Array.from(bytes.subarray(at, at + TRANSFER));
      await this.#alive(() => this.#init.device.transferOut(this.#interface.bulkOut, piece, timeoutMs)).catch(
        (cause: unknown) => {
          if (cause instanceof PrinterError) throw cause;
          throw failure(
            'printer.timeout',
            'The printer accepts no data; check its paper and its cover.',
            cause,
          );
        },
      );
    }
  }

  async read(timeoutMs: number): Promise<Uint8Array> {
    const { bulkIn } = this.#interface;
    if (bulkIn === undefined) {
      await this.#init.clock.sleep(timeoutMs);
      return new Uint8Array();
    }
    const wait = Math.max(timeoutMs, LEAST_READ_MS);
    try {
      const { data } = await this.#alive(() => this.#init.device.transferIn(bulkIn, ANSWER, wait));
      if (data === undefined) return new Uint8Array();
      return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
    } catch (error) {
      if (error instanceof PrinterError) throw error;
      // Nothing came in time.
      return new Uint8Array();
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { device } = this.#init;
    // A device that is gone can be neither released nor closed, and need not be.
    await device.releaseInterface(this.#interface.number).catch(() => undefined);
    await device.close().catch(() => undefined);
  }

  /** The texts of transfer errors differ: whether the printer is still there is asked of the bus. */
  async #alive<T>(transfer: () => Promise<T>): Promise<T> {
    const { device, find } = this.#init;
    if (!this.#closed) {
      try {
        return await transfer();
      } catch (error) {
        if ((await find()).some(({ handle }) => handle === device.handle)) throw error;
        await this.close();
      }
    }
    throw failure('printer.gone', 'The printer was unplugged; plug it in again.');
  }
}

function failure(code: PrinterErrorCode, message: string, cause?: unknown): PrinterError {
  return new PrinterError({ code, message, ...(cause === undefined ? {} : { cause }) });
}
