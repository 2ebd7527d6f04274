import { describe, expect, it } from 'vitest';
import { settled } from '@bianmin/card/testing/manual-clock';
import { FAKE_LEASE_MS } from '../testing/fake-purchase-server.ts';
import { PurchaseRig } from '../testing/purchase-rig.ts';

describe('the grid', () => {
  it('silent: the screen says that the money is safe; a late answer goes on', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    await rig.clock.advance(15_000);
    expect(rig.view).toMatchObject({ screen: 'grid-silent', orderNo, receiptCode: 'R7K2 9QXD' });
    await rig.sell(orderNo);
    expect(rig.view.screen).toBe('done');
  });

  it('silent by its own word, and then money back', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    rig.server.move(orderNo, 'grid-silent');
    expect(rig.view.screen).toBe('grid-silent');
    rig.server.move(orderNo, 'refunding', { refund: { fen: 5000, status: 'sent', reason: 'not-sold' } });
    expect(rig.view).toEqual({ screen: 'refund', orderNo, fen: 5000, done: false });
    rig.server.move(orderNo, 'refunded');
    expect(rig.view).toMatchObject({ screen: 'refund', done: true });
    await rig.command({ type: 'finish' });
    expect(rig.view.screen).toBe('wait');
  });

  it('silent: the card may go home, and the kiosk is free', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    rig.server.move(orderNo, 'grid-silent');
    await rig.remove();
    expect(rig.view.screen).toBe('grid-silent');
    await rig.clock.advance(20_000);
    expect(rig.view).toMatchObject({ screen: 'grid-silent', asking: rig.clock.now() + 30_000 });
    await rig.clock.advance(30_000);
    expect(rig.view.screen).toBe('wait');
    await rig.insert();
    expect(rig.view.screen).toBe('grid-silent');
  });
});

describe('the server away', () => {
  it('at the release: the money is safe, and it goes on by itself', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    rig.server.failOnce('release', 'server.unavailable');
    await rig.sell(orderNo);
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'server-away', moneySafe: 'safe-with-order' });
    rig.server.away = true;
    await rig.clock.advance(9_000);
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'server-away', orderNo });
    rig.server.away = false;
    await rig.clock.advance(3_000);
    expect(rig.view.screen).toBe('done');
  });

  it('while writing: the card is finished, the claim is delivered later', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    rig.cards.hold = true;
    await rig.sell(orderNo);
    rig.server.away = true;
    rig.cards.resume();
    await settled();
    expect(rig.view).toMatchObject({ screen: 'done', orderNo });
    expect(await rig.journal.list()).toMatchObject([{ orderNo, phase: 'written' }]);
    await rig.remove();
    await rig.clock.advance(60_000);
    expect(rig.server.claims).toEqual([]);
    rig.server.away = false;
    await rig.clock.advance(60_000);
    expect(rig.server.claims).toHaveLength(1);
    expect(await rig.journal.list()).toEqual([]);
  });

  it('lease over before the write ended: it is released again', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    rig.cards.hold = true;
    await rig.sell(orderNo);
    await rig.clock.advance(FAKE_LEASE_MS);
    rig.cards.resume();
    await settled();
    expect(rig.view.screen).toBe('done');
    expect(rig.server.claims).toMatchObject([{ lease: 2, result: 'written' }]);
  });
});
