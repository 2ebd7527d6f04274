import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveWorld, DAY_MS, NOW, OLD } from '../../testing/archive-world.ts';

let a: ArchiveWorld;
beforeAll(async () => {
  a = await ArchiveWorld.open();
});
afterAll(() => a.close());
beforeEach(() => a.fresh());

describe('stays where it is', () => {
  const insert = (name: string, document: object): Promise<unknown> =>
    a.t.db.collection(name).insertOne(document);
  it.each<[string, (orderNo: string) => Promise<unknown>]>([
    ['an order with an open case', (orderNo) => insert('cases', { orderNo, status: 'open' })],
    ['one with a complaint', (orderNo) => insert('complaints', { orderNo, state: 'answered' })],
    ['one whose invoice is asked for', (orderNo) => insert('invoices', { orderNo, status: 'waiting' })],
    [
      'one that two persons decide about',
      (orderNo) => insert('approvals', { status: 'open', content: { at: { orderNo } } }),
    ],
    [
      'one of a day that is not even',
      () => a.t.db.collection('reconciliations').updateMany({}, { $set: { state: 'waiting' } }),
    ],
    [
      'one of a day that is to be run again',
      () => a.t.db.collection('reconciliations').updateMany({}, { $set: { stale: true } }),
    ],
    [
      'one that the books have not seen',
      () => a.t.db.collection('marks').updateMany({}, { $set: { at: OLD } }),
    ],
    ['one that is the newest of its meter', () => a.t.db.collection('orders').deleteMany({ count: 3 })],
    [
      'one that needs a person',
      (orderNo) =>
        a.t.db
          .collection<{ _id: string }>('orders')
          .updateOne({ _id: orderNo }, { $set: { attention: 'x' } }),
    ],
    [
      'one whose household has not been handed its cash',
      (orderNo) =>
        a.t.db
          .collection<{ _id: string }>('orders')
          .updateOne({ _id: orderNo }, { $set: { cashOwed: ['f'] } }),
    ],
    [
      'one that moves',
      (orderNo) =>
        a.t.db
          .collection<{ _id: string }>('orders')
          .updateOne({ _id: orderNo }, { $set: { state: 'paid', dueAt: NOW } }),
    ],
  ])('%s', async (_, open) => {
    const order = await a.done();
    await open(order._id);
    await a.archiver().round();
    expect(await a.where(order._id)).toEqual(['orders']);
  });

  it('one that changed within the time, and every one where there is no archive', async () => {
    const order = await a.done({ updatedAt: new Date(NOW.getTime() - 30 * DAY_MS) });
    await a.archiver().round();
    expect(await a.where(order._id)).toEqual(['orders']);
    const old = await a.done();
    expect(await a.archiver({ months: 0 }).round()).toBe(0);
    expect(await a.where(old._id)).toEqual(['orders']);
  });
});
