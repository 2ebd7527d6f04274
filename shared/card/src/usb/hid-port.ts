import type { Clock } from '../clock.ts';
import { Stop } from '../stop.ts';
import { UsbError } from './error.ts';
import type { UsbErrorCode } from './error.ts';
import { ArrivalQueue } from './hid-queue.ts';
import type { HidDeviceInfo, HidPort, HidReport } from './ports.ts';

/** What a platform's HID device must be able to do: WebHID's has nearly this form, `node-hid`'s is wrapped into it. */
export interface RawHidDevice {
  /** Opens it; from then on `onReport` is called for each input report, `onLost` when the platform gives it up. */
  open(listener: RawHidListener): Promise<void>;
  send(report: HidReport): Promise<void>;
  close(): Promise<void>;
  /** Known only after opening, on some platforms. */
  readonly inputReportLength?: number | undefined;
}

export interface RawHidListener {
  readonly onReport: (report: HidReport) => void;
  readonly onLost: (cause: unknown) => void;
}

export interface HidPortInit {
  readonly device: RawHidDevice;
  readonly info: HidDeviceInfo;
  readonly clock: Clock;
  /** Calls back when the bus sees the device leave; texts of errors differ and are not trusted. Returns its removal. */
  readonly onGone?: (listener: () => void) => () => void;
}

const GONE = 'The reader was unplugged; plug it in again.';

/** Opens a device. `usb.permission` where the system does not let us. */
export async function openHidPort(init: HidPortInit): Promise<HidPort> {
  const port = new HidDevicePort(init);
  await port.open();
  return port;
}

class HidDevicePort implements HidPort {
  readonly info: HidDeviceInfo;
  readonly #init: HidPortInit;
  readonly #reports: ArrivalQueue<HidReport>;
  readonly #offGone: (() => void) | undefined;
  /** Stopped when the device is gone or closed. */
  readonly #ended = new Stop();
  #writing = false;

  constructor(init: HidPortInit) {
    this.#init = init;
    this.info = init.info;
    this.#reports = new ArrivalQueue(init.clock);
    this.#offGone = init.onGone?.(() => {
      this.#end();
    });
  }

  get inputReportLength(): number | undefined {
    return this.#init.device.inputReportLength;
  }

  async open(): Promise<void> {
    try {
      await this.#init.device.open({
        onReport: (report) => {
          this.#reports.push(report);
        },
        onLost: (cause) => {
          this.#end(cause);
        },
      });
    } catch (cause) {
      this.#offGone?.();
      const message =
        'The system does not let us use this reader; run the doctor, or close the program that has it.';
      throw usbError('usb.permission', message, cause);
    }
  }

  async writeReport(report: HidReport, timeoutMs: number): Promise<void> {
    if (this.#ended.stopped) throw usbError('usb.gone', GONE);
    if (this.#writing)
      throw usbError('usb.busy', 'The reader is being asked something; wait for its answer.');
    this.#writing = true;
    // A write that outlived its time is still under way: another would overtake it.
    const sent = this.#init.device.send(report).finally(() => {
      this.#writing = false;
    });
    await this.#within(sent, timeoutMs);
  }

  readReport(timeoutMs: number): Promise<HidReport> {
    return this.#reports.take(timeoutMs);
  }

  async close(): Promise<void> {
    if (this.#ended.stopped) return;
    this.#end();
    // An unplugged device cannot be closed, and need not be.
    await this.#init.device.close().catch(() => undefined);
  }

  async #within(work: Promise<void>, timeoutMs: number): Promise<void> {
    // It may fail after we stopped waiting for it.
    work.catch(() => undefined);
    const timer = new Stop();
    const late = this.#init.clock.sleep(Math.max(timeoutMs, 0), timer.signal).then(() => {
      throw usbError('usb.timeout', 'The reader takes too long; unplug it and plug it in again.');
    });
    late.catch(() => undefined);
    let onEnd = (): void => undefined;
    const gone = new Promise<void>((_resolve, reject) => {
      onEnd = () => {
        reject(usbError('usb.gone', GONE));
      };
    });
    gone.catch(() => undefined);
    this.#ended.signal.addEventListener('abort', onEnd);
    try {
      await Promise.race([work, late, gone]);
    } catch (cause) {
      if (cause instanceof UsbError) throw cause;
      const code = this.#ended.stopped ? 'usb.gone' : 'usb.io';
      throw usbError(code, 'The reader cannot be reached; check its cable.', cause);
    } finally {
      timer.stop();
      this.#ended.signal.removeEventListener('abort', onEnd);
    }
  }

  #end(cause?: unknown): void {
    if (this.#ended.stopped) return;
    this.#offGone?.();
    this.#reports.end(usbError('usb.gone', GONE, cause));
    this.#ended.stop();
  }
}

function usbError(code: UsbErrorCode, message: string, cause?: unknown): UsbError {
  return new UsbError({ code, message, cause });
}
