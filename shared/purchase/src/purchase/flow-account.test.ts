import { describe, expect, it } from 'vitest';
import type { AccountBill } from '../api/account.ts';
import { CARD, PurchaseRig } from '../testing/purchase-rig.ts';

const BILL: AccountBill = {
  ...{ billNo: '6501-202610', period: '2026-10', dueFen: 8_640, dueOn: '2026-11-25', partly: false },
};
const CREDITED = { status: 'credited', balanceFen: 7340, creditedAt: null } as const;

/** Its household was converted: the balance is kept at the grid. */
async function converted(more: object = {}): Promise<PurchaseRig> {
  const rig = await new PurchaseRig().start();
  rig.server.card(CARD, { delivery: 'account', supply: 'off', ...more });
  await rig.insert();
  return rig;
}

async function toPay(rig: PurchaseRig): Promise<string> {
  await rig.command({ type: 'confirm-card' });
  await rig.command({ type: 'choose-amount', faceFen: 5000 });
  return rig.server.last.orderNo;
}

describe('a card whose household was converted', () => {
  it('says so, buys into the account, and nothing is written', async () => {
    const rig = await converted();
    expect(rig.view).toMatchObject({ screen: 'who', household: { isAccount: true, isOff: true } });
    const orderNo = await toPay(rig);
    rig.server.pay(orderNo);
    expect(rig.view).toMatchObject({ screen: 'crediting', account: true, asks: 'grid' });
    rig.server.move(orderNo, 'done', { credit: { ...CREDITED, supply: 'on', restored: true } });
    expect(rig.view).toMatchObject({
      ...{ screen: 'credited', orderNo, account: true, balanceFen: 7340, supply: 'restored' },
    });
    expect(rig.server.calls).not.toContain('release');
    await rig.command({ type: 'finish' });
    // The card lies there still, and is not read anew.
    expect(rig.view.screen).toBe('wait');
    await rig.remove();
    await rig.insert();
    expect(rig.view.screen).toBe('who');
  });

  it('may be taken out at any time: the purchase goes on', async () => {
    const rig = await converted();
    await rig.remove();
    expect(rig.view.screen).toBe('who');
    const orderNo = await toPay(rig);
    expect(rig.view).toMatchObject({ screen: 'pay', orderNo });
    rig.server.pay(orderNo);
    rig.server.move(orderNo, 'done', { credit: { ...CREDITED, supply: 'off' } });
    expect(rig.view).toMatchObject({ screen: 'credited', supply: 'off' });
    await rig.command({ type: 'finish' });
    expect(rig.view.screen).toBe('wait');
  });

  it('is let go while its code is on the screen, and while the grid is asked', async () => {
    const rig = await converted();
    const orderNo = await toPay(rig);
    await rig.remove();
    expect(rig.view).toMatchObject({ screen: 'pay', orderNo });
    rig.server.pay(orderNo);
    expect(rig.view.screen).toBe('crediting');
  });

  it('is not asked whether its code may be presented', async () => {
    const rig = new PurchaseRig();
    rig.cards.codeFaults.set(CARD, 'chip.locked');
    await rig.start();
    rig.server.card(CARD, { delivery: 'account' });
    await rig.insert();
    expect(rig.view.screen).toBe('who');
  });

  it('left in after the money went back is told so', async () => {
    const rig = await converted();
    const orderNo = await toPay(rig);
    rig.server.pay(orderNo);
    rig.server.move(orderNo, 'refunding', { refund: { fen: 5000, status: 'sent', reason: 'not-sold' } });
    expect(rig.view).toMatchObject({ screen: 'refund', fen: 5000 });
  });
});

describe('a month’s bill', () => {
  it('is chosen in place of an amount, and paid as a whole', async () => {
    const rig = await converted({ bills: [BILL] });
    await rig.command({ type: 'confirm-card' });
    expect(rig.view).toMatchObject({ screen: 'amount', household: { bills: [BILL] } });
    await rig.command({ type: 'choose-bill', billNo: 'another' });
    expect(rig.view.screen).toBe('amount');
    await rig.command({ type: 'choose-bill', billNo: BILL.billNo });
    expect(rig.view).toMatchObject({ screen: 'pay', faceFen: 8_640 });
    expect(rig.server.asked.at(-1)).toMatchObject({ billNo: BILL.billNo, faceFen: 8_640 });
    const { orderNo } = rig.server.last;
    rig.server.pay(orderNo);
    rig.server.move(orderNo, 'done', { credit: CREDITED });
    expect(rig.view).toMatchObject({ screen: 'credited', account: true, period: '2026-10' });
  });
});
