import { codeOf } from '@bianmin/card/errors';
import { openCcidReader, type CcidReader } from '@bianmin/card/reader/ccid-reader';
import { hidCcidPort } from '@bianmin/card/reader/hid-ccid';
import type { CardSlot } from '@bianmin/card/reader/slot';
import type { HidPort, UsbPort } from '@bianmin/card/usb/ports';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { METER_CHIPS } from '@bianmin/card/testing/meter-files';
import { seededRandom } from '@bianmin/card/testing/random';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import { SimulatedHidReader } from '@bianmin/card/testing/sim-hid-reader';
import { SimulatedReader } from '@bianmin/card/testing/sim-reader';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { pass, untilDone } from '@bianmin/card/testing/node/hostile/moving-clock';
import type { Draw } from '@bianmin/card/testing/node/hostile/reader-lies';
import { watchedSlot } from '@bianmin/card/testing/node/hostile/watched-slot';
import { nextVisit, visit, type Ended } from './visit.ts';

/** Nobody does anything for so long after it, while the device goes on, ms. */
const LINGER_MS = 6_000;
/** Room that a read may ask a platform to set aside: the longest message, in whole packets. */
const ROOMIEST = 66_000;
/** Slots, and changes that a listener may be told of, however many a device announces. */
const MOST_SLOTS = 16;
const MOST_CHANGES_A_SECOND = 60;
const LEVELS = ['character', 'tpdu', 'short-apdu', 'extended-apdu'] as const;
/** So that what comes without end comes in the middle of commands, too, ms. */
const SLOW_MS = 3;

/** What makes a visit hostile: what stands between the reader and us, or the card and the reader. */
export interface Hostility {
  readonly port?: (port: UsbPort, clock: ManualClock, draw: Draw) => UsbPort & { readonly roomiest: number };
  readonly hid?: (port: HidPort, clock: ManualClock, draw: Draw) => HidPort;
  readonly card?: (card: SimulatedCard, draw: Draw) => LiarInHand;
}

interface LiarInHand {
  readonly card: SimulatedCard;
  /** Codes, keys and writes that went to it although it had contradicted itself. */
  readonly trusted: readonly string[];
}

/**
 * A household's visit to a kiosk, card put in, read, and a plan written, with a device that means harm; then the next visit,
 * with honest devices. Gives what was not as it must be, nothing where all was well. The same seed gives the same visit.
 */
export async function hostileVisit(seed: number, hostility: Hostility): Promise<string[]> {
  const draw = seededRandom(seed);
  const complaints: string[] = [];
  const complain = (what: string): void => void complaints.push(what);
  const clock = new ManualClock();
  const chip = METER_CHIPS[draw() % METER_CHIPS.length] ?? 'CPU';
  const protocol = draw() % 2 === 0 ? 'T0' : 'T1';
  const purchase = samplePurchase(chip, { cipher: tripleDes, seed: draw(), protocol });
  const liar = hostility.card?.(purchase.card, draw);
  const port = portOf(hostility, { clock, draw, card: liar?.card ?? purchase.card });
  const of = { purchase, journal: new MemoryJournal(), clock };
  const opened = openOrSay(port, clock, complain);
  const [slot] = opened?.slots ?? [];
  let ended: Ended | undefined;
  if (opened !== undefined && slot !== undefined) {
    const changes = countChanges(slot);
    const started = clock.monotonic();
    ended = await untilDone(clock, visit(watchedSlot(slot, clock, complain), of), complain);
    await pass(clock, LINGER_MS);
    const seconds = (clock.monotonic() - started) / 1_000;
    if (changes() / seconds > MOST_CHANGES_A_SECOND) complain(`${changes()} changes told in ${seconds} s`);
    await untilDone(clock, opened.close(), complain);
  }
  if (opened !== undefined && opened.slots.length > MOST_SLOTS) complain(`${opened.slots.length} slots`);
  if (port.roomiest > ROOMIEST) complain(`a read with room for ${port.roomiest} bytes`);
  for (const command of liar?.trusted ?? [])
    complain(`${command} went to a card that had contradicted itself`);
  await nextVisit(ended, { ...of, complain });
  return complaints;
}

/** The card is in; the reader is honest where nothing else is said. */
function portOf(
  hostility: Hostility,
  { clock, draw, card }: { clock: ManualClock; draw: Draw; card: SimulatedCard },
): UsbPort & { readonly roomiest: number } {
  const level = LEVELS[draw() % LEVELS.length] ?? 'tpdu';
  if (hostility.hid !== undefined) {
    const device = new SimulatedHidReader({ clock, level });
    device.reader.insert(card);
    const port = hidCcidPort(hostility.hid(device.attach(), clock, draw), device.transport, clock);
    return Object.assign(port, { roomiest: 0 });
  }
  const reader = new SimulatedReader({ clock, level });
  reader.faults.slowMs = SLOW_MS;
  reader.insert(card);
  const port = reader.attach();
  return hostility.port?.(port, clock, draw) ?? { ...port, roomiest: 0 };
}

function openOrSay(
  port: UsbPort,
  clock: ManualClock,
  complain: (what: string) => void,
): CcidReader | undefined {
  try {
    return openCcidReader(port, clock);
  } catch (error) {
    if (codeOf(error) === undefined) complain(`opening failed without a code: ${String(error)}`);
    return undefined;
  }
}

function countChanges(slot: CardSlot): () => number {
  let count = 0;
  slot.onChange(() => count++);
  return () => count;
}
