import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import { GridDrivesCards, REWRITE, WRITE } from './card-task-kit.ts';

let g: GridDrivesCards;
beforeAll(async () => {
  g = await GridDrivesCards.open();
});
afterAll(() => g.close());
beforeEach(() => g.fresh());

describe('what the grid may not', () => {
  it.each([
    ['a kind of its own', { kind: 'replace', commands: REWRITE }, 'card-session.not-permitted'],
    ['a write in a look', { commands: ['identify', 'write'] }, 'card-session.not-permitted'],
    ['the stage of a write', { kind: 'rewrite', commands: ['continue'] }, 'card-session.not-permitted'],
    ['a command that nobody has', { commands: ['verify-code'] }, 'card-session.not-permitted'],
    [
      'an order that is not there',
      { kind: 'rewrite', orderNo: '260301109999999999', commands: REWRITE },
      'order.not-found',
    ],
    ['a write without an order', { kind: 'rewrite', commands: REWRITE }, 'request.malformed'],
  ] as const)('is %s: refused by its number, and the kiosk asks for no consent', async (_, over, failure) => {
    const kiosk = await g.kioskHere();
    const taskNo = g.wanted(kiosk, { ...over, commands: [...over.commands] });
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    expect(g.task(taskNo).end).toEqual({ end: 'refused', failure, done: 0, write: 'none' });
    expect(kiosk.remote.view.state).toBe('none');
  });

  it.each([
    ['that its task did not name', [{ do: 'identify' }, { do: 'tries', key: 0 }]],
    [
      'of a region that no purchase reads',
      [{ do: 'identify' }, { do: 'read', zone: 'main', offset: 1021, length: 3 }],
    ],
    ['that is none', [{ do: 'identify' }, { do: 'read-card', apdu: '00B2' }]],
  ] as const)('is a command %s: the session ends, and nothing of it was done', async (_, steps) => {
    const kiosk = await g.kioskHere();
    const { card } = samplePurchase('SLE4428', { cipher: tripleDes, seed: 78 });
    const taskNo = g.wanted(kiosk, { commands: ['identify', 'read', 'read-card'], steps });
    await g.agreed(kiosk);
    kiosk.reader.insert(card);
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    expect(g.task(taskNo).end).toMatchObject({
      ...{ end: 'failed', failure: 'card-session.not-permitted', done: 1, write: 'none' },
    });
    expect((await g.recordOf(kiosk)).steps).toHaveLength(1);
  });

  it('is a write with a key of its own that two cards refused: the session ends, and it hears why', async () => {
    const { keys } = g.w.web.services;
    for (const n of [1, 2]) {
      await keys.refused({ chip: 'AT88SC153', serial: `BBBBBBBBBBBBBBB${n}` }, new Date());
    }
    const kiosk = await g.kioskHere();
    const { card, orderNo } = await g.w.soldOrder('AT88SC153', 79);
    const taskNo = g.wanted(kiosk, { kind: 'rewrite', orderNo, commands: REWRITE, steps: WRITE });
    await g.agreed(kiosk);
    kiosk.reader.insert(card);
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    expect(g.task(taskNo).end).toEqual({
      ...{ end: 'failed', failure: 'grid.key-refused', done: 2, write: 'none' },
    });
  });

  it('is a terminal that has another session: it is asked when that one is over', async () => {
    const kiosk = await g.kioskHere();
    const request = { terminalId: kiosk.terminal.id, kind: 'inspect', reason: 'first' };
    const { session } = await g.w.admin(g.staff, '', request);
    const taskNo = g.wanted(kiosk);
    g.passed += 11_000;
    await g.driver.round();
    expect(g.task(taskNo).end).toBeNull();
    await g.w.admin(g.staff, `/${session.id}/cancel`);
    await g.driven(
      kiosk,
      () => kiosk.remote.view.state === 'asked' && kiosk.remote.view.askedBy !== 'somebody',
    );
    await kiosk.remote.command('no');
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
  });
});
