import { systemClock } from '@bianmin/card/node/system-clock';
import type { CardSlot } from '@bianmin/card/reader/slot';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { NOTICE_LIES, READER_LIES } from '@bianmin/card/testing/node/hostile/reader-lies';
import { outcome } from '@bianmin/card/testing/outcome';
import type { ReaderFaults } from '@bianmin/card/testing/sim-faults';
import type { Lie } from '../line.ts';
import type { RigCase } from './cases.ts';
import { same, type Rig } from './rig.ts';

/** The place of the reader whose bytes are ours. */
const SEAT = 2;
/** A visit to a reader that lies, ms: what never ends is given up in half a minute, and a processor that is emulated is slow. */
const VISIT_MS = 120_000;
const SEED = 77;

/** What a reader, a card or a hand does once in a visit; the next visit finishes what this one did not. */
const FAULTS: Readonly<Record<string, ReaderFaults>> = {
  'stalls instead of answering': { stall: true },
  'stalls at a command': { stallOut: true },
  'does not answer until it is told to abort': { hang: true },
  'does not answer, and knows no abort': { hang: true, noAbort: 'stall' },
  'answers too late': { late: true },
  'asks for more time before each answer': { timeExtensions: 3, extensionMs: 50 },
  'answers each time a quarter of a second late': { slowMs: 250 },
  'has a byte of an answer wrong': { damageByte: 7 },
  'does not end full packets': { noZeroLengthPacket: true },
  'loses its card in the middle': { removeAfterBytes: 700 },
  'does not tell of cards': { silent: true },
  'stalls its interrupt pipe': { stallInterrupts: true },
};

const lies = (of: Lie['of'], known: object): Lie[] =>
  Object.keys(known).map((name) => ({ of, name, seed: SEED }));

/** What is wrong with a reader on a real bus: a visit ends in its time, and the next one, to the same reader made well, is whole. */
export const FAULTY_CASES: readonly RigCase[] = [
  ...Object.entries(FAULTS).map(([name, faults]): RigCase => ({
    name: `a reader that ${name}: the card is finished at the next visit`,
    only: 'usb',
    run: (rig) => visited(rig, { faults }),
  })),
  ...[...lies('answers', READER_LIES), ...lies('notices', NOTICE_LIES)].map((lie): RigCase => ({
    name: `a reader that lies, by its ${lie.of}: ${lie.name}`,
    only: 'usb',
    run: (rig) => visited(rig, { lie }),
  })),
];

async function visited(rig: Rig, as: { lie?: Lie; faults?: ReaderFaults }): Promise<void> {
  const readers = await rig.readers();
  await rig.until('readers of before are gone', () => readers.slots().length === 0);
  // The card lies in it already: one that tells of no cards is asked.
  const purchase = await rig.cardIn({ seed: SEED, of: 'SLE4442', seat: SEAT });
  await rig.host.ask('plug', { seat: SEAT, ...as });
  const journal = new MemoryJournal();
  const [slot] = await seen(readers);
  if (slot !== undefined) {
    const ended = await Promise.race([
      outcome(rig.write(slot, purchase, journal)),
      systemClock.sleep(VISIT_MS).then(() => 'nothing'),
    ]);
    if (ended === 'nothing') throw new Error(`A visit had not ended after ${VISIT_MS} ms.`);
  }
  await rig.host.ask('unplug', { seat: SEAT });
  await rig.until('it is gone', () => readers.slots().length === 0);
  await rig.host.ask('insert', { seat: SEAT });
  await rig.host.ask('plug', { seat: SEAT });
  const well = await rig.slot(readers, 1);
  await rig.until('the card is seen', () => well.present());
  await rig.write(well, purchase, journal);
  same('written', (await journal.list()).map(({ phase }) => phase).join(), 'written');
  await rig.remove(well, SEAT);
  await rig.isCreditedOnce(purchase, SEAT);
}

/** Its slots, once there are any: one that lies about itself may have none. */
async function seen(readers: { slots(): readonly CardSlot[] }): Promise<readonly CardSlot[]> {
  const until = systemClock.monotonic() + 10_000;
  while (readers.slots().length === 0 && systemClock.monotonic() < until) await systemClock.sleep(50);
  return readers.slots();
}
