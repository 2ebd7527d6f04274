import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChipName } from '@bianmin/card/chip/contract';
import { SimulatedSle4442Card } from '@bianmin/card/testing/chips/sle4442/card';
import { CardDesk } from '../../testing/card-desk.ts';
import type { RemoteKiosk } from '../../testing/remote-kiosk.ts';

let desk: CardDesk;
beforeAll(async () => {
  desk = await CardDesk.open();
});
afterAll(() => desk.close());
beforeEach(async () => {
  const { redis } = desk.w.t;
  const kept = await redis.keys('refused-*');
  if (kept.length > 0) await redis.del(kept);
});

const keys = () => desk.w.web.services.keys;
/** Two cards elsewhere refuse the grid's key. */
async function twoRefuse(chip: ChipName): Promise<void> {
  for (const n of [1, 2]) await keys().refused({ chip, serial: `AAAAAAAAAAAAAAA${n}` }, new Date());
}
const session = async (id: string) => (await desk.w.admin(desk.staff, `GET /${id}`)).session;

/** A rewrite whose card has been read whole. */
async function read(chip: 'SLE4442' | 'CPU', seed: number, spoil = false) {
  const kiosk = await desk.w.kiosk();
  const sold = await desk.w.soldOrder(chip, seed);
  const { id } = await desk.joined(kiosk, { kind: 'rewrite', orderNo: sold.orderNo });
  const snapshot = sold.card.snapshot();
  const other = { ...snapshot, state: { ...snapshot.state, code: '5A5A5A' } };
  const card = spoil ? SimulatedSle4442Card.restore(other) : sold.card;
  kiosk.reader.insert(card);
  await desk.step(kiosk, id, 1, { do: 'identify' });
  await desk.step(kiosk, id, 2, { do: 'read-card' });
  return { kiosk, id, card, orderNo: sold.orderNo };
}
const putWrite = (id: string, command: object = {}) =>
  desk.w.admin(desk.staff, `/${id}/steps`, { n: 3, command: { do: 'write', ...command } });
/** The session ended since the key is not tried, and staff and terminal are told so. */
async function endedByIt(kiosk: RemoteKiosk, id: string): Promise<void> {
  await desk.poll(kiosk, async () => (await session(id)).end).toBe('failed');
  expect((await session(id)).failure).toBe('grid.key-refused');
  await desk
    .poll(kiosk, () => kiosk.remote.view)
    .toEqual({ state: 'ended', end: 'failed', failure: 'grid.key-refused' });
}

describe('a key that two cards refused under remote sessions', () => {
  it('is heard of with the step, tried on no third, and again once staff let one be written', async () => {
    for (const seed of [201, 202]) {
      const { kiosk, id, card } = await read('SLE4442', seed, true);
      const { steps } = await desk.step(kiosk, id, 3, { do: 'write' });
      expect(steps[2]).toMatchObject({ outcome: 'meter-card.code-wrong' });
      expect(await kiosk.journal.list()).toMatchObject([
        { phase: 'failed', reason: 'meter-card.code-wrong', triesLeft: 2 },
      ]);
      kiosk.reader.eject();
      expect((card as SimulatedSle4442Card).errorCounter).toBe(0x06);
    }
    // Kept once the step is.
    await expect.poll(() => keys().refusedNow()).toMatchObject([{ chip: 'SLE4442' }]);

    const third = await read('SLE4442', 203);
    const refused = await putWrite(third.id);
    expect([refused.status, refused.code]).toEqual([503, 'grid.key-refused']);
    expect((await desk.w.web.services.store.get(third.orderNo))?.write).toEqual({ status: 'none' });

    const { steps } = await desk.step(third.kiosk, third.id, 3, { do: 'write', lastTry: true });
    expect(steps[2]).toMatchObject({ asked: 'write last-try', outcome: 'done' });
    await expect.poll(() => keys().refusedNow()).toEqual([]);
  });
});

describe('a key that two cards refused meanwhile', () => {
  it('is not met by a plan that waits for its terminal', async () => {
    const { kiosk, id, card } = await read('SLE4442', 211);
    const before = JSON.stringify(card.snapshot());
    kiosk.cut = 'before';
    expect((await putWrite(id)).status).toBe(200);
    await twoRefuse('SLE4442');
    kiosk.cut = undefined;
    await endedByIt(kiosk, id);
    kiosk.reader.eject();
    expect(JSON.stringify(card.snapshot())).toBe(before);
  });

  it('is met by one that its terminal has, whose answer still comes', async () => {
    const { kiosk, id } = await read('SLE4442', 212);
    kiosk.cut = 'after';
    expect((await putWrite(id)).status).toBe(200);
    // The question reaches the server, and its answer is lost.
    const given = async () =>
      (await desk.w.web.remoteCards.kept.release(await desk.w.web.remoteCards.sessions.get(id), 3))?.given;
    await desk.poll(kiosk, given).toBe(true);
    await twoRefuse('SLE4442');
    kiosk.cut = undefined;
    await desk.poll(kiosk, async () => (await session(id)).steps[2]?.outcome).toBe('done');
  });

  it('is not met at a later stage of a plan', async () => {
    const { kiosk, id, card, orderNo } = await read('CPU', 213);
    const { api } = kiosk;
    const stepResult = api.stepResult.bind(api);
    Object.assign(api, {
      stepResult: async (...answer: Parameters<typeof stepResult>) => {
        await twoRefuse('CPU');
        return stepResult(...answer);
      },
    });
    expect((await putWrite(id)).status).toBe(200);
    await endedByIt(kiosk, id);
    expect((await session(id)).steps.map(({ asked }) => asked)).toEqual(['identify', 'read-card', 'write']);
    kiosk.reader.eject();
    expect((card as { tries: readonly { left: number; full: number }[] }).tries[0]).toEqual({
      ...{ left: 8, full: 8 },
    });
    expect((await desk.w.web.services.store.get(orderNo))?.write.status).toBe('released');
  });

  it('is met at every stage where staff let this plan meet it', async () => {
    await twoRefuse('CPU');
    const { kiosk, id } = await read('CPU', 214);
    expect((await putWrite(id)).code).toBe('grid.key-refused');
    expect((await putWrite(id, { lastTry: true })).status).toBe(200);
    await desk.poll(kiosk, async () => (await session(id)).steps[3]?.outcome).toBe('done');
  });
});
