import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOrdersStack, type OrdersStack } from '../../../judge/bench/orders-stack.ts';
import { connectDatabase } from '../../../../server/src/adapters/mongo/connection.ts';
import { ask } from './ask.ts';
import { countedLine } from './counted-line.ts';
import { Load } from './load.ts';
import { slowUpload } from './slow-upload.ts';
import { Watcher } from './watcher.ts';

const TERMINALS = 6;
let on: OrdersStack;
let load: Load;
let watcher: Watcher;

beforeAll(async () => {
  on = await openOrdersStack({ report: () => undefined, seed: 1, twoNodes: true });
  load = await Load.open(on, TERMINALS);
  const [terminal] = load.terminals;
  if (terminal === undefined) throw new Error('There is no terminal.');
  const { connect } = countedLine('127.0.3.1', load.tally);
  watcher = new Watcher({ streamUrl: (last) => terminal.streamUrl(last), connect });
  await watcher.begin();
  load.begin();
});
afterAll(async () => {
  watcher.close();
  load.close();
  await on.close();
});

/** How many of each are refused or went wrong so far. */
const troubles = () => [...load.tally.failures, ...load.failures, ...watcher.failures];

/** Until both have bought and read for a while. */
async function goesOn(purchases: number): Promise<void> {
  const before = load.bought.length;
  await expect.poll(() => load.bought.length - before, { timeout: 60_000 }).toBeGreaterThan(purchases);
}

describe('two nodes behind HAProxy and nginx, under load', () => {
  it('sell', async () => {
    await goesOn(20);
    expect(troubles()).toEqual([]);
  });

  it.each(['web', 'web-2'] as const)('lose no request while %s is restarted', async (part) => {
    const opened = watcher.opened;
    // Begun before the end of one process, complete after it.
    const upload = slowUpload(`${on.stack.urls.webUrl}/v1/notify/wechat`, { bytes: 200_000, ms: 9_000 });
    await on.stack.restart(part);
    await goesOn(20);
    expect(troubles()).toEqual([]);
    expect(load.tally.repeated).toBe(0);
    // Web itself has read it all, and says what it thinks of it.
    expect(await upload).toMatchObject({ status: 401, code: 'FAIL' });
    expect(watcher.opened).toBeGreaterThanOrEqual(opened);
  });

  it('open the stream again at the other process and miss nothing', async () => {
    // It was at one of the two, and both were restarted.
    expect(watcher.opened).toBeGreaterThan(1);
    expect(watcher.failures).toEqual([]);
  });

  it.each(['worker', 'worker-2'] as const)('lose nothing while %s is restarted', async (part) => {
    await on.stack.restart(part);
    await goesOn(10);
    expect(troubles()).toEqual([]);
  });

  it('lose no request while nginx reads its configuration again', async () => {
    process.kill(on.stack.program('nginx')?.pid ?? 0, 'SIGHUP');
    await goesOn(20);
    expect(troubles()).toEqual([]);
  });

  it('count each client by its own address, whichever process answers and whatever the client says', async () => {
    const url = `${on.stack.urls.webUrl}/v1/terminal/diagnostics`;
    const statuses: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      const headers = { 'x-forwarded-for': `198.51.100.${count}`, forwarded: `for=198.51.100.${count}` };
      statuses.push((await ask(url, { method: 'POST', from: '127.0.6.1', headers, body: '{}' })).status);
    }
    // Ten a minute; who has no token is counted all the same.
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    expect((await ask(url, { method: 'POST', from: '127.0.6.2', body: '{}' })).status).toBe(401);
  });

  it('have lost no order in the end: all are done, each meter credited once', async () => {
    await load.end();
    expect(troubles()).toEqual([]);
    expect(load.faults()).toEqual([]);
    const db = await connectDatabase(on.stack.urls.mongodbUri);
    try {
      const states = await db
        .collection('orders')
        .find({}, { projection: { state: 1 } })
        .toArray();
      expect(states.filter(({ state }) => state !== 'done')).toEqual([]);
      expect(states.length).toBe(load.bought.length);
    } finally {
      await db.close();
    }
    const { requests, repeated } = load.tally;
    process.stdout.write(
      `${load.bought.length} orders, ${requests} requests, 0 failed, ${repeated} sent again after nginx's reload, ` +
        `stream opened ${watcher.opened} times\n`,
    );
    // What the first terminal bought was told to the end, over all restarts.
    await expect
      .poll(() => [...watcher.told.values()].filter(({ state }) => state !== 'done'), { timeout: 10_000 })
      .toEqual([]);
    expect(watcher.told.size).toBeGreaterThan(5);
  });
});
