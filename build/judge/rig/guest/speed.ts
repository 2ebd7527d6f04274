import { closeSync, constants, mkdirSync, openSync, readSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { fromHex } from '@bianmin/card/bytes/hex';
import { systemClock } from '@bianmin/card/node/system-clock';
import type { CardSession } from '@bianmin/card/reader/slot';
import type { Rig } from './rig.ts';

/** The shortest answer of use, and one of several packets. */
const COMMANDS_TIMED = [
  { apdu: 'challenge8', command: fromHex('0084000008') },
  { apdu: 'read240', command: fromHex('00B00000F0') },
] as const;
const COMMANDS = 150;
const WARM_UP = 20;
const COUNTED = 30;
const DEBUGFS = '/sys/kernel/debug';
/** Of all buses, as text (Linux: Documentation/usb/usbmon.rst). */
const MONITOR = `${DEBUGFS}/usb/usbmon/0u`;

export interface Speed {
  readonly apdu: (typeof COMMANDS_TIMED)[number]['apdu'];
  readonly perSecond: number;
  /** Transfers that were submitted on the reader's bulk pipes, per command. */
  readonly transfers: number;
}

/** How fast one command after another goes, and how many transfers each takes. */
export async function speedsOf(rig: Rig): Promise<Speed[]> {
  const { slot } = await rig.oneReader();
  await rig.card(slot, { seed: 7 });
  const session = await slot.open();
  await rig.host.ask('fate', { seat: 0, at: 'each', fate: 'long' });
  const speeds: Speed[] = [];
  for (const { apdu, command } of COMMANDS_TIMED) speeds.push({ apdu, ...(await timed(session, command)) });
  await session.end();
  return speeds;
}

async function timed(session: CardSession, command: Uint8Array): Promise<Omit<Speed, 'apdu'>> {
  const many = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += 1) await session.transmit(command);
  };
  await many(WARM_UP);
  const from = systemClock.monotonic();
  await many(COMMANDS);
  const seconds = (systemClock.monotonic() - from) / 1_000;
  const monitor = new Monitor();
  let transfers = 0;
  for (let done = 0; done < COUNTED; done += 1) {
    await many(1);
    transfers += monitor.bulkTransfers();
  }
  monitor.close();
  return { perSecond: COMMANDS / seconds, transfers: transfers / COUNTED };
}

/** The kernel's own record of what passes on USB. It keeps some fifty lines for a reader, and drops what comes then. */
class Monitor {
  readonly #fd: number;

  constructor() {
    mkdirSync(DEBUGFS, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'debugfs', 'debugfs', DEBUGFS], { stdio: 'ignore' });
    } catch {
      // It is mounted already.
    }
    this.#fd = openSync(MONITOR, constants.O_RDONLY | constants.O_NONBLOCK);
  }

  /** Since it was opened, or asked last. */
  bulkTransfers(): number {
    let text = '';
    const buffer = Buffer.alloc(64 * 1024);
    for (;;) {
      try {
        const length = readSync(this.#fd, buffer);
        if (length === 0) break;
        text += buffer.toString('latin1', 0, length);
      } catch {
        break; // Nothing more is there.
      }
    }
    return text.split('\n').filter((line) => / S B[io]:/u.test(line)).length;
  }

  close(): void {
    closeSync(this.#fd);
  }
}
