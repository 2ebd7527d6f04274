import { toHex } from '../bytes/hex.ts';
import { UsbError } from '../usb/error.ts';
import type { HidPort } from '../usb/ports.ts';
import type { SimulatedHidDevice } from './sim-hid-device.ts';

/** A HID port to test and the device at its far end. */
export interface HidRig {
  readonly port: HidPort;
  readonly device: SimulatedHidDevice;
  /** Ids of the reports that the device sends and takes: 0 for one that does not number them. */
  readonly reportId: number;
  /** Moves time on by so many ms while something waits; a real clock just waits. */
  pass(ms: number): Promise<void>;
}

export interface HidPortCase {
  readonly name: string;
  run(rig: HidRig): Promise<void>;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error instanceof UsbError ? error.code : `untyped: ${String(error)}`),
  );
}

function same(what: string, got: unknown, wanted: unknown): void {
  if (got !== wanted) throw new Error(`${what}: ${String(got)} where ${String(wanted)} was wanted`);
}

/** A whole report that starts with these bytes. */
function report(rig: HidRig, ...bytes: number[]): { id: number; data: Uint8Array } {
  const data = new Uint8Array(rig.device.reportSize);
  data.set(bytes);
  return { id: rig.reportId, data };
}

const text = ({ id, data }: { id: number; data: Uint8Array }): string => `${id}:${toHex(data)}`;

/** What any `HidPort` must do, whatever carries it. Names no test runner. */
export const HID_PORT_CONTRACT: readonly HidPortCase[] = [
  {
    name: 'carries a report out, with its id apart from its data',
    run: async (rig) => {
      await rig.port.writeReport(report(rig, 1, 2, 3), 1_000);
      same('reports', rig.device.written.map(text).join(), text(report(rig, 1, 2, 3)));
    },
  },
  {
    name: 'carries reports in, in their order, also those that came before anybody asked',
    run: async (rig) => {
      rig.device.send(report(rig, 1));
      rig.device.send(report(rig, 2));
      const [first, second] = [await rig.port.readReport(1_000), await rig.port.readReport(1_000)];
      same('first', text(first), text(report(rig, 1)));
      same('second', text(second), text(report(rig, 2)));
    },
  },
  {
    name: 'says how long an input report is, where it says so at all',
    run: (rig) => {
      const { inputReportLength = rig.device.reportSize } = rig.port;
      same('length', inputReportLength, rig.device.reportSize);
      return Promise.resolve();
    },
  },
  {
    name: 'gives a report whose first byte is 00 and whose last are 00 as it is',
    run: async (rig) => {
      rig.device.send(report(rig, 0, 7));
      same('report', text(await rig.port.readReport(1_000)), text(report(rig, 0, 7)));
    },
  },
  {
    name: 'never hangs: a read without a report ends at its time, and loses nothing that comes later',
    run: async (rig) => {
      const asked = codeOf(rig.port.readReport(40));
      await rig.pass(50);
      same('late read', await asked, 'usb.timeout');
      rig.device.send(report(rig, 9));
      same('report', text(await rig.port.readReport(1_000)), text(report(rig, 9)));
    },
  },
  {
    name: 'never hangs: a write that is not taken ends at its time',
    run: async (rig) => {
      rig.device.stuck = true;
      const asked = codeOf(rig.port.writeReport(report(rig, 1), 40));
      await rig.pass(50);
      same('late write', await asked, 'usb.timeout');
    },
  },
  {
    name: 'refuses a second read and a second write while one waits, and lets one of each wait together',
    run: async (rig) => {
      const read = codeOf(rig.port.readReport(40));
      same('second read', await codeOf(rig.port.readReport(40)), 'usb.busy');
      rig.device.stuck = true;
      const write = codeOf(rig.port.writeReport(report(rig, 1), 40));
      same('second write', await codeOf(rig.port.writeReport(report(rig, 2), 40)), 'usb.busy');
      await rig.pass(50);
      same('first read', await read, 'usb.timeout');
      same('first write', await write, 'usb.timeout');
    },
  },
  {
    name: 'ends what waits when the device is unplugged, and is dead from then on',
    run: async (rig) => {
      const read = codeOf(rig.port.readReport(60_000));
      rig.device.unplug();
      same('waiting read', await read, 'usb.gone');
      same('later read', await codeOf(rig.port.readReport(1_000)), 'usb.gone');
      same('later write', await codeOf(rig.port.writeReport(report(rig, 1), 1_000)), 'usb.gone');
    },
  },
  {
    name: 'ends what waits when it is closed, which may be done twice',
    run: async (rig) => {
      const read = codeOf(rig.port.readReport(60_000));
      await rig.port.close();
      await rig.port.close();
      same('waiting read', await read, 'usb.gone');
      same('later write', await codeOf(rig.port.writeReport(report(rig, 1), 1_000)), 'usb.gone');
    },
  },
];
