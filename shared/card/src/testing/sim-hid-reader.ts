import type { Clock } from '../clock.ts';
import { decodeDescriptor } from '../framing/ccid/descriptor.ts';
import { HidDecoder } from '../framing/hid/decode.ts';
import { encodeReports } from '../framing/hid/encode.ts';
import { CCID_XOR_FRAMING } from '../framing/hid/profile.ts';
import type { HidFraming } from '../framing/hid/profile.ts';
import type { HidTransport } from '../reader/models.ts';
import { UsbError } from '../usb/error.ts';
import type { HidPort, HidReport, UsbPort } from '../usb/ports.ts';
import { SimulatedHidDevice } from './sim-hid-device.ts';
import type { HidFaults } from './sim-hid-faults.ts';
import { SimulatedReader } from './sim-reader.ts';
import type { SimulatedReaderInit } from './sim-reader.ts';

export interface SimulatedHidReaderInit extends SimulatedReaderInit {
  /** `02 | CCID | 03 | XOR` when absent. */
  readonly framing?: HidFraming;
  /** It tells of cards by itself when absent. */
  readonly slotChange?: HidTransport['slotChange'];
}

/** Reads of the reader behind are asked again after this. */
const ASK_MS = 60_000;

/**
 * A HID reader on its cable: reports to CCID messages, the simulated reader behind, its answers and notices back into
 * reports.
 */
export class SimulatedHidReader {
  /** Cards, and faults of the reader itself. */
  readonly reader: SimulatedReader;
  readonly device: SimulatedHidDevice;
  /** What a row of the table would say of it. */
  readonly transport: HidTransport;
  faults: HidFaults = {};
  readonly #clock: Clock;
  #ccid: UsbPort | undefined;
  #tail: Promise<void> = Promise.resolve();

  constructor(init: SimulatedHidReaderInit) {
    const { framing = CCID_XOR_FRAMING, slotChange = 'notify' } = init;
    this.#clock = init.clock;
    this.reader = new SimulatedReader(init);
    const { info, ccidDescriptor } = this.reader;
    this.transport = {
      usagePage: 0xff00,
      usage: 1,
      framing,
      ccid: decodeDescriptor(ccidDescriptor),
      slotChange,
    };
    this.device = new SimulatedHidDevice({
      clock: init.clock,
      info: { ...info, usagePage: 0xff00, usage: 1 },
      reportSize: framing.reportSize,
    });
    this.plug();
  }

  /** Powers the reader anew, as plugging it in does. */
  plug(): void {
    this.device.plug();
    const ccid = this.reader.attach();
    this.#ccid = ccid;
    const decoder = new HidDecoder(this.transport.framing);
    this.device.onWritten = ({ id, data }) => {
      if (id !== this.transport.framing.outReportId || take(this.faults, 'loseOut')) return;
      for (const arrival of decoder.push(data)) {
        // Firmware drops what it does not understand.
        if ('message' in arrival) ccid.bulkOut(arrival.message, ASK_MS).catch(() => undefined);
      }
    };
    void this.#forward(ccid, () => ccid.bulkIn(0xffff, ASK_MS));
    if (this.transport.slotChange === 'notify') void this.#forward(ccid, () => ccid.interruptIn(64, ASK_MS));
  }

  unplug(): void {
    this.device.unplug();
    this.reader.unplug();
  }

  /** A port straight on the cable. */
  attach(): HidPort {
    return this.device.attach();
  }

  /** The reader's messages as reports, until it is unplugged or plugged in anew. */
  async #forward(ccid: UsbPort, read: () => Promise<Uint8Array>): Promise<void> {
    const { framing } = this.transport;
    while (this.#ccid === ccid) {
      try {
        const message = await read();
        if (this.#ccid !== ccid) return;
        const reports = encodeReports(message, framing).map((data) => ({ id: framing.inReportId, data }));
        await this.#sendAll(reports);
      } catch (error) {
        if (!(error instanceof UsbError)) throw error;
        // A stall cannot be shown over HID: the answer just never comes, and the next command is heard.
        if (error.code === 'usb.stall') await ccid.clearHalt('bulk-in');
        else if (error.code !== 'usb.timeout') return;
      }
    }
  }

  /** Reports of two messages are never mixed. */
  #sendAll(reports: readonly HidReport[]): Promise<void> {
    this.#tail = this.#tail.then(async () => {
      for (const report of reports) await this.#send(report);
    });
    return this.#tail;
  }

  async #send(report: HidReport): Promise<void> {
    if (this.faults.slowMs !== undefined) await this.#clock.sleep(this.faults.slowMs);
    if (take(this.faults, 'loseIn')) return;
    const { damageByte } = this.faults;
    delete this.faults.damageByte;
    const data = report.data.map((byte, i) => (i === damageByte ? byte ^ 0xff : byte));
    this.device.send({ id: report.id, data });
  }
}

/** Whether one of a counted fault is still to come; counts it. */
function take(faults: HidFaults, name: 'loseIn' | 'loseOut'): boolean {
  const left = faults[name] ?? 0;
  if (left <= 0) return false;
  faults[name] = left - 1;
  return true;
}
