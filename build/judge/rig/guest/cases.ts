import process from 'node:process';
import { fromHex, toHex } from '@bianmin/card/bytes/hex';
import { codeOf } from '@bianmin/card/errors';
import { systemClock } from '@bianmin/card/node/system-clock';
import { outcome } from '@bianmin/card/testing/outcome';
import { LONG_ANSWER } from '@bianmin/card/testing/vscard-card';
import { startPcscd } from './pcscd.ts';
import { same, type Rig, type Via } from './rig.ts';

export interface RigCase {
  readonly name: string;
  /** Also in every `.ci/run`. */
  readonly short?: boolean;
  /** Where not by both. */
  readonly only?: Via;
  run(rig: Rig): Promise<void>;
}

const GET_CHALLENGE = fromHex('0084000008');
/** Until the reader's notice has come: it looks every 255 ms. */
const NOTICE_MS = 1_000;
/** A user without rights. */
const NOBODY = 65_534;
/** Until the daemon has found its reader. */
const DAEMON_TAKES_MS = 6_000;

/** Plugs, power and answers. */
export const READER_CASES: readonly RigCase[] = [
  {
    name: 'a reader is seen when it is plugged in, and gone when it is pulled',
    short: true,
    run: async (rig) => {
      const { readers, slot } = await rig.oneReader();
      same('a card', await slot.present(), false);
      await rig.host.ask('unplug', { seat: 0 });
      await rig.until('it is gone', () => readers.slots().length === 0);
    },
  },
  {
    name: 'a second reader is seen and works while the first is in use',
    short: true,
    run: async (rig) => {
      const { readers, slot } = await rig.oneReader();
      await rig.card(slot, { seed: 2 });
      const session = await slot.open();
      await rig.host.ask('plug', { seat: 1 });
      const second = await rig.slot(readers, 2, [slot]);
      await rig.card(second, { seed: 3, seat: 1 });
      const other = await second.open();
      const answers = await Promise.all([session.transmit(GET_CHALLENGE), other.transmit(GET_CHALLENGE)]);
      for (const answer of answers) same('status', toHex(answer.slice(-2)), '9000');
      await Promise.all([session.end(), other.end()]);
    },
  },
  {
    name: 'readers that were closed can be opened again, three times',
    short: true,
    run: async (rig) => {
      const first = await rig.oneReader();
      await first.readers.close();
      for (let again = 0; again < 3; again += 1) {
        const readers = await rig.readers();
        const slot = await rig.slot(readers, 1);
        same('a card', await slot.present(), false);
        await readers.close();
      }
      same('faults', rig.faults.length, 0);
    },
  },
  {
    name: 'the longest answer of a short command comes in one piece',
    short: true,
    run: async (rig) => {
      const { slot } = await rig.oneReader();
      await rig.card(slot, { seed: 4 });
      const session = await slot.open();
      await rig.host.ask('fate', { seat: 0, at: 1, fate: 'long' });
      same('answer', toHex(await session.transmit(fromHex('00B0000000'))), toHex(LONG_ANSWER));
      same('the next', (await session.transmit(GET_CHALLENGE)).length, 10);
      await session.end();
    },
  },
  {
    // pcscd looks every 0.4 s, and QEMU's reader leaves the power on: there nothing tells of it.
    name: 'a session ends at once when its card is pulled out and put in again quickly',
    only: 'usb',
    short: true,
    run: async (rig) => {
      const { slot } = await rig.oneReader();
      await rig.card(slot, { seed: 5 });
      const session = await slot.open();
      // Else one notice tells of the insertion and of all that comes after.
      await systemClock.sleep(NOTICE_MS);
      await rig.host.ask('remove', { seat: 0 });
      await rig.host.ask('insert', { seat: 0 });
      await rig.until(
        'the session is over',
        async () => (await outcome(session.transmit(GET_CHALLENGE))) !== 'no error',
      );
      same('the old session', await outcome(session.transmit(GET_CHALLENGE)), 'reader.removed');
      const fresh = await slot.open();
      same('the new session', (await fresh.transmit(GET_CHALLENGE)).length, 10);
      await fresh.end();
    },
  },
  {
    name: 'an answer that comes after we gave up is no answer to the next command',
    run: async (rig) => {
      const { readers, slot } = await rig.oneReader();
      await rig.card(slot, { seed: 6 });
      const session = await slot.open();
      await rig.host.ask('fate', { seat: 0, at: 1, fate: 'hold' });
      const code = await outcome(session.transmit(GET_CHALLENGE));
      if (code === 'no error') throw new Error('There was an answer that had not left.');
      await rig.host.ask('answer-now', { seat: 0 });
      await session.end();
      const fresh = await rig.session(readers);
      await rig.host.ask('fate', { seat: 0, at: 2, fate: 'long' });
      const answer = await fresh.transmit(fromHex('00B0000000'));
      if (answer.length === 10) throw new Error('The answer of before came.');
      await fresh.end();
    },
  },
  {
    name: 'a reader that the system does not let us use says so',
    only: 'usb',
    short: true,
    run: async (rig) => {
      await rig.host.ask('plug', { seat: 0 });
      await systemClock.sleep(1_500);
      // Whoever has no rights cannot read the program either: it is loaded before.
      await (await rig.readers()).close();
      const asRoot = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0] as const;
      process.setegid?.(NOBODY);
      process.seteuid?.(NOBODY);
      try {
        const readers = await rig.readers();
        same('slots', readers.slots().length, 0);
        same('why', codeOf(rig.faults[0]), 'usb.permission');
      } finally {
        process.seteuid?.(asRoot[0]);
        process.setegid?.(asRoot[1]);
      }
    },
  },
  {
    name: 'a reader that another program has says so, and opens once it was let go of',
    only: 'usb',
    short: true,
    run: async (rig) => {
      await rig.host.ask('plug', { seat: 0 });
      const daemon = await startPcscd();
      await systemClock.sleep(DAEMON_TAKES_MS);
      const readers = await rig.readers();
      same('why', codeOf(rig.faults[0]), 'usb.in-use');
      await daemon.stop();
      await rig.slot(readers, 1);
    },
  },
];
