import { describe, expect, it } from 'vitest';
import { settled } from '@bianmin/card/testing/manual-clock';
import { CARD, OTHER_CARD, PurchaseRig } from '../testing/purchase-rig.ts';

describe('a card that is pulled', () => {
  it('while the grid is asked: the same card goes on, without paying again', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    await rig.remove();
    expect(rig.view).toEqual({ screen: 'pulled', orderNo, paid: true });
    await rig.sell(orderNo);
    expect(rig.view.screen).toBe('pulled');
    await rig.insert();
    expect(rig.view).toMatchObject({ screen: 'done', orderNo });
    expect(rig.server.orders).toHaveLength(1);
  });

  it('while writing: reinserted, the write is finished', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    rig.cards.hold = true;
    await rig.sell(orderNo);
    expect(rig.view).toMatchObject({ screen: 'writing', phase: 'write', progress: 0.5 });
    await rig.remove();
    rig.cards.resume();
    await settled();
    expect(rig.view).toEqual({ screen: 'pulled', orderNo, paid: true });
    expect(rig.server.claims).toEqual([]);
    await rig.insert();
    expect(rig.view).toMatchObject({ screen: 'done', orderNo });
    expect(rig.server.claims).toMatchObject([{ lease: 2, result: 'written' }]);
  });

  it('and another one put in: it is refused by name, and the first one goes on', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    await rig.remove();
    await rig.sell(orderNo);
    await rig.insert(OTHER_CARD);
    expect(rig.view).toEqual({ screen: 'other-card', orderNo });
    expect(rig.cards.writes).toBe(0);
    await rig.remove();
    expect(rig.view.screen).toBe('pulled');
    await rig.insert(CARD);
    expect(rig.view.screen).toBe('done');
  });

  it('for good: the kiosk is free again, and its card is offered its write when it comes back', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    await rig.remove();
    await rig.sell(orderNo);
    await rig.clock.advance(90_000);
    expect(rig.view).toMatchObject({ screen: 'pulled', paid: true, asking: rig.clock.now() + 30_000 });
    await rig.clock.advance(30_000);
    expect(rig.view.screen).toBe('wait');
    await rig.insert(OTHER_CARD);
    expect(rig.view.screen).toBe('who');
    await rig.remove();
    await rig.insert(CARD);
    expect(rig.view).toMatchObject({ screen: 'resume', orderNo });
    await rig.command({ type: 'resume' });
    expect(rig.view).toMatchObject({ screen: 'done', resumed: true });
    expect(rig.server.orders).toHaveLength(1);
  });

  it('by a payer whose other card stays in: that one is served after a while', async () => {
    const rig = await new PurchaseRig().start();
    await rig.toPaid();
    await rig.remove();
    await rig.insert(OTHER_CARD);
    await rig.clock.advance(20_000);
    expect(rig.view.screen).toBe('who');
  });
});
