import { outcome } from '@bianmin/card/testing/outcome';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { systemClock } from '@bianmin/card/node/system-clock';
import type { CardSlot } from '@bianmin/card/reader/slot';
import type { RigCase } from './cases.ts';
import { same, type Rig } from './rig.ts';

/** More than a write of the CPU card has commands. */
const MOST_COMMANDS = 80;
/** A reader is unplugged at every so many commands: it takes longer than a card. */
const UNPLUG_STEP = 5;
/** A card is pulled between every so many commands. */
const PULL_STEP = 3;
/** With the reader the card goes, too: whichever is heard of first. */
const GONE: ReadonlySet<unknown> = new Set(['reader.gone', 'reader.removed']);

/** Whole purchases, as the meter sees them. */
export const PURCHASE_CASES: readonly RigCase[] = [
  {
    // By T=0: QEMU's reader has no other protocol.
    name: 'a purchase on a CPU card is credited once',
    short: true,
    run: async (rig) => {
      const { slot } = await rig.oneReader();
      const purchase = await rig.card(slot, { seed: 21 });
      await rig.write(slot, purchase);
      await rig.remove(slot);
      await rig.isCreditedOnce(purchase);
    },
  },
  {
    name: 'a reader that is unplugged in a write, and plugged in again, finishes it',
    only: 'usb',
    short: true,
    run: (rig) => unplugInWrite(rig, [11]),
  },
  {
    name: 'a reader that is unplugged at any command of a write finishes it',
    run: (rig) => unplugInWrite(rig),
  },
  // QEMU's reader never answers a command whose card left meanwhile. Ours ends it by the notice; pcscd hears of none until then.
  ...(['pull-before', 'pull-after'] as const).map((fate) => ({
    name: `a card that is pulled ${fate === 'pull-before' ? 'before' : 'after'} each command of a write is finished`,
    only: 'usb' as const,
    run: (rig: Rig) => pullAtEach(rig, fate),
  })),
  {
    name: 'a card that is pulled between two commands of a write is finished',
    run: pullBetween,
  },
];

async function pullAtEach(rig: Rig, fate: 'pull-before' | 'pull-after'): Promise<void> {
  const { slot } = await rig.oneReader();
  for (let at = 1; at <= MOST_COMMANDS; at += 1) {
    const purchase = await rig.card(slot, { seed: 100 + at });
    await rig.host.ask('fate', { seat: 0, at, fate });
    const journal = new MemoryJournal();
    const code = await outcome(rig.write(slot, purchase, journal));
    const isWhole = code === 'no error';
    if (!isWhole) {
      same(`at command ${at}`, code, 'reader.removed');
      await rig.until('the card is seen to be gone', async () => !(await slot.present()));
      await rig.insert(slot);
      await rig.write(slot, purchase, journal);
    }
    await rig.remove(slot);
    await rig.isCreditedOnce(purchase);
    if (isWhole) return;
  }
  throw new Error(`A write has more than ${MOST_COMMANDS} commands.`);
}

/** Each time one command later; the reader has nothing to answer when the card goes. */
async function pullBetween(rig: Rig): Promise<void> {
  const { slot } = await rig.oneReader();
  for (let at = 1; at <= MOST_COMMANDS; at += PULL_STEP) {
    const purchase = await rig.card(slot, { seed: 300 + at });
    const journal = new MemoryJournal();
    let isPulled = false;
    const pulled = askedBefore(slot, async (nth) => {
      if (nth !== at) return;
      isPulled = true;
      await rig.remove(slot);
    });
    const code = await outcome(rig.write(pulled, purchase, journal));
    if (isPulled) {
      same(`at command ${at}`, code, 'reader.removed');
      await rig.insert(slot);
      await rig.write(slot, purchase, journal);
    }
    await rig.remove(slot);
    await rig.isCreditedOnce(purchase);
    if (!isPulled) return;
  }
  throw new Error(`A write has more than ${MOST_COMMANDS} commands.`);
}

/** The slot, with `before` called ahead of each command of its next session: the first is 1. */
function askedBefore(
  slot: CardSlot,
  before: (nth: number) => Promise<void>,
): Pick<CardSlot, 'model' | 'open'> {
  return {
    model: slot.model,
    open: async () => {
      const session = await slot.open();
      let nth = 0;
      return {
        atr: session.atr,
        transmit: async (apdu) => {
          nth += 1;
          await before(nth);
          return session.transmit(apdu);
        },
        end: () => session.end(),
      };
    },
  };
}

/** The card stays in; the reader goes while a command waits for its answer. */
async function unplugInWrite(rig: Rig, ats?: readonly number[]): Promise<void> {
  const readers = await rig.readers();
  await rig.until('readers of before are gone', () => readers.slots().length === 0);
  for (const at of ats ??
    Array.from({ length: MOST_COMMANDS / UNPLUG_STEP }, (_, i) => 1 + i * UNPLUG_STEP)) {
    await rig.host.ask('plug', { seat: 0 });
    const slot = await rig.slot(readers, 1);
    const purchase = await rig.card(slot, { seed: 200 + at });
    await rig.host.ask('fate', { seat: 0, at, fate: 'hold' });
    const journal = new MemoryJournal();
    const writing = outcome(rig.write(slot, purchase, journal));
    const isHeld = await Promise.race([reaches(rig, at), writing.then(() => false)]);
    if (isHeld) {
      await rig.host.ask('unplug', { seat: 0 });
      const code = await writing;
      same(`at command ${at}, ${String(code)}`, GONE.has(code), true);
      await rig.until('the reader is gone', () => readers.slots().length === 0);
      await rig.host.ask('plug', { seat: 0 });
      const again = await rig.slot(readers, 1);
      await rig.insert(again);
      await rig.write(again, purchase, journal);
    }
    await rig.isCreditedOnce(purchase);
    await rig.host.ask('remove', { seat: 0 });
    await rig.host.ask('unplug', { seat: 0 });
    await rig.until('the reader is gone', () => readers.slots().length === 0);
    if (!isHeld) return;
  }
}

async function reaches(rig: Rig, at: number): Promise<boolean> {
  while ((await rig.host.ask('commands', { seat: 0 })) < at) await systemClock.sleep(50);
  return true;
}
