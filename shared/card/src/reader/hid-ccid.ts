import type { Clock } from '../clock.ts';
import { INTERRUPT } from '../framing/ccid/constants.ts';
import { encodeDescriptor } from '../framing/ccid/descriptor.ts';
import { HidDecoder } from '../framing/hid/decode.ts';
import type { HidArrival } from '../framing/hid/decode.ts';
import { encodeReports } from '../framing/hid/encode.ts';
import { FramingError } from '../framing/error.ts';
import { UsbError } from '../usb/error.ts';
import { ArrivalQueue } from '../usb/hid-queue.ts';
import type { HidPort, UsbDeviceInfo, UsbEndpoint, UsbPort } from '../usb/ports.ts';
import type { HidTransport } from './models.ts';

/** A read of reports is asked again after this; nothing is lost between two of them. */
const PUMP_MS = 60_000;

/** A HID reader as the CCID port that the whole stack above knows. */
export function hidCcidPort(hid: HidPort, transport: HidTransport, clock: Clock): UsbPort {
  return new HidCcidPort(hid, transport, clock);
}

/**
 * CCID messages in and out of reports. HID gives no class descriptor, so that the profile's is shown; it has no
 * control pipe and no halt, so that an abort is the message alone and a stall cannot be seen: an answer that never
 * comes is `usb.timeout`. A damaged report is `usb.io`, and the message that it belonged to is lost.
 */
class HidCcidPort implements UsbPort {
  readonly info: UsbDeviceInfo;
  readonly ccidDescriptor: Uint8Array;
  readonly #hid: HidPort;
  readonly #transport: HidTransport;
  readonly #decoder: HidDecoder;
  readonly #answers: ArrivalQueue<HidArrival>;
  readonly #notices: ArrivalQueue<Uint8Array>;
  #sending = false;

  constructor(hid: HidPort, transport: HidTransport, clock: Clock) {
    this.#hid = hid;
    this.#transport = transport;
    this.#decoder = new HidDecoder(transport.framing);
    this.#answers = new ArrivalQueue(clock);
    this.#notices = new ArrivalQueue(clock);
    this.info = hid.info;
    this.ccidDescriptor = encodeDescriptor(transport.ccid);
    void this.#pump();
  }

  async bulkOut(data: Uint8Array, timeoutMs: number): Promise<void> {
    if (this.#sending) throw ioError('usb.busy', 'The reader is being asked something; wait for its answer.');
    const { framing } = this.#transport;
    const reports = this.#reports(data);
    this.#sending = true;
    // A new command: what is left of an answer that broke off would only spoil the next.
    this.#decoder.reset();
    try {
      for (const report of reports)
        await this.#hid.writeReport({ id: framing.outReportId, data: report }, timeoutMs);
    } finally {
      this.#sending = false;
    }
  }

  #reports(message: Uint8Array): Uint8Array[] {
    try {
      return encodeReports(message, this.#transport.framing);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      throw ioError('usb.io', 'The command is longer than this reader takes; use another.', error);
    }
  }

  async bulkIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    const arrival = await this.#answers.take(timeoutMs);
    if ('fault' in arrival) {
      throw ioError(
        'usb.io',
        'The reader sent a damaged report; take the card out and in again.',
        arrival.fault,
      );
    }
    const { message } = arrival;
    if (message.length > maxLength) this.#answers.unshift({ message: message.slice(maxLength) });
    return message.slice(0, maxLength);
  }

  async interruptIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return (await this.#notices.take(timeoutMs)).slice(0, maxLength);
  }

  controlAbort(): Promise<void> {
    return Promise.resolve();
  }

  clearHalt(_endpoint: UsbEndpoint): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#end();
    await this.#hid.close();
  }

  /** Reads reports until the device is gone, for all that wait for answers. */
  async #pump(): Promise<void> {
    const { inReportId, reportSize } = this.#transport.framing;
    for (;;) {
      try {
        const report = await this.#hid.readReport(PUMP_MS);
        // Other ids are of other things that the device does; a keyboard's, say.
        if (report.id !== inReportId) continue;
        for (const arrival of this.#decoder.push(filled(report.data, reportSize))) this.#deliver(arrival);
      } catch (error) {
        if (error instanceof UsbError && error.code === 'usb.timeout') continue;
        this.#end(error);
        return;
      }
    }
  }

  #deliver(arrival: HidArrival): void {
    const type = 'message' in arrival ? arrival.message[0] : undefined;
    if (type !== INTERRUPT.notifySlotChange && type !== INTERRUPT.hardwareError) {
      this.#answers.push(arrival);
    } else if ('message' in arrival && this.#transport.slotChange === 'notify') {
      this.#notices.push(arrival.message);
    }
  }

  #end(cause?: unknown): void {
    const gone = ioError('usb.gone', 'The reader was unplugged; plug it in again.', cause);
    this.#answers.end(gone);
    this.#notices.end(gone);
  }
}

/** Some platforms give a short report as it came; what is missing of it is nothing. */
function filled(data: Uint8Array, size: number): Uint8Array {
  if (data.length >= size) return data.subarray(0, size);
  const whole = new Uint8Array(size);
  whole.set(data);
  return whole;
}

function ioError(code: 'usb.busy' | 'usb.gone' | 'usb.io', message: string, cause?: unknown): UsbError {
  return new UsbError({ code, message, cause });
}
