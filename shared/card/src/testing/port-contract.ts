import { fromHex, toHex } from '../bytes/hex.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbPort } from '../usb/ports.ts';
import type { SimulatedReader } from './sim-reader.ts';

/** A port to test and the simulated reader at its far end. */
export interface PortRig {
  readonly port: UsbPort;
  readonly reader: SimulatedReader;
  /** Moves time on by so many ms while something waits; a real clock just waits. */
  pass(ms: number): Promise<void>;
}

export interface PortCase {
  readonly name: string;
  /** Only for carriers that can show it: HID has no stall. */
  readonly needs?: 'stall';
  run(rig: PortRig): Promise<void>;
}

const SLOT_STATUS = fromHex('65000000000007000000');

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (error instanceof UsbError ? error.code : `untyped: ${String(error)}`),
  );
}

function same(what: string, got: unknown, wanted: unknown): void {
  if (got !== wanted) throw new Error(`${what}: ${String(got)} where ${String(wanted)} was wanted`);
}

/** What any `UsbPort` must do, whatever carries it. Names no test runner. */
export const PORT_CONTRACT: readonly PortCase[] = [
  {
    name: 'gives the class descriptor that the device has',
    run: ({ port, reader }) => {
      same('descriptor', toHex(port.ccidDescriptor), toHex(reader.ccidDescriptor));
      return Promise.resolve();
    },
  },
  {
    name: 'carries a command out and its answer in',
    run: async ({ port }) => {
      await port.bulkOut(SLOT_STATUS, 1_000);
      same('answer', toHex(await port.bulkIn(271, 1_000)), '81000000000007020000');
    },
  },
  {
    name: 'gives a long answer in parts of the length asked for',
    run: async ({ port }) => {
      await port.bulkOut(SLOT_STATUS, 1_000);
      same('first part', toHex(await port.bulkIn(4, 1_000)), '81000000');
      same('rest', toHex(await port.bulkIn(64, 1_000)), '000007020000');
    },
  },
  {
    name: 'never hangs: a read without an answer ends at its time, and loses nothing that comes later',
    run: async (rig) => {
      const asked = codeOf(rig.port.bulkIn(271, 40));
      await rig.pass(50);
      same('late read', await asked, 'usb.timeout');
      await rig.port.bulkOut(SLOT_STATUS, 1_000);
      same('answer', toHex(await rig.port.bulkIn(271, 1_000)), '81000000000007020000');
    },
  },
  {
    name: 'refuses a second read of an endpoint while one waits',
    run: async (rig) => {
      const first = codeOf(rig.port.bulkIn(271, 40));
      same('second read', await codeOf(rig.port.bulkIn(271, 40)), 'usb.busy');
      await rig.pass(50);
      same('first read', await first, 'usb.timeout');
    },
  },
  {
    name: 'reports a stall, and goes on once it is cleared',
    needs: 'stall',
    run: async ({ port, reader }) => {
      reader.faults.stall = true;
      await port.bulkOut(fromHex('6F050000000001000000' + '00B0000001'), 1_000);
      same('stalled read', await codeOf(port.bulkIn(271, 1_000)), 'usb.stall');
      await port.clearHalt('bulk-in');
      await port.bulkOut(SLOT_STATUS, 1_000);
      same('answer', toHex(await port.bulkIn(271, 1_000)), '81000000000007020000');
    },
  },
  {
    name: 'ends a waiting read when the reader is unplugged, and is dead from then on',
    run: async ({ port, reader }) => {
      const waiting = codeOf(port.interruptIn(8, 60_000));
      await Promise.resolve();
      reader.unplug();
      same('waiting read', await waiting, 'usb.gone');
      same('later command', await codeOf(port.bulkOut(SLOT_STATUS, 1_000)), 'usb.gone');
    },
  },
  {
    name: 'ends what waits when it is closed, and is closed once by whoever closes it at the same time',
    run: async (rig) => {
      const waiting = [codeOf(rig.port.interruptIn(8, 40)), codeOf(rig.port.bulkIn(271, 40))];
      await Promise.resolve();
      await Promise.all([rig.port.close(), rig.port.close()]);
      await rig.pass(50);
      for (const code of await Promise.all(waiting)) {
        if (code !== 'usb.gone') same('waiting read', code, 'usb.timeout');
      }
    },
  },
];
