import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '@bianmin/shared/clock';
import { systemClock } from '@bianmin/shared/node/system-clock';
import { tripleDes } from '@bianmin/shared/testing/node/triple-des';
import { samplePurchase } from '@bianmin/shared/testing/sample-purchase';
import { leakIn, secretsOf } from '@bianmin/shared/testing/secrets';
import { createCollectionV1 } from '../../src/gateways/grid/collection-v1.ts';
import type { GridDriver } from '../../src/cards/remote/grid-driver.ts';
import { RemoteCardWorld, type RemoteKiosk } from '../../src/testing/remote-card-world.ts';
import { gridKeysFrom, makeGridKeys } from './keys.ts';
import type { CardTaskEntry, StepWanted } from './platform/card-tasks.ts';
import { createGridSandbox, type GridSandbox } from './sandbox.ts';

/** The real line to the sandbox, the real web process, terminals with their readers: the grid drives a card. */
let sandbox: GridSandbox;
let w: RemoteCardWorld;
let driver: GridDriver;
let staff: string;

/** The driver's pace is the test's: it looks as if time had passed. */
let passed = 0;
const clock: Clock = {
  now: () => systemClock.now(),
  monotonic: () => systemClock.monotonic() + passed,
  sleep: (ms, signal) => systemClock.sleep(ms, signal),
};

beforeAll(async () => {
  const keys = makeGridKeys();
  sandbox = await createGridSandbox({ keys: gridKeysFrom({ ...keys.sandbox }) });
  const { cardTasks, cardStep, endCardTask } = createCollectionV1({
    url: sandbox.collectUrl,
    agent: keys.server.GRID_AGENT,
    signKey: keys.server.GRID_SIGN_KEY,
    gridPublicKey: keys.server.GRID_PUBLIC_KEY,
    timeoutMs: 60_000,
    clock: systemClock,
  });
  w = await RemoteCardWorld.open({ cardTasks, cardStep, endCardTask });
  staff = await w.staff('somebody');
});
afterAll(async () => {
  await w.close();
  await sandbox.close();
});
beforeEach(async () => {
  sandbox.faults.clear();
  driver = await w.driver(clock);
});

const LOOK: readonly StepWanted[] = [{ do: 'identify' }, { do: 'read-card' }];
const WRITE: readonly StepWanted[] = [...LOOK, { do: 'write' }];
const INSPECT = ['identify', 'read-card', 'tries'];
const REWRITE = ['identify', 'read-card', 'write'];

/** A kiosk that the server has heard of. */
async function kioskHere(): Promise<RemoteKiosk> {
  const kiosk = await w.kiosk();
  await until(kiosk, async () => (await w.t.redis.zscore('card-tasks:there', kiosk.terminal.id)) !== null);
  return kiosk;
}

function wanted(
  kiosk: RemoteKiosk,
  over: Partial<Omit<CardTaskEntry, 'taskNo' | 'heard' | 'end'>> = {},
): string {
  return sandbox.world.cardTasks.want({
    ...{ terminalId: kiosk.terminal.id, kind: 'inspect', orderNo: null, serial: null },
    ...{ askedBy: '李工', reason: '电表报错，看看卡', minutes: 10, commands: INSPECT },
    ...{ steps: LOOK, open: false },
    ...over,
  }).taskNo;
}

const task = (taskNo: string): CardTaskEntry => sandbox.world.cardTasks.get(taskNo);

/** Rounds of the driver and of the terminal, each as if seconds had passed, until it is so. */
async function until(kiosk: RemoteKiosk, look: () => unknown, drive?: () => GridDriver): Promise<void> {
  await expect
    .poll(
      async () => {
        passed += 11_000;
        await drive?.().round();
        kiosk.remote.kick();
        return look();
      },
      { interval: 10 },
    )
    .toBeTruthy();
}
const driven = (kiosk: RemoteKiosk, look: () => unknown): Promise<void> => until(kiosk, look, () => driver);

/** The person at the terminal says yes to what the grid asks. */
async function agreed(kiosk: RemoteKiosk): Promise<void> {
  await driven(kiosk, () => kiosk.remote.view.state === 'asked');
  await kiosk.remote.command('yes');
}

async function recordOf(
  kiosk: RemoteKiosk,
): Promise<Awaited<ReturnType<RemoteCardWorld['admin']>>['session']> {
  const { session } = await w.admin(staff, `GET ?terminalId=${kiosk.terminal.id}`);
  return (session as unknown as { sessions: (typeof session)[] }).sessions[0] as typeof session;
}

describe('the grid looks at a card', () => {
  it('when the person at the terminal, who sees who asks and why, says yes', async () => {
    const kiosk = await kioskHere();
    const { card, plan } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 71 });
    const before = JSON.stringify(card.snapshot());
    const taskNo = wanted(kiosk);
    await driven(kiosk, () => kiosk.remote.view.state === 'asked');
    expect(kiosk.remote.view).toMatchObject({ askedBy: '电力公司 李工', reason: '电表报错，看看卡' });
    expect(task(taskNo).heard).toEqual([]);
    await kiosk.remote.command('yes');
    kiosk.reader.insert(card);
    await driven(kiosk, () => task(taskNo).end !== null);
    expect(task(taskNo).end).toEqual({ end: 'finished', failure: null, done: 2, write: 'none' });
    expect(task(taskNo).heard.map(({ answer }) => answer)).toMatchObject([
      null,
      { ok: true, result: { did: 'identify', chip: 'SLE4442', serial: plan.serial } },
      { ok: true, result: { did: 'read-card', image: { chip: 'SLE4442', serial: plan.serial } } },
    ]);
    card.powerOff();
    expect(JSON.stringify(card.snapshot())).toBe(before);
  });

  it('and nothing at all where the person says no', async () => {
    const kiosk = await kioskHere();
    const taskNo = wanted(kiosk);
    await driven(kiosk, () => kiosk.remote.view.state === 'asked');
    await kiosk.remote.command('no');
    await driven(kiosk, () => task(taskNo).end !== null);
    expect(task(taskNo)).toMatchObject({ heard: [], end: { end: 'declined', write: 'none' } });
  });

  it('is not driven by staff, who see the record without a byte, and may call it off', async () => {
    const kiosk = await kioskHere();
    const { card } = samplePurchase('SLE4428', { cipher: tripleDes, seed: 72 });
    const taskNo = wanted(kiosk, { open: true });
    await agreed(kiosk);
    kiosk.reader.insert(card);
    await driven(kiosk, () => task(taskNo).heard.at(-1)?.done === 2);
    const session = await recordOf(kiosk);
    expect(session).toMatchObject({ asker: { kind: 'grid', id: taskNo }, answer: null });
    expect(session.steps.map(({ asked, outcome }) => [asked, outcome])).toEqual([
      ['identify', 'done'],
      ['read-card', 'done'],
    ]);
    const put = await w.admin(staff, `/${session.id}/steps`, { n: 3, command: { do: 'identify' } });
    expect(put.code).toBe('card-session.not-yours');
    await w.admin(staff, `/${session.id}/cancel`);
    await driven(kiosk, () => task(taskNo).end !== null);
    expect(task(taskNo).end).toMatchObject({ end: 'cancelled', done: 2 });
  });

  it('waits while somebody at the grid thinks, and goes on with what is added', async () => {
    const kiosk = await kioskHere();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 73 });
    const taskNo = wanted(kiosk, { steps: [{ do: 'identify' }], open: true });
    await agreed(kiosk);
    kiosk.reader.insert(card);
    await driven(kiosk, () => task(taskNo).heard.at(-1)?.next.next === 'wait');
    sandbox.world.cardTasks.add(taskNo, [{ do: 'tries', key: 0 }], false);
    await driven(kiosk, () => task(taskNo).end !== null);
    expect(task(taskNo).heard.at(-1)?.answer).toMatchObject({ ok: true, result: { did: 'tries' } });
  });
});

describe('the grid has a card written once more', () => {
  it.each(['SLE4442', 'CPU'] as const)('on %s, and no code of it is kept anywhere', async (chip) => {
    const kiosk = await kioskHere();
    const sold = await w.soldOrder(chip, chip === 'CPU' ? 75 : 74);
    const { orderNo, card } = sold;
    const taskNo = wanted(kiosk, { kind: 'rewrite', orderNo, commands: REWRITE, steps: WRITE });
    await agreed(kiosk);
    kiosk.reader.insert(card);
    await driven(kiosk, () => task(taskNo).end !== null);
    expect(task(taskNo).end).toMatchObject({ end: 'finished', write: 'written' });
    expect(task(taskNo).heard.at(-1)?.answer).toMatchObject({ ok: true, result: { did: 'written' } });
    expect((await w.web.services.store.get(orderNo))?.write.status).toBe('written');
    const secrets = secretsOf(sold);
    expect(leakIn(await w.stored(), secrets)).toBeUndefined();
    expect(leakIn(w.logged.join('\n'), secrets)).toBeUndefined();
    expect(leakIn(JSON.stringify(task(taskNo)), secrets)).toBeUndefined();
  });

  it('and a worker that is killed between any two of its steps is followed by one that goes on', async () => {
    const kiosk = await kioskHere();
    const { orderNo, card } = await w.soldOrder('SLE4442', 76);
    const taskNo = wanted(kiosk, { kind: 'rewrite', orderNo, commands: REWRITE, steps: WRITE });
    const drive = (): GridDriver => driver;
    const round = async (): Promise<GridDriver> => (driver = await w.driver(clock));
    await until(kiosk, async () => (await round()) && kiosk.remote.view.state === 'asked', drive);
    await kiosk.remote.command('yes');
    kiosk.reader.insert(card);
    await until(kiosk, async () => (await round()) && task(taskNo).end !== null, drive);
    expect(task(taskNo).end).toEqual({ end: 'finished', failure: null, done: 3, write: 'written' });
    expect((await recordOf(kiosk)).steps.filter(({ asked }) => asked === 'write')).toHaveLength(1);
  });

  it('whose card is pulled in the middle is unknown to it; another task reads the card, and the meter credits once', async () => {
    const kiosk = await kioskHere();
    const { orderNo, card, meter, amountFen } = await w.soldOrder('SLE4442', 77);
    const over = { kind: 'rewrite', orderNo, commands: REWRITE };
    const taskNo = wanted(kiosk, { ...over, open: true });
    await agreed(kiosk);
    kiosk.reader.insert(card);
    await driven(kiosk, () => task(taskNo).heard.at(-1)?.done === 2);
    kiosk.reader.faults.removeAfterBytes = 400;
    sandbox.world.cardTasks.add(taskNo, [{ do: 'write' }, ...WRITE], false);
    await driven(kiosk, () => task(taskNo).end !== null);
    expect(task(taskNo).end).toMatchObject({ end: 'removed', write: 'unknown' });
    const writes = (await recordOf(kiosk)).steps.filter(({ asked }) => asked === 'write');
    expect(writes).toHaveLength(1);

    delete kiosk.reader.faults.removeAfterBytes;
    // A write that does not read the card first is refused, whoever wants it.
    const blind = wanted(kiosk, { ...over, steps: [{ do: 'identify' }, { do: 'write' }] });
    await agreed(kiosk);
    kiosk.reader.insert(card);
    await driven(kiosk, () => task(blind).end !== null);
    expect(task(blind).end).toMatchObject({ failure: 'card-session.not-permitted', write: 'none' });
    const second = wanted(kiosk, { ...over, steps: WRITE });
    await agreed(kiosk);
    await driven(kiosk, () => task(second).end !== null);
    expect(task(second).end).toMatchObject({ end: 'finished', write: 'written' });
    kiosk.reader.eject();
    expect(meter.insert(card)).toEqual({ creditedFen: amountFen, error: undefined });
    expect(meter.insert(card).creditedFen).toBe(0);
  });
});

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
  ] as const)('is %s: refused by its number, and nobody is asked', async (_, over, failure) => {
    const kiosk = await kioskHere();
    const taskNo = wanted(kiosk, { ...over, commands: [...over.commands] });
    await driven(kiosk, () => task(taskNo).end !== null);
    expect(task(taskNo).end).toEqual({ end: 'refused', failure, done: 0, write: 'none' });
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
    const kiosk = await kioskHere();
    const { card } = samplePurchase('SLE4428', { cipher: tripleDes, seed: 78 });
    const taskNo = wanted(kiosk, { commands: ['identify', 'read', 'read-card'], steps });
    await agreed(kiosk);
    kiosk.reader.insert(card);
    await driven(kiosk, () => task(taskNo).end !== null);
    expect(task(taskNo).end).toMatchObject({
      ...{ end: 'failed', failure: 'card-session.not-permitted', done: 1, write: 'none' },
    });
    expect((await recordOf(kiosk)).steps).toHaveLength(1);
  });

  it('is a terminal that has another session: it is asked when that one is over', async () => {
    const kiosk = await kioskHere();
    const request = { terminalId: kiosk.terminal.id, kind: 'inspect', reason: 'first' };
    const { session } = await w.admin(staff, '', request);
    const taskNo = wanted(kiosk);
    passed += 11_000;
    await driver.round();
    expect(task(taskNo).end).toBeNull();
    await w.admin(staff, `/${session.id}/cancel`);
    await driven(
      kiosk,
      () => kiosk.remote.view.state === 'asked' && kiosk.remote.view.askedBy !== 'somebody',
    );
    await kiosk.remote.command('no');
    await driven(kiosk, () => task(taskNo).end !== null);
  });
});

describe('the worker', () => {
  it('drives for the grid where its configuration says so', async () => {
    const kiosk = await kioskHere();
    const taskNo = wanted(kiosk);
    const worker = await w.worker();
    await until(kiosk, () => kiosk.remote.view.state === 'asked');
    await kiosk.remote.command('no');
    await until(kiosk, () => task(taskNo).end !== null);
    await worker.close();
  });
});

describe('the sandbox', () => {
  const world = async (
    path: string,
    body: object,
  ): Promise<{ status: number; json: Partial<CardTaskEntry> }> => {
    const response = await fetch(`${sandbox.url}/world/${path}`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    });
    return { status: response.status, json: (await response.json()) as Partial<CardTaskEntry> };
  };

  it('wants a look where it is told to by hand, asks for more, and shows what it heard', async () => {
    const kiosk = await kioskHere();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 81 });
    const body = { terminalId: kiosk.terminal.id, steps: [{ do: 'identify' }], open: true };
    const { json } = await world('card-tasks', body);
    passed += 11_000;
    await driver.round();
    const terminals: unknown = await (await fetch(`${sandbox.url}/world/card-tasks/terminals`)).json();
    expect(terminals).toContain(kiosk.terminal.id);
    const taskNo = json.taskNo ?? '';
    expect(json).toMatchObject({ kind: 'inspect', askedBy: '李工', heard: [], end: null });
    await agreed(kiosk);
    kiosk.reader.insert(card);
    await driven(kiosk, () => task(taskNo).heard.at(-1)?.next.next === 'wait');
    expect((await world(`card-tasks/${taskNo}/steps`, { steps: [{ do: 'tries', key: 0 }] })).status).toBe(
      200,
    );
    await driven(kiosk, () => task(taskNo).end !== null);
    expect((await world(`card-tasks/${taskNo}/steps`, {})).status).toBe(409);
    expect((await world('card-tasks', { terminalId: 'nobody' })).status).toBe(400);
    const listed = (await (await fetch(`${sandbox.url}/world/card-tasks`)).json()) as CardTaskEntry[];
    expect(listed.find((each) => each.taskNo === taskNo)).toMatchObject({
      end: { end: 'finished', done: 2 },
    });
  });
});

describe('when something falls silent', () => {
  it('the grid: it is left alone for longer each time, and the session goes on where it was', async () => {
    const kiosk = await kioskHere();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 79 });
    const taskNo = wanted(kiosk);
    await agreed(kiosk);
    kiosk.reader.insert(card);
    sandbox.faults.set({ operation: 'cardStep', fault: 'after', times: 3 });
    await driven(kiosk, () => task(taskNo).end !== null);
    expect(task(taskNo)).toMatchObject({ heard: [{ done: 0 }, { done: 1 }, { done: 2 }], end: { done: 2 } });
  });

  it('the grid, when it is told the end: it is told again', async () => {
    const kiosk = await kioskHere();
    const taskNo = wanted(kiosk);
    await driven(kiosk, () => kiosk.remote.view.state === 'asked');
    sandbox.faults.set({ operation: 'endCardTask', fault: 'before', times: 2 });
    await kiosk.remote.command('no');
    await driven(kiosk, () => task(taskNo).end !== null);
    expect(task(taskNo).end).toMatchObject({ end: 'declined' });
  });

  it('the grid, of what it heard: the number opens nothing more, and the end is told again', async () => {
    const kiosk = await kioskHere();
    const taskNo = wanted(kiosk);
    await driven(kiosk, () => kiosk.remote.view.state === 'asked');
    await kiosk.remote.command('no');
    await driven(kiosk, () => task(taskNo).end !== null);
    sandbox.world.cardTasks.forgetEnd(taskNo);
    await driven(kiosk, () => task(taskNo).end !== null);
    expect(task(taskNo).end).toMatchObject({ end: 'declined' });
    expect(kiosk.remote.view.state).toBe('none');
  });

  it('the terminal: the session is ended, and the grid hears of it', async () => {
    const kiosk = await kioskHere();
    const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 80 });
    const taskNo = wanted(kiosk, { open: true });
    await agreed(kiosk);
    kiosk.reader.insert(card);
    await driven(kiosk, () => task(taskNo).heard.at(-1)?.done === 2);
    kiosk.cut = 'before';
    await driven(kiosk, async () => {
      await w.t.redis.zrem('card-tasks:there', kiosk.terminal.id);
      return task(taskNo).end !== null;
    });
    expect(task(taskNo).end).toEqual({ end: 'failed', failure: 'remote-card.lost', done: 2, write: 'none' });
  });

  it('every terminal: the grid is asked for nothing', async () => {
    await w.t.redis.del('card-tasks:there');
    const there = { now: () => Promise.resolve([]) };
    sandbox.faults.set({ operation: 'cardTasks', fault: 'http-500' });
    passed += 400_000;
    await (await w.driver(clock, { there })).round();
    expect(sandbox.faults.take('cardTasks')).toBeDefined();
  });
});
