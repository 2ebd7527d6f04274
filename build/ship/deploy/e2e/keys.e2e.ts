import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { adminKeys } from '@bianmin/purchase/api/admin-keys';
import { findCommand } from '../../../bootstrap/machine.mjs';
import { openOrdersStack, type OrdersStack } from '../../../judge/bench/orders-stack.ts';
import { Operator } from '../../../run/dev/operator.ts';
import type { PartName } from '../../../run/dev/parts.ts';
import { connectDatabase } from '../../../../server/src/adapters/mongo/connection.ts';
import { KeyRing } from '../../../../server/src/kernel/key-ring.ts';
import { sealedValues, type Doc } from '../../../../server/src/upkeep/keys/sealed-values.ts';
import { Load } from './load.ts';

const [OLD, NEW] = ['0c'.repeat(32), '0d'.repeat(32)];
const NODES: readonly PartName[] = ['web', 'web-2', 'worker', 'worker-2'];
/** HAProxy sends to what has come back by then. */
const AGAIN_MS = 3_500;
const TERMINALS = 4;
/** More than they buy for while everything is made anew. */
const HOUSEHOLDS = 6000;
/** Re-sealing walks until a walk that began a minute after the change finds nothing. */
const PATIENCE_MS = 30 * 60_000;
const row = z.object({ orders: z.array(z.object({ orderNo: z.string() })) });

const isWanted = process.env['DRILL'] === 'keys' && findCommand('haproxy') !== undefined;

describe.runIf(isWanted)('the data key, changed under load', { timeout: PATIENCE_MS }, () => {
  let on: OrdersStack;
  let load: Load;
  let operator: Operator;
  const desk: string[] = [];
  let looked = 0;
  let isOver = false;
  let atDesk: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    on = await openOrdersStack({
      ...{ report: () => undefined, seed: 1, twoNodes: true, durable: false },
      env: { DATA_KEYS: `1:${OLD}` },
    });
    load = await Load.open(on, TERMINALS);
    operator = await Operator.login(on.stack);
    const pin = { password: operator.password, pin: '918273' };
    await operator.call({ path: '/v1/admin/me/pin', method: 'POST', body: pin }, z.unknown());
    load.begin(HOUSEHOLDS);
    atDesk = workAtDesk();
  }, PATIENCE_MS);
  afterAll(async () => {
    isOver = true;
    await atDesk;
    load.close();
    await on.close();
  }, PATIENCE_MS);

  /** Staff who log in and look orders up, by what is sealed. */
  async function workAtDesk(): Promise<void> {
    const who = { name: 'admin', password: operator.password };
    for (; !isOver; await sleep(2_000)) {
      try {
        const at = await Operator.login(on.stack, who);
        const bought = load.bought[Math.floor(Math.random() * load.bought.length)];
        if (bought === undefined) continue;
        const { customerNo } = bought as typeof bought & { customerNo: string };
        const body = { customerNo, limit: 5 };
        const { orders } = await at.call({ path: '/v1/admin/orders/search', method: 'POST', body }, row);
        if (!orders.some(({ orderNo }) => orderNo === bought.orderNo))
          desk.push(`${bought.orderNo} is not found`);
        looked += 1;
      } catch (error) {
        desk.push(String(error));
      }
    }
  }

  const troubles = () => [...load.tally.failures, ...load.failures, ...desk];
  const keysNow = () => operator.call({ path: '/v1/admin/keys' }, adminKeys);

  async function goesOn(purchases: number): Promise<void> {
    const before = load.bought.length;
    await expect
      .poll(() => load.bought.length - before, { timeout: PATIENCE_MS / 4 })
      .toBeGreaterThan(purchases);
  }

  async function restartEach(DATA_KEYS: string): Promise<void> {
    for (const part of NODES) {
      await on.stack.restart(part, { DATA_KEYS });
      await sleep(AGAIN_MS);
    }
  }

  it('is given to one process after the other, and used by none before all have it', async () => {
    await goesOn(10);
    for (const part of NODES.slice(0, 3)) {
      await on.stack.restart(part, { DATA_KEYS: `1:${OLD},2:${NEW}` });
      await sleep(AGAIN_MS);
    }
    const { data } = await keysNow();
    expect(data.versions.map(({ state }) => state)).toEqual(['sealing', 'waiting']);
    expect(data.lacking).toBe(1);
    await on.stack.restart('worker-2', { DATA_KEYS: `1:${OLD},2:${NEW}` });
    await expect
      .poll(async () => (await keysNow()).data.versions.map(({ state }) => state), { timeout: 120_000 })
      .toEqual(['read', 'sealing']);
    expect(troubles()).toEqual([]);
  });

  it('has everything made anew while purchases go on, over a worker that is killed', async () => {
    await on.stack.kill('worker');
    await on.stack.restart('worker');
    await expect
      .poll(async () => (await keysNow()).data.versions[0]?.state, {
        timeout: PATIENCE_MS / 2,
        interval: 2_000,
      })
      .toBe('empty');
    await goesOn(5);
    expect(troubles()).toEqual([]);
  });

  it('is taken out of the configuration, one process after the other', async () => {
    await restartEach(`2:${NEW}`);
    await goesOn(5);
    expect(troubles()).toEqual([]);
    await expect(on.stack.restart('worker-2', { DATA_KEYS: `1:${OLD}` })).rejects.toThrow(
      /version 2 of the data key, which this process was not given/u,
    );
    await on.stack.restart('worker-2', { DATA_KEYS: `2:${NEW}` });
  });

  it('opens all without the old one, failed no request, and lost no order', async () => {
    await load.end();
    isOver = true;
    await atDesk;
    expect(troubles()).toEqual([]);
    expect(load.faults()).toEqual([]);
    const db = await connectDatabase(on.stack.urls.mongodbUri);
    try {
      const ring = new KeyRing(new Map([[2, Buffer.from(NEW, 'hex')]]));
      let values = 0;
      for (const { collection, changesOf } of sealedValues(ring)) {
        for (const document of await db.collection<Doc>(collection).find({}).toArray()) {
          expect(changesOf(document), collection).toEqual([]);
          values += 1;
        }
      }
      const orders = await db.collection('orders').countDocuments({ state: 'done' });
      expect(orders).toBe(load.bought.length);
      process.stdout.write(
        `${load.bought.length} orders, ${load.tally.requests} requests of terminals and ${looked} of staff, 0 failed; ` +
          `${values} documents under the new key\n`,
      );
    } finally {
      await db.close();
    }
  });
});

it.skipIf(isWanted)('the drill of keys is of the night: DRILL=keys, and nginx', () => undefined);
