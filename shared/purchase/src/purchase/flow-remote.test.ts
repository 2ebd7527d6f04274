import { describe, expect, it } from 'vitest';
import { FAKE_HOME } from '../testing/fake-purchase-server.ts';
import { CARD, PurchaseRig } from '../testing/purchase-rig.ts';

const CREDITED = { status: 'credited', balanceFen: 7340, creditedAt: null, count: 4 } as const;
const FAILED = { status: 'failed', balanceFen: null, creditedAt: null } as const;

/** From the start screen to a code, by customer number. */
async function toPay(): Promise<{ rig: PurchaseRig; orderNo: string }> {
  const rig = await new PurchaseRig().start();
  await rig.command({ type: 'without-card' });
  await rig.command({ type: 'customer-no', customerNo: FAKE_HOME.customerNo });
  await rig.command({ type: 'proof', proof: FAKE_HOME.proof });
  expect(rig.view).toMatchObject({ screen: 'who', remote: true, household: { customerNo: '****1001' } });
  await rig.command({ type: 'confirm-card' });
  await rig.command({ type: 'choose-amount', faceFen: 5000 });
  return { rig, orderNo: rig.server.last.orderNo };
}

async function toFailed(): Promise<{ rig: PurchaseRig; orderNo: string }> {
  const { rig, orderNo } = await toPay();
  rig.server.pay(orderNo);
  rig.server.move(orderNo, 'credit-failed', { credit: FAILED, choices: ['card', 'refund'] });
  expect(rig.view).toMatchObject({ screen: 'credit-failed', offers: ['card', 'refund'], chosen: null });
  return { rig, orderNo };
}

describe('a purchase without the card', () => {
  it('goes from the number to the credited meter', async () => {
    const { rig, orderNo } = await toPay();
    expect(rig.view).toMatchObject({
      screen: 'pay',
      remote: true,
      codeUrl: 'weixin://wxpay/bizpayurl?pr=fake',
    });
    rig.server.pay(orderNo);
    expect(rig.view).toMatchObject({ screen: 'crediting', asks: 'grid', slow: false });
    rig.server.move(orderNo, 'crediting', { credit: { ...FAILED, status: 'sent' } });
    expect(rig.view).toMatchObject({ screen: 'crediting', asks: 'meter', slow: false });
    rig.server.move(orderNo, 'done', { credit: CREDITED });
    expect(rig.view).toEqual({
      ...{
        screen: 'credited',
        orderNo,
        faceFen: 5000,
        paidFen: 5000,
        discountFen: 0,
        balanceFen: 7340,
      },
      receiptCode: 'R7K2 9QXD',
    });
    await rig.clock.advance(45_000);
    expect(rig.view).toMatchObject({ screen: 'credited', asking: rig.clock.now() + 30_000 });
    await rig.clock.advance(30_000);
    expect(rig.view.screen).toBe('wait');
  });

  it('asks whether anybody is here before it leaves, and an answer gives the whole time anew', async () => {
    const rig = await new PurchaseRig().start();
    await rig.command({ type: 'without-card' });
    for (const answer of [{ type: 'stay' }, { type: 'customer-no', customerNo: '12' }] as const) {
      await rig.clock.advance(119_000);
      expect(rig.view).toEqual({ screen: 'customer-no' });
      await rig.clock.advance(1_000);
      expect(rig.view).toEqual({ screen: 'customer-no', asking: rig.clock.now() + 30_000 });
      await rig.clock.advance(29_000);
      expect(rig.view.screen).toBe('customer-no');
      await rig.command(answer);
      expect(rig.view).toEqual({ screen: 'customer-no' });
    }
    await rig.clock.advance(120_000);
    await rig.command({ type: 'customer-no', customerNo: FAKE_HOME.customerNo });
    expect(rig.view).toMatchObject({ screen: 'proof' });
    expect(rig.view.asking).toBeUndefined();
    await rig.clock.advance(149_000);
    expect(rig.view.screen).toBe('proof');
    await rig.clock.advance(1_000);
    expect(rig.view.screen).toBe('wait');
  });

  it('goes from a household that the box keeps to the credited meter, without number and digits', async () => {
    const rig = await new PurchaseRig().start();
    await rig.command({ type: 'home', homeId: FAKE_HOME.homeId });
    expect(rig.view).toMatchObject({ screen: 'amount', bound: true, household: { balanceFen: 2340 } });
    await rig.command({ type: 'choose-amount', faceFen: 5000 });
    const { orderNo } = rig.server.last;
    rig.server.pay(orderNo);
    rig.server.move(orderNo, 'done', { credit: CREDITED });
    expect(rig.view).toMatchObject({ screen: 'credited', orderNo });
    expect(rig.server.calls).not.toContain('describeRemote');
  });

  it('says that a household is gone which the box keeps no longer', async () => {
    const rig = await new PurchaseRig().start();
    await rig.command({ type: 'home', homeId: 'of-another-box--' });
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'home-gone', moneySafe: 'nothing-taken' });
  });

  it('asks for the digits again where they are wrong, and says nothing of the household', async () => {
    const rig = await new PurchaseRig().start();
    await rig.command({ type: 'without-card' });
    await rig.command({ type: 'customer-no', customerNo: FAKE_HOME.customerNo });
    await rig.command({ type: 'proof', proof: '000000' });
    expect(rig.view).toEqual({ screen: 'proof', ending: '1001', fault: 'wrong', busy: false });
  });

  it('says that the money is safe when the meter does not answer, and shows the result if it comes in time', async () => {
    const { rig, orderNo } = await toPay();
    rig.server.pay(orderNo);
    await rig.clock.advance(15_000);
    expect(rig.view).toMatchObject({ screen: 'crediting', slow: true, receiptCode: 'R7K2 9QXD' });
    rig.server.move(orderNo, 'done', { credit: CREDITED });
    expect(rig.view.screen).toBe('credited');
  });

  it('gives the money back where that is chosen', async () => {
    const { rig, orderNo } = await toFailed();
    await rig.command({ type: 'choose-credit', choice: 'refund' });
    expect(rig.view).toMatchObject({ screen: 'refund', orderNo, done: false });
  });

  it('writes the card where that is chosen and the card is put in', async () => {
    const { rig, orderNo } = await toFailed();
    await rig.command({ type: 'choose-credit', choice: 'card' });
    expect(rig.view).toMatchObject({ screen: 'bring-card', orderNo, mayRefund: true });
    rig.server.card(CARD, { unfinished: rig.server.last });
    await rig.insert(CARD);
    expect(rig.view).toMatchObject({ screen: 'resume', orderNo });
  });

  it('asks what becomes of it when a card with such an order is put in, and writes at once', async () => {
    const { rig, orderNo } = await toFailed();
    await rig.command({ type: 'finish' });
    rig.server.card(CARD, { unfinished: rig.server.last });
    rig.server.belongsTo(orderNo, CARD);
    await rig.insert(CARD);
    expect(rig.view).toMatchObject({ screen: 'credit-failed', orderNo, offers: ['card', 'refund'] });
    await rig.command({ type: 'choose-credit', choice: 'card' });
    expect(rig.view).toMatchObject({ screen: 'done', orderNo, resumed: true });
    expect(rig.cards.written).toEqual([CARD]);
  });
});
