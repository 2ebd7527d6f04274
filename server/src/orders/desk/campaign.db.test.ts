import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runs, runSeed } from '@bianmin/card/testing/property-runs';
import { MongoOrderStore } from '../store/mongo-orders.ts';
import { MongoNotificationStore } from '../store/notifications.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { runCampaign } from '../../testing/order-campaign.ts';

/** `ORDER_CAMPAIGN_SEED=… npx vitest run server/src/orders/desk/campaign.db.test.ts` replays a campaign. */
const seed = Number(process.env['ORDER_CAMPAIGN_SEED'] ?? runSeed() % 1_000_000);
const purchases = Number(process.env['ORDER_CAMPAIGN_PURCHASES'] ?? runs(600));

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

describe(`a campaign with seed ${seed}`, () => {
  it('loses and doubles nothing, and leaves no order stuck', async () => {
    const { violations, states, orders } = await runCampaign({ seed, purchases });
    expect(violations, `seed ${seed}`).toEqual([]);
    // It was a campaign and not a stroll: orders ended in every way.
    expect(Object.keys(states).sort(), `seed ${seed}`).toEqual(['closed', 'done', 'refunded']);
    const ways = orders
      .filter(({ kind }) => kind === 'remote')
      .map(({ state, fallback }) => `${state} ${fallback ?? 'afar'}`);
    expect(ways, `seed ${seed}`).toEqual(
      expect.arrayContaining(['done afar', 'done card', 'refunded refund']),
    );
  });

  it('is no different on the database', async () => {
    const wrote = () => undefined;
    const store = new MongoOrderStore({ db: t.db, seal: new NumberSeal(Buffer.alloc(32, 1)), wrote });
    const notificationStore = new MongoNotificationStore(t.db, wrote);
    await store.prepare();
    await notificationStore.prepare();
    const { violations } = await runCampaign({ seed, purchases: runs(25), store, notificationStore });
    expect(violations, `seed ${seed}`).toEqual([]);
  });
});
