import type { Clock } from '../clock.ts';
import { Stop } from '../stop.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbErrorCode } from '../usb/error.ts';

export function usbError(code: UsbErrorCode): UsbError {
  return new UsbError({ code, message: `The simulated reader: ${code}. Plug the reader in again.` });
}

interface Transfer {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: UsbError) => void;
  readonly timer: Stop;
}

/** An inbound endpoint: bytes wait for a transfer, or a transfer for bytes. */
export class InPipe {
  readonly #clock: Clock;
  #queue: Uint8Array[] = [];
  #waiting: Transfer | undefined;
  #dead = false;
  stalled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  push(bytes: Uint8Array): void {
    if (this.#dead) return;
    if (this.#waiting === undefined) this.#queue.push(bytes);
    else this.#settle()?.resolve(bytes);
  }

  async read(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    if (this.#dead) throw usbError('usb.gone');
    if (this.stalled) throw usbError('usb.stall');
    if (this.#waiting !== undefined) throw usbError('usb.busy');
    const whole = this.#queue.shift() ?? (await this.#arrival(timeoutMs));
    if (whole.length > maxLength) this.#queue.unshift(whole.subarray(maxLength));
    return whole.slice(0, maxLength);
  }

  /** Forgets what nobody has fetched. */
  clear(): void {
    this.#queue = [];
  }

  /** Ends a waiting transfer; the endpoint answers no more until it is cleared (stall) or ever (gone). */
  fail(code: 'usb.stall' | 'usb.gone'): void {
    if (code === 'usb.gone') this.#dead = true;
    else this.stalled = true;
    this.#queue = [];
    this.#settle()?.reject(usbError(code));
  }

  #arrival(timeoutMs: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const waiting: Transfer = { resolve, reject, timer: new Stop() };
      this.#waiting = waiting;
      void this.#clock.sleep(timeoutMs, waiting.timer.signal).then(
        () => {
          if (this.#waiting !== waiting) return;
          this.#waiting = undefined;
          reject(usbError('usb.timeout'));
        },
        () => undefined,
      );
    });
  }

  #settle(): Transfer | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.timer.stop();
    return waiting;
  }
}
