import type { Connection } from 'mongoose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectDatabase } from '../../adapters/mongo/connection.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { needsSessions } from '../../testing/engine.ts';
import { openWireProxy, type WireProxy } from '../../testing/wire-proxy.ts';
import { MongoNotificationStore, type StoredNotification } from './notifications.ts';

let t: TestContext;
let line: WireProxy;
let db: Connection;
let store: MongoNotificationStore;
beforeAll(async () => {
  t = await openTestContext();
  line = await openWireProxy(t.mongodbUri);
  db = await connectDatabase(line.url);
  store = new MongoNotificationStore(db, () => undefined);
  await store.prepare();
});
afterAll(async () => {
  await db.close();
  await line.close();
  await t.close();
});

const told = (id: string): StoredNotification => ({
  orderNo: '260301100000000001',
  channel: 'wechat',
  receivedAt: new Date(),
  content: { id, kind: 'payment' } as StoredNotification['content'],
});

it('what the database did not answer for once is asked again, and stored once', async (test) => {
  await needsSessions(test, t.db);
  expect(await store.insert(told('first'), new Date())).toBe('inserted');
  expect(await store.insert(told('first'), new Date())).toBe('known');
  line.stall();
  const inserting = store.insert(told('second'), new Date());
  setTimeout(() => {
    line.cut();
    line.goOn();
  }, 100);
  expect(['inserted', 'known']).toContain(await inserting);
  expect(await store.ofOrder('260301100000000001')).toHaveLength(2);
});

it('what it did not answer for twice is not called stored', async (test) => {
  await needsSessions(test, t.db);
  line.stall();
  const inserting = store.insert(told('third'), new Date());
  // Sent again over a new connection, which is as deaf.
  const cutting = setInterval(() => {
    line.cut();
  }, 100);
  await expect(inserting).rejects.toThrow();
  clearInterval(cutting);
  line.goOn();
  // The channel tells it again.
  await expect.poll(() => store.insert(told('third'), new Date()).catch(() => 'away')).not.toBe('away');
  expect(await store.ofOrder('260301100000000001')).toHaveLength(3);
});
