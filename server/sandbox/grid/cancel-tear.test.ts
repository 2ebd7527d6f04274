import { describe, expect, it } from 'vitest';
import { identifyChip } from '@bianmin/card/chip/identify';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import { readBuiltIn, withLayout } from '@bianmin/card/testing/read-built-in';
import { toCardImageMessage } from '@bianmin/card/meter-card/wire';
import { writeCard } from '@bianmin/card/meter-card/write';
import { DirectSession } from '@bianmin/card/testing/direct-session';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { Platform } from './platform/operations.ts';
import { Refused } from './platform/refusal.ts';
import { World } from './world/world.ts';

const NOW = Date.UTC(2026, 0, 15, 2, 0, 0);
const FACE_FEN = 5000;
const EARLIER = '260115100000000000';
const ORDER = '260115100000000001';

/** A household with a purchase on its card, and a terminal with a journal. */
class Counter {
  readonly world: World;
  readonly platform: Platform;
  readonly #journal = new MemoryJournal();
  readonly #cardId: string;
  readonly #meterNo: string;

  constructor(note: string, seed: number) {
    this.world = new World({ now: () => NOW, seed: () => seed });
    this.platform = new Platform(this.world.books());
    const card = this.world.drawer.list().find(({ noteEn }) => noteEn.startsWith(note));
    this.#cardId = card?.id ?? '';
    this.#meterNo = card?.meterNo ?? '';
  }

  get sim() {
    return this.world.drawer.get(this.#cardId).sim;
  }

  /** What the meter credited so far, fen. */
  get creditedFen(): number {
    return this.world.meter(this.#meterNo).creditedFen;
  }

  insert() {
    return this.world.insert(this.#meterNo, this.#cardId);
  }

  async image(): Promise<ReturnType<typeof toCardImageMessage>> {
    return toCardImageMessage(await this.#read());
  }

  async buy(orderNo: string): Promise<void> {
    const { customerNo, meterNo, serial, soldCount } = this.platform.identify({ image: await this.image() });
    this.platform.sell({ orderNo, customerNo, meterNo, serial, faceFen: FACE_FEN, count: soldCount + 1 });
    expect(await this.put(orderNo)).toBe('written');
  }

  async put(orderNo: string): Promise<string> {
    const image = await this.image();
    this.platform.identify({ image });
    this.platform.returnData({ orderNo, regions: image.regions });
    return this.#write(() => this.platform.writePlan({ orderNo, image }));
  }

  async takeOff(): Promise<string> {
    const image = await this.image();
    this.platform.identify({ image });
    return this.#write(() => this.platform.cancelPlan({ orderNo: ORDER, image }));
  }

  async #read(): Promise<CardImage> {
    const session = new DirectSession(this.sim);
    const image = await readBuiltIn(await identifyChip(session, { memoryDialect: 'acs' }), session.atr);
    await session.end();
    return image;
  }

  /** `written`, `cut`, or the grid's refusal. */
  async #write(planned: () => WritePlan): Promise<string> {
    try {
      const plan = planned();
      const session = new DirectSession(this.sim);
      const driver = await identifyChip(session, { memoryDialect: 'acs' });
      await writeCard({
        ...withLayout(driver),
        atr: session.atr,
        plan,
        lease: { no: 1, expiresAtMonotonic: Number.MAX_SAFE_INTEGER },
        journal: this.#journal,
        clock: new ManualClock(NOW),
        authorise: (request) => Promise.resolve(this.platform.authorise(request)),
      });
      await session.end();
      await this.#journal.remove(plan.orderNo);
      return 'written';
    } catch (error) {
      if (error instanceof Refused) return error.refusal;
      if ((error as { code?: string }).code === 'reader.removed') return 'cut';
      throw error;
    }
  }
}

/** A purchase that changed the card's type too is the longest to take off: the second one of a new meter. */
async function prepared(kind: string, seed: number): Promise<Counter> {
  const on = new Counter(kind, seed);
  if (kind === 'New meter') {
    await on.buy(EARLIER);
    expect(on.insert()).toMatchObject({ creditedFen: FACE_FEN, error: null });
  }
  await on.buy(ORDER);
  return on;
}

/** Cuts power at the n-th EEPROM operation of taking it off. */
async function takenOffWithCut(on: Counter, cutAt: number): Promise<boolean> {
  let operation = 0;
  on.sim.cutHook = () => operation++ === cutAt;
  const outcome = await on.takeOff();
  on.sim.cutHook = undefined;
  return outcome === 'cut';
}

describe.each(['Ordinary card', 'CPU card', 'New meter'])(
  '%s, cut at every EEPROM operation of taking a sale off',
  (kind) => {
    /** Until no cut happens any more. */
    async function everywhere(what: (on: Counter, where: string, was: number) => Promise<void>) {
      for (let cutAt = 0; ; cutAt += 1) {
        const on = await prepared(kind, 11 + cutAt);
        const was = on.creditedFen;
        const cut = await takenOffWithCut(on, cutAt);
        await what(on, `cut at ${cutAt}`, was);
        if (cut) continue;
        expect(cutAt).toBeGreaterThan(5);
        return;
      }
    }

    it('is taken off by the next try, and its meter gives nothing', async () => {
      await everywhere(async (on, where, was) => {
        expect(await on.takeOff(), where).toBe('written');
        expect(on.platform.confirmCancel({ orderNo: ORDER, imageDigest: '' }), where).toEqual({
          status: 'reversed',
        });
        expect(on.insert().error, where).toBeNull();
        expect(on.creditedFen - was, where).toBe(0);
      });
    });

    it('is put on again instead, and its meter credits once', async () => {
      await everywhere(async (on, where, was) => {
        expect(await on.put(ORDER), where).toBe('written');
        expect(on.platform.confirmCancel({ orderNo: ORDER, imageDigest: '' }), where).toMatchObject({
          status: 'refused',
        });
        on.insert();
        on.insert();
        expect(on.creditedFen - was, where).toBe(FACE_FEN);
      });
    });

    it('may go to the meter first: all of it or nothing, and it is never undone once it is in', async () => {
      await everywhere(async (on, where, was) => {
        on.insert();
        const credited = on.creditedFen - was;
        expect([0, FACE_FEN], where).toContain(credited);
        const tried = await on.takeOff();
        const undone = on.platform.confirmCancel({ orderNo: ORDER, imageDigest: '' }).status === 'reversed';
        expect(undone && credited > 0, `${where}: ${tried}`).toBe(false);
        expect(undone || (await on.put(ORDER)) === (credited > 0 ? 'count' : 'written'), where).toBe(true);
        on.insert();
        expect(on.creditedFen - was, where).toBe(undone ? 0 : FACE_FEN);
      });
    });
  },
);
