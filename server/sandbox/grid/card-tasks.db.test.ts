import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import { leakIn, secretsOf } from '@bianmin/card/testing/secrets';
import type { GridDriver } from '../../src/cards/remote/grid-driver.ts';
import { GridDrivesCards, REWRITE, WRITE } from './card-task-kit.ts';

let g: GridDrivesCards;
beforeAll(async () => {
  g = await GridDrivesCards.open();
});
afterAll(() => g.close());
beforeEach(() => g.fresh());

describe('the grid looks at a card', () => {
  it('when the person at the terminal, who sees who asks and why, says yes', async () => {
    const kiosk = await g.kioskHere();
    const { card, plan } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 71 });
    const before = JSON.stringify(card.snapshot());
    const taskNo = g.wanted(kiosk);
    await g.driven(kiosk, () => kiosk.remote.view.state === 'asked');
    expect(kiosk.remote.view).toMatchObject({ askedBy: '电力公司 李工', reason: '电表报错，看看卡' });
    expect(g.task(taskNo).heard).toEqual([]);
    await kiosk.remote.command('yes');
    kiosk.reader.insert(card);
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    expect(g.task(taskNo).end).toEqual({ end: 'finished', failure: null, done: 2, write: 'none' });
    expect(g.task(taskNo).heard.map(({ answer }) => answer)).toMatchObject([
      null,
      { ok: true, result: { did: 'identify', chip: 'SLE4442', serial: plan.serial } },
      { ok: true, result: { did: 'read-card', image: { chip: 'SLE4442', serial: plan.serial } } },
    ]);
    card.powerOff();
    expect(JSON.stringify(card.snapshot())).toBe(before);
  });

  it('and nothing at all where the person says no', async () => {
    const kiosk = await g.kioskHere();
    const taskNo = g.wanted(kiosk);
    await g.driven(kiosk, () => kiosk.remote.view.state === 'asked');
    await kiosk.remote.command('no');
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    expect(g.task(taskNo)).toMatchObject({ heard: [], end: { end: 'declined', write: 'none' } });
  });

  it('is not driven by staff, who see the record without a byte, and may call it off', async () => {
    const kiosk = await g.kioskHere();
    const { card } = samplePurchase('SLE4428', { cipher: tripleDes, seed: 72 });
    const taskNo = g.wanted(kiosk, { open: true });
    await g.agreed(kiosk);
    kiosk.reader.insert(card);
    await g.driven(kiosk, () => g.task(taskNo).heard.at(-1)?.done === 2);
    const session = await g.recordOf(kiosk);
    expect(session).toMatchObject({ asker: { kind: 'grid', id: taskNo }, answer: null });
    expect(session.steps.map(({ asked, outcome }) => [asked, outcome])).toEqual([
      ['identify', 'done'],
      ['read-card', 'done'],
    ]);
    const put = await g.w.admin(g.staff, `/${session.id}/steps`, { n: 3, command: { do: 'identify' } });
    expect(put.code).toBe('card-session.not-yours');
    await g.w.admin(g.staff, `/${session.id}/cancel`);
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    expect(g.task(taskNo).end).toMatchObject({ end: 'cancelled', done: 2 });
  });

  it('waits while an operator at the grid thinks, and goes on with what is added', async () => {
    const kiosk = await g.kioskHere();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 73 });
    const taskNo = g.wanted(kiosk, { steps: [{ do: 'identify' }], open: true });
    await g.agreed(kiosk);
    kiosk.reader.insert(card);
    await g.driven(kiosk, () => g.task(taskNo).heard.at(-1)?.next.next === 'wait');
    g.sandbox.world.cardTasks.add(taskNo, [{ do: 'tries', key: 0 }], false);
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    expect(g.task(taskNo).heard.at(-1)?.answer).toMatchObject({ ok: true, result: { did: 'tries' } });
  });
});

describe('the grid has a card written once more', () => {
  it.each(['SLE4442', 'CPU'] as const)('on %s, and no code of it is kept anywhere', async (chip) => {
    const kiosk = await g.kioskHere();
    const sold = await g.w.soldOrder(chip, chip === 'CPU' ? 75 : 74);
    const { orderNo, card } = sold;
    const taskNo = g.wanted(kiosk, { kind: 'rewrite', orderNo, commands: REWRITE, steps: WRITE });
    await g.agreed(kiosk);
    kiosk.reader.insert(card);
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    expect(g.task(taskNo).end).toMatchObject({ end: 'finished', write: 'written' });
    expect(g.task(taskNo).heard.at(-1)?.answer).toMatchObject({ ok: true, result: { did: 'written' } });
    expect((await g.w.web.services.store.get(orderNo))?.write.status).toBe('written');
    const secrets = secretsOf(sold);
    expect(leakIn(await g.w.stored(), secrets)).toBeUndefined();
    expect(leakIn(g.w.logged.join('\n'), secrets)).toBeUndefined();
    expect(leakIn(JSON.stringify(g.task(taskNo)), secrets)).toBeUndefined();
  });

  it('and a worker that is killed between any two of its steps is followed by one that goes on', async () => {
    const kiosk = await g.kioskHere();
    const { orderNo, card } = await g.w.soldOrder('SLE4442', 76);
    const taskNo = g.wanted(kiosk, { kind: 'rewrite', orderNo, commands: REWRITE, steps: WRITE });
    const drive = (): GridDriver => g.driver;
    const round = async (): Promise<GridDriver> => (g.driver = await g.w.driver(g.clock));
    await g.until(kiosk, async () => (await round()) && kiosk.remote.view.state === 'asked', drive);
    await kiosk.remote.command('yes');
    kiosk.reader.insert(card);
    await g.until(kiosk, async () => (await round()) && g.task(taskNo).end !== null, drive);
    expect(g.task(taskNo).end).toEqual({ end: 'finished', failure: null, done: 3, write: 'written' });
    expect((await g.recordOf(kiosk)).steps.filter(({ asked }) => asked === 'write')).toHaveLength(1);
  });

  it('whose card is pulled in the middle is unknown to it; another task reads the card, and the meter credits once', async () => {
    const kiosk = await g.kioskHere();
    const { orderNo, card, meter, amountFen } = await g.w.soldOrder('SLE4442', 77);
    const over = { kind: 'rewrite', orderNo, commands: REWRITE };
    const taskNo = g.wanted(kiosk, { ...over, open: true });
    await g.agreed(kiosk);
    kiosk.reader.insert(card);
    await g.driven(kiosk, () => g.task(taskNo).heard.at(-1)?.done === 2);
    kiosk.reader.faults.removeAfterBytes = 400;
    g.sandbox.world.cardTasks.add(taskNo, [{ do: 'write' }, ...WRITE], false);
    await g.driven(kiosk, () => g.task(taskNo).end !== null);
    expect(g.task(taskNo).end).toMatchObject({ end: 'removed', write: 'unknown' });
    const writes = (await g.recordOf(kiosk)).steps.filter(({ asked }) => asked === 'write');
    expect(writes).toHaveLength(1);

    delete kiosk.reader.faults.removeAfterBytes;
    // A write that does not read the card first is refused, also where the grid wants it.
    const blind = g.wanted(kiosk, { ...over, steps: [{ do: 'identify' }, { do: 'write' }] });
    await g.agreed(kiosk);
    kiosk.reader.insert(card);
    await g.driven(kiosk, () => g.task(blind).end !== null);
    expect(g.task(blind).end).toMatchObject({ failure: 'card-session.not-permitted', write: 'none' });
    const second = g.wanted(kiosk, { ...over, steps: WRITE });
    await g.agreed(kiosk);
    await g.driven(kiosk, () => g.task(second).end !== null);
    expect(g.task(second).end).toMatchObject({ end: 'finished', write: 'written' });
    kiosk.reader.eject();
    expect(meter.insert(card)).toEqual({ creditedFen: amountFen, error: undefined });
    expect(meter.insert(card).creditedFen).toBe(0);
  });
});
