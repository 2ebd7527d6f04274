import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleOrder } from '../../testing/order-samples.ts';
import { MongoOrderStore } from './mongo-orders.ts';
import { OrderChanges, type ChangeMark } from './order-changes.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';

const NOW = Date.UTC(2026, 10, 20);
const HOUR = 3_600_000;
/** Hours before now at which orders changed; two at one moment, and gaps longer than any span. */
const CHANGED = [9000, 8999, 1000, 999.5, 998, 998, 400, 20, 3, 0.5, 0, -2];

let t: TestContext;
let changes: OrderChanges;
const numbers = CHANGED.map((_, at) => `2603011000007${String(at).padStart(5, '0')}`);

beforeAll(async () => {
  t = await openTestContext();
  const store = new MongoOrderStore({
    db: t.db,
    seal: new NumberSeal(Buffer.alloc(32, 7)),
    wrote: () => undefined,
  });
  await store.prepare();
  for (const [at, hours] of CHANGED.entries()) {
    const _id = numbers[at] ?? '';
    await store.insert(sampleOrder({ _id, idempotencyKey: _id, updatedAt: new Date(NOW - hours * HOUR) }));
  }
  changes = new OrderChanges(t.db, { now: () => NOW });
});
afterAll(() => t.close());

async function readBy(limit: number): Promise<string[]> {
  const read: string[] = [];
  let mark: ChangeMark = { at: new Date(0), orderNo: '' };
  for (;;) {
    const page = await changes.after(mark, limit);
    read.push(...page.map(({ _id }) => _id));
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return read;
    mark = { at: last.updatedAt, orderNo: last._id };
  }
}

describe('changes of orders', () => {
  it.each([1, 2, 5, 100])('are all read, each once, oldest first, %i at a time', async (limit) => {
    expect(await readBy(limit)).toEqual(numbers);
  });

  it('are none after the newest', async () => {
    const newest = { at: new Date(NOW + 2 * HOUR), orderNo: numbers.at(-1) ?? '' };
    expect(await changes.after(newest, 10)).toEqual([]);
  });
});
