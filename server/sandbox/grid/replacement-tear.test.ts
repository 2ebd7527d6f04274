import { describe, expect, it } from 'vitest';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import { knownLayout, readCard } from '@bianmin/card/meter-card/read';
import { recogniserOf } from '@bianmin/card/meter-card/recognise';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import { toCardImageMessage } from '@bianmin/card/meter-card/wire';
import { writeCard } from '@bianmin/card/meter-card/write';
import { DirectSession } from '@bianmin/card/testing/direct-session';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { METER_CARDS, type MeterCard } from '@bianmin/card/testing/meter-files';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import { Platform } from './platform/operations.ts';
import { World } from './world/world.ts';

const NOW = Date.UTC(2026, 0, 15, 2, 0, 0);
const ORDER = '260115100000000001';
const REQUEST = 'R260115100000000001';
const FACE_FEN = 5000;

const READER = { memoryDialect: 'acs', wiresC4C8: true } as const;
const recognise = recogniserOf(BOTH_MAKERS);

/** A household with a sale that is not on its card, and an unissued card of the same chip. */
function setup(chip: MeterCard, seed: number) {
  const world = new World({ now: () => NOW, seed: () => seed });
  const platform = new Platform(world.books());
  const { made, cards } = world.addHousehold({
    name: '补卡户',
    address: '乌鲁木齐市天山区和平小区1号楼',
    chip,
    note: '',
    noteEn: '',
    counted: 3,
    balanceFen: 1000,
  });
  const { customerNo, meterNo, serial, soldCount } = made.household;
  platform.sell({ orderNo: ORDER, customerNo, meterNo, serial, faceFen: FACE_FEN, count: soldCount + 1 });
  const [card] = world.addStock([chip]);
  if (card === undefined) throw new Error('The stock is empty.');
  return {
    world,
    platform,
    customerNo,
    meterNo,
    card,
    former: cards[0]?.id ?? '',
    journal: new MemoryJournal(),
  };
}
type Setup = ReturnType<typeof setup>;

async function read(sim: SimulatedCard): Promise<CardImage> {
  const session = new DirectSession(sim);
  const found = await recognise(session, READER);
  const image = await readCard(found.driver, session.atr, knownLayout(found));
  await session.end();
  return image;
}

/** Asks for the plan, by request or by order, and writes it; false where the card was pulled. */
async function write(on: Setup, by: 'request' | 'order', journal = on.journal): Promise<boolean> {
  const { platform, customerNo, card } = on;
  const image = toCardImageMessage(await read(card.sim));
  let plan: WritePlan;
  if (by === 'request') plan = platform.replaceCard({ requestNo: REQUEST, customerNo, image }).plan;
  else {
    platform.returnData({ orderNo: ORDER, regions: image.regions });
    plan = platform.writePlan({ orderNo: ORDER, image });
  }
  const session = new DirectSession(card.sim);
  const found = await recognise(session, READER);
  try {
    await writeCard({
      driver: found.driver,
      layout: knownLayout(found),
      atr: session.atr,
      plan,
      lease: { no: 1, expiresAtMonotonic: Number.MAX_SAFE_INTEGER },
      journal,
      clock: new ManualClock(NOW),
      authorise: (request) => Promise.resolve(platform.authorise(request)),
    });
    await session.end();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'reader.removed') return false;
    throw error;
  }
}

describe.each(METER_CARDS)('a replacement on %s, cut at EEPROM operations of its write', (chip) => {
  it('is finished by the same request, and the meter credits once', async () => {
    // Every operation of the first twenty and then every seventh: all of them for six chips would take minutes.
    for (let cutAt = 0; ; cutAt += cutAt < 20 ? 1 : 7) {
      const on = setup(chip, 11 + cutAt);
      let operation = 0;
      on.card.sim.cutHook = () => operation++ === cutAt;
      const whole = await write(on, 'request');
      on.card.sim.cutHook = undefined;
      const credited = (): number => on.world.meter(on.meterNo).creditedFen;
      const where = `seed ${11 + cutAt}, cut at ${cutAt}`;
      if (cutAt % 2 === 0) on.world.insert(on.meterNo, on.card.id); // some people go to the meter first
      expect([0, FACE_FEN], where).toContain(credited());
      expect(await write(on, 'request'), where).toBe(true);
      on.world.insert(on.meterNo, on.card.id);
      on.world.insert(on.meterNo, on.card.id);
      expect(credited(), where).toBe(FACE_FEN);
      if (whole) {
        expect(cutAt).toBeGreaterThan(3);
        return;
      }
    }
  });

  it('leaves the former card refused by the meter, once the new one was in it', async () => {
    const on = setup(chip, 6);
    expect(await write(on, 'request')).toBe(true);
    expect(on.world.insert(on.meterNo, on.card.id)).toMatchObject({ creditedFen: FACE_FEN, error: null });
    const { creditedFen, error } = on.world.insert(on.meterNo, on.former);
    expect([creditedFen, error]).toEqual([0, 13]);
    expect(on.world.meter(on.meterNo).creditedFen).toBe(FACE_FEN);
  });

  it('can be written by the order’s own plan too, under the same count', async () => {
    const on = setup(chip, 5);
    const image = toCardImageMessage(await read(on.card.sim));
    on.platform.replaceCard({ requestNo: REQUEST, customerNo: on.customerNo, image });
    expect(await write(on, 'order')).toBe(true);
    expect(on.world.insert(on.meterNo, on.card.id)).toMatchObject({
      creditedFen: FACE_FEN,
      count: 4,
      error: null,
    });
  });
});
