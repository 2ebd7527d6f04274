import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import { undoAllowed } from '../model/moves/undo.ts';
import type { Order } from '../model/order.ts';

const REFUSED = 'meter-card.code-wrong';
let kiosk: FakeTerminal;
let world: OrderWorld;
beforeEach(async () => {
  kiosk = await fakeTerminal('kiosk-a');
  world = await OrderWorld.open();
});

/** A card whose order waits for its write. */
async function sold(): Promise<{ card: FakeCard; order: Order }> {
  const card = world.household();
  return { card, order: await world.paid(kiosk, card) };
}

const release = async ({ card, order }: { card: FakeCard; order: Order }, lastTry = false) =>
  world.services.writes.release(await world.now(order), kiosk, { image: card.read(), lastTry });
const stage = async ({ order }: { order: Order }, lease: number) =>
  world.services.writes.authorise(await world.now(order), kiosk, { lease, stage: 1, gathered: {} });
const failed = async (
  { order }: { order: Order },
  claim: { lease: number; reason?: string; triesLeft?: number },
) =>
  world.services.writes.claim(await world.now(order), kiosk.terminalId, {
    ...{ result: 'failed', reason: REFUSED },
    ...claim,
  });
const written = async ({ card, order }: { card: FakeCard; order: Order }, lease: number) =>
  world.services.writes.claim(await world.now(order), kiosk.terminalId, {
    ...{ lease, result: 'written', imageDigest: card.digest() },
  });

/** Two cards refuse the grid's key, and their terminals say so. */
async function twoRefuse() {
  const cards = [await sold(), await sold()] as const;
  for (const each of cards) await failed(each, { lease: (await release(each)).lease, triesLeft: 2 });
  return cards;
}
const isOpen = async (of: { card: FakeCard; order: Order }): Promise<boolean> =>
  release(of).then(
    () => false,
    (error: unknown) => {
      expect(error).toMatchObject({ code: 'grid.key-refused' });
      return true;
    },
  );

describe('a key that two cards refused', () => {
  it('no order is taken, no plan released, until staff let one be written', async () => {
    const third = await sold();
    const [first] = await twoRefuse();
    expect((await world.now(first.order)).write).toMatchObject({
      ...{ status: 'failed', reason: REFUSED, triesLeft: 2 },
    });
    expect(await isOpen(third)).toBe(true);
    await expect(world.order(kiosk, world.household())).rejects.toMatchObject({ code: 'grid.key-refused' });

    const sealed = await release(first, true);
    first.card.write(await kiosk.open(sealed));
    await written(first, sealed.lease);
    world.clock.jump(1);
    expect(await isOpen(third)).toBe(false);
  });

  it('no later stage of a plan that left before is handed out, and the grid makes none', async () => {
    const third = await sold();
    const { lease } = await release(third);
    await stage(third, lease);
    const asked = world.grid.calls.length;
    await twoRefuse();
    await expect(stage(third, lease)).rejects.toMatchObject({ code: 'grid.key-refused' });
    expect(world.grid.calls.slice(asked)).not.toContain('authorise');
  });

  it('a later stage is handed out where staff let this very plan meet it', async () => {
    const [first] = await twoRefuse();
    const { lease } = await release(first, true);
    await stage(first, lease);
    await failed(first, { lease });
    // The next plan of the same order is not theirs.
    await expect(release(first)).rejects.toMatchObject({ code: 'grid.key-refused' });
  });

  it('nothing is taken off a card, at no stage', async () => {
    const [taken, waiting] = [await sold(), await sold()];
    world.grid.cancelsWritten = true;
    for (const each of [taken, waiting]) {
      const sealed = await release(each);
      each.card.write(await kiosk.open(sealed));
      await written(each, sealed.lease);
      const two = { requestedBy: 'anna', approvedBy: 'boris', approval: 'a' };
      await world.services.mover.move(await world.now(each.order), (order) =>
        undoAllowed(order, { ...two, now: new Date(world.clock.now()) }),
      );
    }
    const undo = async (of: { card: FakeCard; order: Order }) =>
      world.services.undos.release(await world.now(of.order), kiosk, of.card.read());
    const { lease } = await undo(taken);
    await twoRefuse();
    await expect(undo(waiting)).rejects.toMatchObject({ code: 'grid.key-refused' });
    const request = { lease, stage: 1, gathered: {} };
    await expect(
      world.services.undos.authorise(await world.now(taken.order), kiosk, request),
    ).rejects.toMatchObject({ code: 'grid.key-refused' });
  });
});

describe('what counts as a refusal', () => {
  it('is one that is told of a lease that ran out, or twice', async () => {
    const [first, second, third] = [await sold(), await sold(), await sold()];
    const { lease } = await release(first);
    await failed(first, { lease });
    await failed(first, { lease });
    expect(await isOpen(third)).toBe(false);
    const late = await release(second);
    world.clock.jump(130_000);
    const other = await fakeTerminal('kiosk-b');
    await world.services.writes.release(await world.now(second.order), other, { image: second.card.read() });
    await expect(failed(second, { lease: late.lease })).rejects.toMatchObject({ code: 'order.lease-stale' });
    expect(await isOpen(third)).toBe(true);
  });

  it('is none of a lease that was never given', async () => {
    const [first, second, third] = [await sold(), await sold(), await sold()];
    await failed(first, { lease: (await release(first)).lease });
    await expect(failed(second, { lease: 7 })).rejects.toMatchObject({ code: 'order.lease-stale' });
    expect(await isOpen(third)).toBe(false);
  });

  it('is that of a card which locked itself then, and none of one that was locked before', async () => {
    const [first, second, third] = [await sold(), await sold(), await sold()];
    for (const each of [first, second]) {
      await failed(each, { lease: (await release(each)).lease, reason: 'meter-card.locked' });
    }
    expect(await isOpen(third)).toBe(false);
    for (const each of [first, second]) {
      const { lease } = await release(each);
      await failed(each, { lease, reason: 'meter-card.locked', triesLeft: 0 });
    }
    expect(await isOpen(third)).toBe(true);
  });

  it('stands where a card was written under a plan that left before it, and is told of later', async () => {
    const [early, third] = [await sold(), await sold()];
    const { lease } = await release(early);
    world.clock.jump(1_000);
    await twoRefuse();
    world.clock.jump(1_000);
    await written(early, lease);
    world.clock.jump(1);
    expect(await isOpen(third)).toBe(true);
  });
});
