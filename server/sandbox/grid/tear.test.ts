import { describe, expect, it } from 'vitest';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { Journal } from '@bianmin/card/meter-card/journal';
import { knownLayout, readCard } from '@bianmin/card/meter-card/read';
import { recogniserOf } from '@bianmin/card/meter-card/recognise';
import { METER_CARDS } from '@bianmin/card/testing/meter-files';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import { writeCard } from '@bianmin/card/meter-card/write';
import { DirectSession } from '@bianmin/card/testing/direct-session';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { Platform } from './platform/operations.ts';
import { Refused } from './platform/refusal.ts';
import { toCardImageMessage } from '@bianmin/card/meter-card/wire';
import { moreHouseholds } from './world/more-households.ts';
import { World } from './world/world.ts';

const NOW = Date.UTC(2026, 0, 15, 2, 0, 0);
const FACE_FEN = 5000;
const READER = { memoryDialect: 'acs' } as const;
const recognise = recogniserOf(BOTH_MAKERS);

/** A household of its own world, its card, and all that a terminal with a journal can do with it. */
function setup(note: string, seed: number) {
  const world = new World({ now: () => NOW, seed: () => seed });
  const platform = new Platform(world.books());
  const issued = METER_CARDS.find((each) => each === note);
  const [more] = issued === undefined ? [] : moreHouseholds(world, { count: 1, chip: issued });
  const card = world.drawer
    .list()
    .find(({ id, noteEn }) => (more === undefined ? noteEn.startsWith(note) : id === more.cardId));
  if (card === undefined) throw new Error(`No card is noted "${note}…".`);
  const { sim } = world.drawer.get(card.id);
  return { world, platform, sim, cardId: card.id, meterNo: card.meterNo ?? '', journal: new MemoryJournal() };
}
type Setup = ReturnType<typeof setup>;

async function read(sim: SimulatedCard): Promise<CardImage> {
  const session = new DirectSession(sim);
  const card = await recognise(session, READER);
  const image = await readCard(card.driver, session.atr, knownLayout(card));
  await session.end();
  return image;
}

async function sell({ platform, sim }: Setup, orderNo: string): Promise<void> {
  const { customerNo, meterNo, serial, soldCount } = platform.identify({
    image: toCardImageMessage(await read(sim)),
  });
  platform.sell({ orderNo, customerNo, meterNo, serial, faceFen: FACE_FEN, count: soldCount + 1 });
}

/** Release and write, as often as it takes a terminal; `written` or why not. */
async function write(
  on: Setup,
  orderNo: string,
  journal: Journal = on.journal,
): Promise<'written' | 'cut' | 'credited'> {
  const { platform, sim } = on;
  const image = await read(sim);
  // A torn card must be known to be this household's, or it could not be finished anywhere.
  platform.identify({ image: toCardImageMessage(image) });
  const { regions } = toCardImageMessage(image);
  platform.returnData({ orderNo, regions });
  try {
    const plan = platform.writePlan({ orderNo, image: toCardImageMessage(image) });
    const session = new DirectSession(sim);
    const card = await recognise(session, READER);
    await writeCard({
      driver: card.driver,
      layout: knownLayout(card),
      atr: session.atr,
      plan,
      lease: { no: 1, expiresAtMonotonic: Number.MAX_SAFE_INTEGER },
      journal,
      clock: new ManualClock(NOW),
      authorise: async (request) => {
        await Promise.resolve();
        return platform.authorise(request);
      },
    });
    await session.end();
    return 'written';
  } catch (error) {
    if (error instanceof Refused && error.refusal === 'count') return 'credited';
    if ((error as { code?: string }).code === 'reader.removed') return 'cut';
    throw error;
  }
}

const ORDER = '260115100000000001';
const EARLIER = '260115100000000000';

/** Cuts power at the n-th EEPROM operation of the write; true if there was one. */
async function writeWithCut(on: Setup, cutAt: number): Promise<boolean> {
  let operation = 0;
  on.sim.cutHook = () => operation++ === cutAt;
  const outcome = await write(on, ORDER);
  on.sim.cutHook = undefined;
  return outcome === 'cut';
}

/** A purchase that changes the card's type too is the longest: the second one of a new meter. */
async function prepared(kind: string, seed: number): Promise<Setup> {
  const on = setup(kind, seed);
  if (kind === 'New meter') {
    await sell(on, EARLIER);
    await write(on, EARLIER);
    expect(on.world.insert(on.meterNo, on.cardId)).toMatchObject({ creditedFen: FACE_FEN, error: null });
    await on.journal.remove(EARLIER);
  }
  await sell(on, ORDER);
  return on;
}

describe.each(['Ordinary card', 'CPU card', 'New meter', 'second-SLE4442', 'second-CPU'])(
  '%s, cut at every EEPROM operation of its write',
  (kind) => {
    const CARRY_ON: readonly [how: string, meterFirst: boolean, otherTerminal: boolean][] = [
      ['is finished at the same terminal', false, false],
      ['is finished at another terminal', false, true],
      ['may go to the meter first', true, true],
    ];

    it.each(CARRY_ON)('%s, and the meter credits once', async (_, meterFirst, otherTerminal) => {
      const seed = 11;
      for (let cutAt = 0; ; cutAt += 1) {
        const on = await prepared(kind, seed + cutAt);
        const was = on.world.meter(on.meterNo).creditedFen;
        const cut = await writeWithCut(on, cutAt);
        const credited = (): number => on.world.meter(on.meterNo).creditedFen - was;
        const where = `seed ${seed + cutAt}, cut at ${cutAt}`;
        if (meterFirst) on.world.insert(on.meterNo, on.cardId);
        expect(credited() === 0 || credited() === FACE_FEN, where).toBe(true);
        const again = await write(on, ORDER, otherTerminal ? new MemoryJournal() : on.journal).catch(
          (error: unknown) => (error as { code?: string }).code ?? String(error),
        );
        if (again === 'meter-card.code-tries') {
          // Another terminal has no record of the interrupted presentation: staff. Never a blind try.
          expect(otherTerminal, where).toBe(true);
          expect(await write(on, ORDER), where).toBe('written');
        }
        on.world.insert(on.meterNo, on.cardId);
        on.world.insert(on.meterNo, on.cardId);
        expect(credited(), where).toBe(FACE_FEN);
        if (!cut) {
          expect(cutAt).toBeGreaterThan(10);
          return;
        }
      }
    });
  },
);
