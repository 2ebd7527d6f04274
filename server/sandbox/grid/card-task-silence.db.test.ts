import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import { GridDrivesCards } from './card-task-kit.ts';

let g: GridDrivesCards;
beforeAll(async () => {
  g = await GridDrivesCards.open();
});
afterAll(() => g.close());
beforeEach(() => g.fresh());

describe('when something falls silent', () => {
  it('the grid: it is left alone for longer each time, and the session goes on where it was', async () => {
    const kiosk = await g.kioskHere();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 79 });
    const taskNo = g.wanted(kiosk);
    await g.agreed(kiosk);
    kiosk.reader.insert(card);
    g.sandbox.faults.set({ operation: 'cardStep', fault: 'after', times: 3 });
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    expect(g.task(taskNo)).toMatchObject({
      heard: [{ done: 0 }, { done: 1 }, { done: 2 }],
      end: { done: 2 },
    });
  });

  it('the grid, when it is told the end: it is told again', async () => {
    const kiosk = await g.kioskHere();
    const taskNo = g.wanted(kiosk);
    await g.driven(kiosk, () => kiosk.remote.view.state === 'asked');
    g.sandbox.faults.set({ operation: 'endCardTask', fault: 'before', times: 2 });
    await kiosk.remote.command('no');
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    expect(g.task(taskNo).end).toMatchObject({ end: 'declined' });
  });

  it('the grid, of what it heard: the number opens nothing more, and the end is told again', async () => {
    const kiosk = await g.kioskHere();
    const taskNo = g.wanted(kiosk);
    await g.driven(kiosk, () => kiosk.remote.view.state === 'asked');
    await kiosk.remote.command('no');
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    g.sandbox.world.cardTasks.forgetEnd(taskNo);
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    expect(g.task(taskNo).end).toMatchObject({ end: 'declined' });
    expect(kiosk.remote.view.state).toBe('none');
  });

  it('the terminal: the session is ended, and the grid hears of it', async () => {
    const kiosk = await g.kioskHere();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 80 });
    const taskNo = g.wanted(kiosk, { open: true });
    await g.agreed(kiosk);
    kiosk.reader.insert(card);
    await g.driven(kiosk, () => g.task(taskNo).heard.at(-1)?.done === 2);
    kiosk.cut = 'before';
    await g.driven(kiosk, async () => {
      await g.w.t.redis.zrem('card-tasks:there', kiosk.terminal.id);
      return g.task(taskNo).end !== null;
    });
    expect(g.task(taskNo).end).toEqual({
      end: 'failed',
      failure: 'remote-card.lost',
      done: 2,
      write: 'none',
    });
  });

  it('every terminal: the grid is asked for nothing', async () => {
    await g.w.t.redis.del('card-tasks:there');
    const there = { now: () => Promise.resolve([]) };
    g.sandbox.faults.set({ operation: 'cardTasks', fault: 'http-500' });
    g.passed += 400_000;
    await (await g.w.driver(g.clock, { there })).round();
    expect(g.sandbox.faults.take('cardTasks')).toBeDefined();
  });
});
