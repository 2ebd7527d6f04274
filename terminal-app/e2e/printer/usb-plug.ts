import type { NodeUsbDevice } from '@bianmin/card/node/usb-readers';
import type { WebUsbIn } from '@bianmin/card/usb/web-usb';
import type { VirtualPrinter } from './virtual-printer.ts';

const [OUT, IN] = [1, 2];

/** The virtual printer on a USB bus, as the `usb` package shows one. */
export class UsbPlug {
  readonly #printer: VirtualPrinter;
  #device: UsbDouble | undefined;
  #plugs = 0;
  /** Another program holds the interface. */
  taken = false;

  constructor(printer: VirtualPrinter) {
    this.#printer = printer;
  }

  readonly find = (): Promise<readonly NodeUsbDevice[]> =>
    Promise.resolve(this.#device === undefined ? [] : [this.#device]);

  plugIn(): Promise<void> {
    this.#plugs += 1;
    this.#device = new UsbDouble(this.#printer, { handle: String(this.#plugs), taken: () => this.taken });
    return Promise.resolve();
  }

  /** Pulls the plug: what it had not printed is lost. */
  pull(): Promise<void> {
    this.#device?.leave();
    this.#device = undefined;
    this.#printer.switchOff();
    return Promise.resolve();
  }
}

class UsbDouble implements NodeUsbDevice {
  readonly vendorId = 0x0416;
  readonly productId = 0x5011;
  readonly bus = '1';
  readonly address = 7;
  readonly handle: string;
  readonly configuration = {
    interfaces: [
      {
        interfaceNumber: 0,
        alternate: {
          interfaceClass: 0x07,
          endpoints: [
            { endpointNumber: OUT, direction: 'out', type: 'bulk' },
            { endpointNumber: IN, direction: 'in', type: 'bulk' },
          ],
        },
      },
    ],
  } as const;
  readonly #printer: VirtualPrinter;
  readonly #taken: () => boolean;
  #answers: number[] = [];
  #off: (() => void) | undefined;
  #waiting: (() => void) | undefined;
  #claimed = false;
  #gone = false;

  constructor(printer: VirtualPrinter, init: { handle: string; taken: () => boolean }) {
    this.#printer = printer;
    this.handle = init.handle;
    this.#taken = init.taken;
  }

  leave(): void {
    this.#gone = true;
    this.#waiting?.();
  }

  open(): Promise<void> {
    this.#off = this.#printer.onAnswer((bytes) => {
      this.#answers.push(...bytes);
      this.#waiting?.();
    });
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#off?.();
    return Promise.resolve();
  }

  selectConfiguration(): Promise<void> {
    return Promise.resolve();
  }

  detachKernelDriver(): Promise<void> {
    return Promise.reject(new Error('No driver holds it.'));
  }

  claimInterface(): Promise<void> {
    if (this.#taken()) return Promise.reject(new Error('LIBUSB_ERROR_BUSY'));
    this.#claimed = true;
    return Promise.resolve();
  }

  releaseInterface(): Promise<void> {
    this.#claimed = false;
    return Promise.resolve();
  }

  async transferOut(endpoint: number, data: Uint8Array, timeoutMs = 1_000): Promise<{ status: string }> {
    this.#usable(endpoint, OUT);
    if (!this.#printer.takes) await this.#late(timeoutMs);
    this.#usable(endpoint, OUT);
    this.#printer.receive(data);
    return { status: 'ok' };
  }

  async transferIn(endpoint: number, length: number, timeoutMs = 1_000): Promise<WebUsbIn> {
    this.#usable(endpoint, IN);
    if (this.#answers.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#usable(endpoint, IN);
    const bytes = Uint8Array.from(this.#answers.splice(0, length));
    if (bytes.length === 0) throw new Error('LIBUSB_TRANSFER_TIMED_OUT');
    return { status: 'ok', data: new DataView(bytes.buffer) };
  }

  controlTransferIn(): Promise<WebUsbIn> {
    return Promise.reject(new Error('It was not to be asked.'));
  }

  controlTransferOut(): Promise<{ status?: string }> {
    return Promise.reject(new Error('It was not to be asked.'));
  }

  clearHalt(): Promise<void> {
    return Promise.resolve();
  }

  #usable(endpoint: number, its: number): void {
    if (this.#gone) throw new Error('LIBUSB_TRANSFER_NO_DEVICE');
    if (!this.#claimed || endpoint !== its) throw new Error('LIBUSB_ERROR_NOT_FOUND');
  }

  #late(timeoutMs: number): Promise<never> {
    return new Promise((_, reject) => {
      setTimeout(() => reject(new Error('LIBUSB_TRANSFER_TIMED_OUT')), timeoutMs);
    });
  }
}
