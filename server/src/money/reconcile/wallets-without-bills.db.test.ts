import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { Order } from '../../orders/model/order.ts';
import { gridFrom } from '../../config/grid.ts';
import { generateSm2Keys } from '../../gateways/grid/wire/sm2.ts';
import { bestpayAt } from '../../testing/bestpay-harness.ts';
import { BooksWorld } from '../../testing/books-world.ts';
import { boughtAt, DAY } from '../../testing/bought-orders.ts';
import { testConfig } from '../../testing/config.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';

const NOBODY = '127.0.0.1:9';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

/** The same purchase, paid at Bestpay. */
function byBestpay(order: Order): Order {
  return { ...order, payments: order.payments.map((each) => ({ ...each, channel: 'bestpay' })) };
}

async function found(w: BooksWorld, first = DAY, last = first): Promise<string[]> {
  const differences = await w.books.reconciler.run({ first, last, by: 'u9' });
  return differences.map(({ kind, orderNo }) => `${kind} ${orderNo.slice(-1)}`).toSorted();
}

/** What the day says of its accounts: which one, beside what, and how far it is off. */
async function accounts(w: BooksWorld): Promise<unknown[]> {
  const { accounts: rows = [] } = (await w.books.days.get(DAY)) ?? {};
  return rows.map((row) => [row.account, row.against, row.ledgerFen, row.differenceFen, row.unexplainedFen]);
}

describe('adapters as they come', () => {
  it('Bestpay of the default profile and a grid of the string profile leave WeChat Pay to be compared', async () => {
    const clock = new ManualClock();
    const { grid } = gridFrom(
      testConfig({
        ...{ GRID_PROFILE: 'agent-string', GRID_URL: `tcp://${NOBODY}` },
        ...{ GRID_SIGN_KEY: generateSm2Keys().privateKey, GRID_PUBLIC_KEY: generateSm2Keys().publicKey },
      }),
      clock,
    );
    const bestpay = bestpayAt(`http://${NOBODY}`, { clock }, { BESTPAY_PROFILE: '{}' });
    const w = await BooksWorld.open(t, { grid, channels: new Map([['bestpay', bestpay]]) });
    const [one, two] = [boughtAt(1), boughtAt(2)].map((order): Order => ({ ...order, grid: grid.grid }));
    if (one === undefined || two === undefined) throw new Error('Nothing was bought.');
    await w.told([one]);
    await w.orders.insert(byBestpay(two));
    await w.orders.insert({ ...boughtAt(3), grid: grid.grid });
    expect(await found(w)).toEqual(['ORDER_ONLY 3']);
    const notCompared = ['grid:agent-string', 'channel:bestpay'];
    expect(await w.books.days.get(DAY)).toMatchObject({
      ...{ state: 'done', counts: { ORDER_ONLY: 1 }, notCompared },
      sources: [{ source: 'channel:wechat' }],
    });
    expect(await accounts(w)).toEqual([
      ['channel:wechat', 'channel-bill', 9700, 5000, 0],
      ['fee:wechat', 'channel-bill', 300, 0, 0],
      ['grid:agent-string:credit', 'orders', -12_000, 0, 0],
      ['grid:agent-string:arrears', 'orders', -2970, 0, 0],
      ['grid:agent-string:fee', 'orders', -30, 0, 0],
      ['channel:bestpay', 'orders', 5000, 0, 0],
      ['fee:bestpay', 'orders', 0, 0, 0],
    ]);
    const bill = await w.books.bills.grid('agent-string', DAY);
    expect(bill.facts.at(-1)).toEqual(['未核对', '电网未提供账单，仅与订单核对']);
    const fees = await w.books.bills.channelFees('bestpay', '2026-03');
    expect(fees.facts.slice(-2)).toEqual([
      ['已对账天数', '0'],
      ['未核对', '渠道未提供账单 1 天，未计入'],
    ]);
  });
});
