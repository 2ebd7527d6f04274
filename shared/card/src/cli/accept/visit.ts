import type { FoundSlot, OpenReaders } from '../readers.ts';
import type { Run } from '../run.ts';
import type { ChipDriver } from '../../chip/contract.ts';
import { ReadingSession } from '../../chip/reading-session.ts';
import type { CardSlot } from '../../reader/slot.ts';
import { Stop } from '../../stop.ts';
import type { Exchange } from '../../transcript/format.ts';
import { openCard, memoryReaderOf, type OpenCard } from '../card.ts';
import type { WordKey } from '../words/words.ts';
import type { Observation } from './report-form.ts';
import { maskedExchange } from './masked-exchange.ts';

/** As long as a person may take to do what a step asks, ms. */
const HANDS_MS = 60_000;

/** What a step has. */
export interface Visit {
  readonly run: Run;
  readonly readers: OpenReaders;
  /** The reader; another object once it was plugged in anew. */
  found: FoundSlot;
  /** Counters of the first reading, which must be there again at the end. */
  tries: Readonly<Record<string, number>>;
  readonly exchanges: Exchange[];
  /** Tells the person, and waits for their answer; undefined where nobody is there. */
  ask(key: WordKey): Promise<string | undefined>;
  tell(key: WordKey): void;
}

/** A driver as far as the visit has one: nothing that presents a code, tries a key or writes. */
type ReadingDriver = Pick<ChipDriver, 'chip' | 'read' | 'tries' | 'dialect'>;

/** A card on a session that reads only, as far as the visit has it. */
export interface ReadingCard extends Omit<OpenCard, 'driver' | 'session'> {
  readonly session: ReadingSession;
  readonly driver: ReadingDriver;
}

/** Powers the card, gives it to `use`, and powers it down whatever comes. */
export async function withCard<T>(
  visit: Visit,
  use: (card: ReadingCard, whole: OpenCard) => Promise<T>,
): Promise<T> {
  const { slot } = visit.found;
  const session = new ReadingSession(await slot.open(), (apdu, answer) =>
    visit.exchanges.push(maskedExchange(apdu, answer)),
  );
  try {
    // Its driver may do more by its type; whatever it tries goes through the same session.
    const card = await openCard(session, memoryReaderOf(slot));
    return await use({ session, driver: card.driver, decidedBy: card.decidedBy }, card);
  } finally {
    await session.end();
  }
}

/** Whether the slot says so in time, and after how long; ms. */
export async function noticed(
  visit: Visit,
  slot: CardSlot,
  present: boolean,
): Promise<{ told: boolean; ms: number }> {
  const started = visit.run.io.clock.monotonic();
  const told = await within(visit, (done) => slot.onChange((now) => now === present && done()));
  return { told, ms: Math.round(visit.run.io.clock.monotonic() - started) };
}

/** Whether `done` was called before the person's time was over. */
export async function within(visit: Visit, listen: (done: () => void) => () => void): Promise<boolean> {
  const timer = new Stop();
  let off: () => void = () => undefined;
  try {
    return await Promise.race([
      new Promise<true>((resolve) => (off = listen(() => resolve(true)))),
      visit.run.io.clock.sleep(HANDS_MS, timer.signal).then(
        () => false,
        () => false,
      ),
    ]);
  } finally {
    off();
    timer.stop();
  }
}

/** Observations from a plain object; what is undefined was not seen. */
export function observed(values: Readonly<Record<string, Observation['value'] | undefined>>): Observation[] {
  return Object.entries(values).flatMap(([id, value]) => (value === undefined ? [] : [{ id, value }]));
}
