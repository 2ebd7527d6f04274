import { describe, expect, it } from 'vitest';
import { PurchaseRig } from '../testing/purchase-rig.ts';

describe('a purchase', () => {
  it('goes from the card to a written card, and claims it', async () => {
    const rig = await new PurchaseRig().start();
    expect(rig.view).toEqual({ screen: 'wait', reader: 'Fake reader', withoutCard: true });
    const orderNo = await rig.toPay();
    expect(rig.view).toMatchObject({ screen: 'pay', codeUrl: 'weixin://wxpay/bizpayurl?pr=fake' });
    expect(rig.view).toMatchObject({ quote: { creditFen: 4000, arrearsFen: 1000, energyWh: 80_000 } });
    rig.server.pay(orderNo);
    expect(rig.view).toMatchObject({ screen: 'selling', orderNo });
    await rig.sell(orderNo);
    expect(rig.view).toMatchObject({ screen: 'done', orderNo, receiptCode: 'R7K2 9QXD', resumed: false });
    expect(rig.seen.map(({ screen }) => screen)).toEqual([
      'wait',
      'reading',
      'who',
      'amount',
      'amount',
      'pay',
      'pay',
      'pay',
      'selling',
      'writing',
      'writing',
      'writing',
      'done',
    ]);
    expect(rig.server.claims).toEqual([
      { orderNo, lease: 1, result: 'written', imageDigest: 'a'.repeat(64) },
    ]);
    expect(await rig.journal.list()).toEqual([]);
    await rig.remove();
    await rig.clock.advance(20_000);
    expect(rig.view).toMatchObject({ screen: 'done', asking: rig.clock.now() + 30_000 });
    await rig.clock.advance(30_000);
    expect(rig.view.screen).toBe('wait');
  });

  it('is paid without a word of what it buys where the grid does not say', async () => {
    const rig = await new PurchaseRig().start();
    rig.server.failOnce('quote', 'grid.unavailable');
    const orderNo = await rig.toPay();
    expect(rig.view).toMatchObject({ screen: 'pay', codeUrl: 'weixin://wxpay/bizpayurl?pr=fake' });
    expect(rig.view).not.toHaveProperty('quote');
    rig.server.pay(orderNo);
    expect(rig.view.screen).toBe('selling');
  });

  it('shows the current view to a renderer that comes later', async () => {
    const rig = await new PurchaseRig().start();
    await rig.toPay();
    expect(rig.flow.view.screen).toBe('pay');
  });

  it('uses one key for one intention, however often it is sent', async () => {
    const rig = await new PurchaseRig().start();
    await rig.insert();
    await rig.command({ type: 'confirm-card' });
    rig.server.failOnce('createOrder', 'server.unavailable');
    await rig.command({ type: 'choose-amount', faceFen: 5000 });
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'server-away', moneySafe: 'nothing-taken' });
    await rig.command({ type: 'retry' });
    expect(rig.view.screen).toBe('pay');
    expect(rig.server.orders).toHaveLength(1);
  });

  it('makes a new order for a new intention after going back', async () => {
    const rig = await new PurchaseRig().start();
    await rig.toPay();
    await rig.command({ type: 'back' });
    expect(rig.view.screen).toBe('amount');
    expect(rig.server.last.state).toBe('closed');
    await rig.command({ type: 'choose-amount', faceFen: 10_000 });
    expect(rig.server.orders.map(({ faceFen }) => faceFen)).toEqual([5000, 10_000]);
  });

  it('refuses an amount outside the limits and comes back to the question', async () => {
    const rig = await new PurchaseRig().start();
    await rig.insert();
    await rig.command({ type: 'confirm-card' });
    for (const faceFen of [999, 50_100, 1050]) {
      await rig.command({ type: 'choose-amount', faceFen });
      expect(rig.view).toMatchObject({ screen: 'problem', code: 'amount-out-of-range' });
      await rig.command({ type: 'retry' });
      expect(rig.view.screen).toBe('amount');
    }
    expect(rig.server.orders).toEqual([]);
  });
});
