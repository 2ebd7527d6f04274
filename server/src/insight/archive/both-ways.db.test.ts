import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { mongo } from 'mongoose';
import { newOrderNo } from '../../orders/model/order-no.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { documentOf } from '../../orders/store/order-document.ts';
import { ORDER_ARCHIVE, OrderArchive, type ArchivedDocument } from '../../orders/store/order-archive.ts';
import type { OrderDocument } from '../../orders/store/order-schema.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { Killed } from '../../testing/crashing-store.ts';
import { sampleOrder } from '../../testing/order-samples.ts';
import { racedDatabase } from '../../testing/raced-database.ts';

const AT = new Date('2022-11-05T03:00:00Z');
const NOW = new Date('2026-03-01T02:00:00Z');
let t: TestContext;
let orders: mongo.Collection<OrderDocument>;
let archive: mongo.Collection<ArchivedDocument>;
beforeAll(async () => {
  t = await openTestContext();
  orders = collectionOf<OrderDocument>(t.db, 'orders');
  archive = collectionOf<ArchivedDocument>(t.db, ORDER_ARCHIVE);
});
afterAll(() => t.close());

let made = 0;
async function orderIn(place: 'orders' | 'archive'): Promise<OrderDocument> {
  made += 1;
  const _id = newOrderNo(AT, () => made);
  const key = `key-${made}`;
  const order = documentOf(
    sampleOrder({ _id, idempotencyKey: key, state: 'closed', dueAt: null, createdAt: AT, updatedAt: AT }),
    new NumberSeal(Buffer.alloc(32, 1)),
  );
  await orders.insertOne(order);
  const stored = await orders.findOne({ _id });
  if (stored === null) throw new Error('It is there.');
  if (place === 'archive') await new OrderArchive(t.db).take(stored, NOW);
  return stored;
}

it('an order is in one place, as it was, however its ways out and back cross each other and whichever process dies', async () => {
  const work = fc.constantFrom('out', 'back', 'settle', 'copies');
  const process = fc.record({ work, diesAt: fc.option(fc.integer({ min: 1, max: 7 }), { freq: 2 }) });
  const processes = fc.array(process, { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      processes,
      fc.constantFrom<'orders' | 'archive'>('orders', 'archive'),
      async (scheduler, each, place) => {
        const order = await orderIn(place);
        const { _id } = order;
        const alive = async (did: Promise<unknown>): Promise<void> => {
          try {
            await did;
          } catch (error) {
            if (!(error instanceof Killed)) throw error;
          }
        };
        const start = (of: (typeof each)[number]): Promise<unknown> => {
          const mine = new OrderArchive(racedDatabase(t.db, { scheduler, diesAt: of.diesAt }));
          if (of.work === 'out') return mine.take(order, NOW);
          if (of.work === 'back') return mine.bringBack(_id);
          return of.work === 'settle' ? mine.settle() : mine.dropCopiesOf([_id]);
        };
        await scheduler.waitFor(Promise.all(each.map((of) => alive(start(of)))));

        // The next rounds of a worker: what was cut off, then whatever lies in both places.
        const next = new OrderArchive(t.db);
        while ((await next.settle()) > 0);
        // A way back alone needs no more than that.
        const went = each.some((of) => of.work === 'out');
        if (went && (await orders.findOne({ _id })) !== null) await next.dropCopiesOf([_id]);
        const [here, there] = await Promise.all([orders.findOne({ _id }), archive.findOne({ _id })]);
        expect([here, there].filter((found) => found !== null)).toHaveLength(1);
        // The mark of a way out that ended before its copy was made: the next one puts its own in its place.
        const {
          archivedAt,
          archiving: _,
          ...kept
        } = {
          ...{ archivedAt: undefined, archiving: undefined },
          ...(here ?? there),
        };
        expect(kept).toEqual(order);
        expect(archivedAt).toEqual(here === null ? NOW : undefined);
        await Promise.all([orders.deleteOne({ _id }), archive.deleteOne({ _id })]);
      },
    ),
    { numRuns: 100 },
  );
});
