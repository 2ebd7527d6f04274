import { describe, expect, it } from 'vitest';
import { settled } from '@bianmin/card/testing/manual-clock';
import { PurchaseRig } from '../testing/purchase-rig.ts';

describe('a code that is not paid', () => {
  it("is closed on the channel's evidence when it runs out", async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPay();
    await rig.clock.advance(300_000);
    expect(rig.view).toEqual({ screen: 'expired', orderNo });
    expect(rig.server.last.state).toBe('closed');
    await rig.command({ type: 'retry' });
    expect(rig.view.screen).toBe('who');
  });

  it('makes room where the household begins again with the card out', async () => {
    const rig = await new PurchaseRig().start();
    await rig.toPay();
    await rig.clock.advance(300_000);
    rig.slot.remove();
    await settled();
    expect(rig.view.screen).toBe('expired');
    await rig.command({ type: 'retry' });
    expect(rig.view.screen).toBe('wait');
  });

  it('is not called unpaid before the channel says so', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPay();
    rig.server.away = true;
    await rig.clock.advance(300_000);
    expect(rig.view).toMatchObject({ screen: 'pay', codeUrl: null, closing: true });
    await rig.clock.advance(16_000);
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'server-away', moneySafe: 'safe-with-order' });
    rig.server.away = false;
    rig.server.pay(orderNo);
    await settled();
    expect(rig.view.screen).toBe('selling');
  });

  it('is closed when the card is pulled, and the kiosk is free', async () => {
    const rig = await new PurchaseRig().start();
    await rig.toPay();
    await rig.remove();
    expect(rig.view.screen).toBe('wait');
    expect(rig.server.last.state).toBe('closed');
  });

  it('that was paid in that moment waits for its card', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPay();
    rig.server.pushes = false;
    rig.server.pay(orderNo);
    await rig.remove();
    expect(rig.view).toEqual({ screen: 'pulled', orderNo, paid: true });
    rig.server.pushes = true;
    rig.server.move(orderNo, 'sold');
    await rig.insert();
    expect(rig.view.screen).toBe('done');
  });

  it('is abandoned when its order comes after the card has left', async () => {
    const rig = await new PurchaseRig().start();
    await rig.insert();
    await rig.command({ type: 'confirm-card' });
    rig.flow.command({ type: 'choose-amount', faceFen: 5000 });
    rig.slot.remove();
    await settled();
    expect(rig.view.screen).toBe('wait');
    expect(rig.server.last.state).toBe('closed');
  });

  it('cannot be had: says so with nothing taken, and tries again', async () => {
    const rig = await new PurchaseRig().start();
    await rig.insert();
    await rig.command({ type: 'confirm-card' });
    rig.server.failOnce('createPayment', 'payment.channel-unavailable');
    await rig.command({ type: 'choose-amount', faceFen: 5000 });
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'channel-down', moneySafe: 'nothing-taken' });
    await rig.command({ type: 'retry' });
    expect(rig.view.screen).toBe('pay');
  });
});
