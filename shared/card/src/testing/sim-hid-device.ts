import type { Clock } from '../clock.ts';
import type { HidDeviceInfo, HidPort, HidReport } from '../usb/ports.ts';
import { InPipe, usbError } from './sim-pipes.ts';

/**
 * The far end of a HID cable: reports that were written, reports to be read, a plug to be pulled. What it does with
 * reports is up to its maker.
 */
export class SimulatedHidDevice {
  readonly info: HidDeviceInfo;
  readonly reportSize: number;
  /** What came, oldest first. */
  readonly written: HidReport[] = [];
  /** Called for each report that comes. */
  onWritten: ((report: HidReport) => void) | undefined;
  /** Writes are not taken, as by a device that has hung up. */
  stuck = false;
  readonly #clock: Clock;
  readonly #listeners = new Set<(report: HidReport) => void>();
  /** Called when the plug is pulled or put in. */
  readonly onPlug = new Set<() => void>();
  #ports: { pipe: InPipe; dead: boolean }[] = [];
  #plugged = true;

  constructor(init: { clock: Clock; info: HidDeviceInfo; reportSize: number }) {
    this.#clock = init.clock;
    this.info = init.info;
    this.reportSize = init.reportSize;
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  /** An input report, as the device sends it. */
  send(report: HidReport): void {
    for (const port of this.#ports) port.pipe.push(Uint8Array.of(report.id, ...report.data));
    for (const listener of [...this.#listeners]) listener(report);
  }

  /** Takes an output report, as the wire gives it. */
  receive(report: HidReport): void {
    if (!this.#plugged) throw usbError('usb.gone');
    this.written.push(report);
    this.onWritten?.(report);
  }

  /** Input reports as a platform's events; returns its own removal. */
  onSent(listener: (report: HidReport) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  unplug(): void {
    this.#plugged = false;
    for (const port of this.#ports) {
      port.dead = true;
      port.pipe.fail('usb.gone');
    }
    this.#ports = [];
    this.#listeners.clear();
    for (const listener of [...this.onPlug]) listener();
  }

  plug(): void {
    if (this.#plugged) return;
    this.#plugged = true;
    for (const listener of [...this.onPlug]) listener();
  }

  /** A port straight on the cable, written apart from the one over real platforms. */
  attach(): HidPort {
    const state = { pipe: new InPipe(this.#clock), dead: false };
    this.#ports.push(state);
    let writing = false;
    return {
      info: this.info,
      inputReportLength: this.reportSize,
      writeReport: async (report, timeoutMs) => {
        if (state.dead) throw usbError('usb.gone');
        if (writing) throw usbError('usb.busy');
        writing = true;
        try {
          await Promise.resolve();
          if (this.stuck) {
            await this.#clock.sleep(timeoutMs);
            throw usbError('usb.timeout');
          }
          this.receive(report);
        } finally {
          writing = false;
        }
      },
      readReport: async (timeoutMs) => {
        const [id = 0, ...data] = await state.pipe.read(0xffff, timeoutMs);
        return { id, data: Uint8Array.from(data) };
      },
      close: () => {
        state.dead = true;
        state.pipe.fail('usb.gone');
        return Promise.resolve();
      },
    };
  }
}
