import { describe, expect, it } from 'vitest';
import { settled } from '@bianmin/card/testing/manual-clock';
import { ApiError } from '../api/client-error.ts';
import { FAKE_STAFF } from '../testing/fake-counter.ts';
import { PurchaseRig } from '../testing/purchase-rig.ts';

async function toKeypad(): Promise<{ rig: PurchaseRig; orderNo: string }> {
  const rig = await new PurchaseRig().start();
  const orderNo = await rig.toPay();
  await rig.command({ type: 'cash' });
  expect(rig.view).toMatchObject({ screen: 'cash-staff', fault: null, held: false, busy: false });
  return { rig, orderNo };
}

async function toOffer(): Promise<{ rig: PurchaseRig; orderNo: string }> {
  const { rig, orderNo } = await toKeypad();
  await rig.command({ type: 'cash-staff', ...FAKE_STAFF });
  expect(rig.view).toMatchObject({
    ...{ screen: 'cash-take', orderNo, household: { name: '张*' }, committee: '天山一社区', staff: 'zhang' },
    ...{ takeFen: 5000, balanceFen: 95_000, leftTodayFen: 45_000, held: false, busy: false },
  });
  return { rig, orderNo };
}

const takings = (rig: PurchaseRig): number => rig.server.calls.filter((call) => call === 'takeCash').length;

describe('cash by staff', () => {
  it('pays the order, the card is written, and the receipt is there', async () => {
    const { rig, orderNo } = await toOffer();
    await rig.command({ type: 'cash-taken' });
    expect(rig.view).toMatchObject({
      ...{ screen: 'done', orderNo },
      cash: { says: 'paid', receipt: { receiptCode: 'R7K2 9QXD', takenFen: 5000, handBackFen: 0 } },
    });
    expect(rig.server.cash).toEqual([orderNo]);
    expect(rig.server.claims).toMatchObject([{ orderNo, result: 'written' }]);
    expect(rig.seen.find(({ screen }) => screen === 'writing')).toMatchObject({ cash: { says: 'paid' } });
    expect(JSON.stringify(rig.seen)).not.toContain(FAKE_STAFF.pin);
  });

  it('asks for a PIN once more where it was wrong, and says when it is locked', async () => {
    const { rig } = await toKeypad();
    await rig.command({ type: 'cash-staff', staff: FAKE_STAFF.staff, pin: '000000' });
    expect(rig.view).toMatchObject({ screen: 'cash-staff', fault: 'wrong' });
    rig.server.offerCash = () =>
      Promise.reject(
        new ApiError({ code: 'request.rate-limited', message: 'Wait.', status: 429, retryAfterMs: 600_000 }),
      );
    await rig.command({ type: 'cash-staff', ...FAKE_STAFF });
    expect(rig.view).toMatchObject({ screen: 'cash-staff', fault: 'locked', waitMinutes: 10 });
  });

  it('goes back to a code that can still be paid', async () => {
    const { rig, orderNo } = await toOffer();
    await rig.command({ type: 'back' });
    expect(rig.view).toMatchObject({ screen: 'pay', orderNo, codeUrl: 'weixin://wxpay/bizpayurl?pr=fake' });
    rig.server.pay(orderNo);
    expect(rig.view).toMatchObject({ screen: 'selling', orderNo });
    expect(rig.view).not.toHaveProperty('cash');
    expect(rig.server.cash).toEqual([]);
  });

  it('is not taken where a phone paid meanwhile, and staff are told', async () => {
    const { rig, orderNo } = await toOffer();
    rig.server.pay(orderNo);
    expect(rig.view).toMatchObject({ screen: 'selling', cash: { says: 'phone-paid' } });
    await rig.command({ type: 'cash-taken' });
    await rig.sell(orderNo);
    expect(rig.view).toMatchObject({ screen: 'done', cash: { says: 'phone-paid' } });
    expect(takings(rig)).toBe(0);
  });

  it('is refused by the server where the screen was not told of the phone', async () => {
    const { rig, orderNo } = await toOffer();
    rig.server.pushes = false;
    rig.server.pay(orderNo);
    await rig.command({ type: 'cash-taken' });
    expect(rig.view).toMatchObject({ screen: 'selling', cash: { says: 'phone-paid' } });
    expect(rig.server.cash).toEqual([]);
  });

  it('was recorded although the answer was lost: asked about, and not sent twice', async () => {
    const { rig, orderNo } = await toOffer();
    rig.server.losesTaking = true;
    rig.server.pushes = false;
    await rig.command({ type: 'cash-taken' });
    await rig.clock.advance(4_000);
    expect(rig.view).toMatchObject({ screen: 'done', orderNo, cash: { says: 'paid' } });
    expect(takings(rig)).toBe(1);
    expect(rig.seen.filter(({ screen }) => screen === 'cash-take')).toHaveLength(2);
  });

  it('was not recorded: sent again by itself, and not asked for again', async () => {
    const { rig, orderNo } = await toOffer();
    rig.server.failOnce('takeCash', 'server.unavailable');
    await rig.command({ type: 'cash-taken' });
    expect(rig.view).toMatchObject({ screen: 'done', orderNo, cash: { says: 'paid' } });
    expect(takings(rig)).toBe(2);
    expect(rig.seen.filter((view) => view.screen === 'cash-take' && !view.held)).toHaveLength(1);
  });

  it('says nothing about it while the server is away, and goes on when it is back', async () => {
    const { rig, orderNo } = await toOffer();
    rig.server.away = true;
    await rig.command({ type: 'cash-taken' });
    expect(rig.view).toMatchObject({ screen: 'cash-unsure', orderNo, takeFen: 5000, slow: false });
    await rig.clock.advance(10_000);
    expect(rig.view).toMatchObject({ screen: 'cash-unsure', slow: true });
    rig.server.away = false;
    await rig.clock.advance(3_000);
    expect(rig.view).toMatchObject({ screen: 'done', orderNo });
    expect(rig.server.cash).toEqual([orderNo]);
  });

  it('is handed back once the order is closed that a server never took it for', async () => {
    const { rig, orderNo } = await toOffer();
    rig.server.takeCash = () =>
      Promise.reject(new ApiError({ code: 'server.internal', message: 'No.', status: 500 }));
    await rig.command({ type: 'cash-taken' });
    for (let n = 0; n < 40 && rig.view.screen !== 'expired'; n += 1) await rig.clock.advance(1_000);
    expect(rig.view).toMatchObject({ screen: 'expired', orderNo, cash: { says: 'not-recorded' } });
    expect(rig.server.last.state).toBe('closed');
  });

  it('that is on its way when the card comes out ends on that card', async () => {
    const { rig, orderNo } = await toOffer();
    rig.server.away = true;
    await rig.command({ type: 'cash-taken' });
    await rig.remove();
    expect(rig.view).toMatchObject({ screen: 'cash-unsure' });
    rig.server.away = false;
    await rig.clock.advance(3_000);
    expect(rig.view).toMatchObject({ screen: 'pulled', orderNo, paid: true });
    await rig.insert();
    expect(rig.view).toMatchObject({ screen: 'done', orderNo, cash: { says: 'paid' } });
  });

  it('says what to hand back where the sale came to nothing', async () => {
    const { rig, orderNo } = await toOffer();
    rig.cards.hold = true;
    await rig.command({ type: 'cash-taken' });
    rig.cards.endings.push('removed');
    rig.slot.remove();
    rig.cards.resume();
    await settled();
    const refund = { fen: 5000, status: 'done', reason: 'not-sold' } as const;
    rig.server.move(orderNo, 'refunded', { refund });
    await settled();
    expect(rig.view).toMatchObject({
      screen: 'refund',
      cash: { says: 'paid', receipt: { handBackFen: 5000 } },
    });
  });
});
