import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ALERT_RULES } from '@bianmin/purchase/api/alert-rules';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { AlertTroubles } from '../../testing/alert-troubles.ts';
import { AlertWorld } from '../../testing/alert-world.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { BOOK } from './book.ts';
import { ENGLISH } from './english.ts';

let t: TestContext;
let orders: MongoOrderStore;
let troubles: AlertTroubles;

beforeAll(async () => {
  t = await openTestContext();
  orders = new MongoOrderStore({
    db: t.db,
    seal: new NumberSeal(Buffer.alloc(32, 7)),
    wrote: () => undefined,
  });
  await orders.prepare();
});
afterAll(() => t.close());
beforeEach(async () => {
  troubles = new AlertTroubles(t, orders, await AlertWorld.open(t));
});
afterEach(() => troubles.world.close());

/** What is over again, where nothing in the database says so. */
async function mended(): Promise<void> {
  for (const name of ['orders', 'cases', 'reconciliations', 'exports', 'terminal_health', 'processnotes']) {
    await t.db.collection(name).deleteMany({});
  }
  await t.redis.flushdb();
  await t.db.collection('alertdestinations').updateMany({}, { $set: { failing: null } });
}

describe('every rule', () => {
  it('has its trouble here; that the database is away has a test of its own', () => {
    expect([...Object.keys(troubles.makers), 'store.database'].sort()).toEqual([...ALERT_RULES].sort());
  });

  it.each(ALERT_RULES.filter((rule) => rule !== 'store.database'))(
    'fires and reaches the group: %s',
    async (rule) => {
      await troubles.world.destination(troubles.world.robots.target('dingtalk'));
      const says = await troubles.makers[rule]?.();
      const told = (await troubles.world.round()).join('\n');
      expect(told).toContain(`：${BOOK[rule].title}\n`);
      expect(told).toContain(says);
      expect(told).toContain(`处理：docs/operations.md#${rule.replaceAll('.', '')}`);
      const open = (await troubles.world.stores.alerts.open()).filter((alert) => alert.rule === rule);
      expect(open).toHaveLength(1);
      // Of the name of a destination alone there may be Chinese in English.
      const said = open.map((alert) => ENGLISH[rule](alert).replace('财务群', ''));
      expect(said.join()).not.toMatch(/\p{Script=Han}|undefined|NaN/u);
      // Nothing of a household or a card.
      expect(told).not.toMatch(/张\*|650100000001|0000000000000001|天山区/u);
    },
  );

  it('is over once it finds nothing any more, and those who heard of it hear so', async () => {
    await troubles.world.destination(troubles.world.robots.target('feishu'));
    await troubles.makers['order.paid-not-sold']?.();
    expect((await troubles.world.round()).join()).toContain('【便民告警】严重：已付款未售电');
    await mended();
    expect(await troubles.world.round(15_000)).toEqual([]);
    const [end] = await troubles.world.round(15_000);
    expect(end).toContain('【便民告警解除】严重：已付款未售电\n喀什地区');
    expect(await troubles.world.stores.alerts.open()).toEqual([]);
    // The next time is another alert.
    await troubles.makers['order.paid-not-sold']?.();
    const again = (await troubles.world.round(15_000)).join();
    expect(again).toContain('【便民告警】');
  });
});
