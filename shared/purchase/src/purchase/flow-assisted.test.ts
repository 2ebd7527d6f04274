import { describe, expect, it } from 'vitest';
import { FAKE_OTHER, FAKE_PIN_AFTER_MS, FAKE_STAFF } from '../testing/fake-counter.ts';
import { CARD, OTHER_CARD, PurchaseRig } from '../testing/purchase-rig.ts';

/** A clerk at the desk of a kiosk that waits for a card. */
async function atDesk(): Promise<PurchaseRig> {
  const rig = await new PurchaseRig().start();
  rig.signIn();
  return rig;
}

async function toPay(rig: PurchaseRig, serial = CARD, faceFen = 5000): Promise<string> {
  await rig.insert(serial);
  expect(rig.view).toMatchObject({ screen: 'amount', assisted: true, household: { name: '张*' } });
  await rig.command({ type: 'choose-amount', faceFen });
  expect(rig.view).toMatchObject({ screen: 'pay', assisted: true });
  return rig.server.last.orderNo;
}

describe('a household that staff help', () => {
  it('is three presses: amount, cash, taken; and one sign-in is enough for all of them', async () => {
    const rig = await atDesk();
    for (const serial of [CARD, OTHER_CARD]) {
      const orderNo = await toPay(rig, serial);
      await rig.command({ type: 'cash' });
      expect(rig.view).toMatchObject({ screen: 'cash-take', orderNo, takeFen: 5000, held: false });
      await rig.command({ type: 'cash-taken' });
      expect(rig.view).toMatchObject({ screen: 'done', orderNo, assisted: true, cash: { says: 'paid' } });
      await rig.remove();
      expect(rig.view).toMatchObject({ screen: 'wait' });
      expect(rig.flow.busy).toBe(false);
    }
    expect(rig.server.counter.pins).toBe(1);
    expect(rig.server.cash).toHaveLength(2);
    expect(rig.server.claims).toMatchObject([{ result: 'written' }, { result: 'written' }]);
    expect(rig.seen.some(({ screen }) => screen === 'who' || screen === 'cash-staff')).toBe(false);
  });

  it('needs the PIN alone after a while, and for a large sum, and goes on', async () => {
    const rig = await atDesk();
    const orderNo = await toPay(rig);
    await rig.clock.advance(FAKE_PIN_AFTER_MS - 60_000);
    rig.server.move(orderNo, 'paying');
    await rig.command({ type: 'stay' });
    await rig.remove();
    await rig.clock.advance(FAKE_PIN_AFTER_MS);
    const late = await toPay(rig);
    await rig.command({ type: 'cash' });
    expect(rig.view).toMatchObject({ screen: 'cash-staff', pinOnly: true, fault: null, held: false });
    await rig.command({ type: 'cash-pin', pin: '000000' });
    expect(rig.view).toMatchObject({ screen: 'cash-staff', pinOnly: true, fault: 'wrong' });
    await rig.command({ type: 'cash-pin', pin: FAKE_STAFF.pin });
    expect(rig.view).toMatchObject({ screen: 'cash-take', orderNo: late });
    await rig.command({ type: 'cash-taken' });
    expect(rig.view).toMatchObject({ screen: 'done', orderNo: late });
    await rig.remove();
    await toPay(rig, OTHER_CARD, 30_000);
    await rig.command({ type: 'cash' });
    expect(rig.view).toMatchObject({ screen: 'cash-staff', pinOnly: true });
    await rig.command({ type: 'cash-pin', pin: FAKE_STAFF.pin });
    expect(rig.view).toMatchObject({ screen: 'cash-take', takeFen: 30_000 });
    expect(JSON.stringify(rig.seen)).not.toContain(FAKE_STAFF.pin);
  });

  it('needs number and PIN where the sign-in is over, and by them belongs to a shift again', async () => {
    const rig = await atDesk();
    await rig.clock.advance(12 * 3_600_000);
    await toPay(rig);
    await rig.command({ type: 'cash' });
    expect(rig.view).toMatchObject({ screen: 'cash-staff', fault: 'ended' });
    expect(rig.view).not.toHaveProperty('pinOnly');
    await rig.command({ type: 'cash-staff', ...FAKE_STAFF });
    await rig.command({ type: 'cash-taken' });
    expect(rig.view).toMatchObject({ screen: 'done', cash: { says: 'paid' } });
    await rig.remove();
    await toPay(rig, OTHER_CARD);
    await rig.command({ type: 'cash' });
    expect(rig.view).toMatchObject({ screen: 'cash-take' });
  });

  it('whose shift was closed is asked for number and PIN, and a colleague without a float is refused', async () => {
    const rig = await atDesk();
    rig.server.counter.isOpen = false;
    await toPay(rig);
    await rig.command({ type: 'cash' });
    expect(rig.view).toMatchObject({ screen: 'cash-staff', fault: null });
    await rig.command({ type: 'cash-staff', ...FAKE_OTHER });
    expect(rig.view).toMatchObject({ screen: 'cash-staff', fault: 'forbidden' });
    expect(rig.view).not.toHaveProperty('pinOnly');
    await rig.command({ type: 'cash-staff', ...FAKE_STAFF });
    expect(rig.view).toMatchObject({ screen: 'cash-take' });
    expect(rig.server.counter.isOpen).toBe(true);
  });

  it('pulls its card at each screen, and loses nothing', async () => {
    const rig = await atDesk();
    await rig.insert();
    await rig.remove();
    expect(rig.view.screen).toBe('wait');
    for (const presses of [[], ['cash']] as const) {
      const orderNo = await toPay(rig);
      for (const type of presses) await rig.command({ type });
      await rig.remove();
      await rig.clock.advance(10_000);
      expect(rig.view.screen).toBe('wait');
      expect(rig.server.find(orderNo).view.state).toBe('closed');
    }
    await rig.clock.advance(FAKE_PIN_AFTER_MS);
    const orderNo = await toPay(rig);
    await rig.command({ type: 'cash' });
    expect(rig.view).toMatchObject({ screen: 'cash-staff', pinOnly: true });
    await rig.remove();
    await rig.clock.advance(10_000);
    expect(rig.server.find(orderNo).view.state).toBe('closed');
    expect(rig.server.cash).toEqual([]);
  });

  it('goes back from the amounts to a card that is to be taken out, and asks nothing of a resident’s own', async () => {
    const rig = await atDesk();
    await rig.insert();
    await rig.command({ type: 'back' });
    expect(rig.view).toMatchObject({ screen: 'wait' });
    await rig.remove();
    rig.flow.assist(false);
    await rig.insert();
    expect(rig.view).toMatchObject({ screen: 'who' });
    expect(rig.view).not.toHaveProperty('assisted');
    await rig.command({ type: 'confirm-card' });
    await rig.command({ type: 'choose-amount', faceFen: 5000 });
    await rig.command({ type: 'cash' });
    // The shift that is open is not theirs to use.
    expect(rig.view).toMatchObject({ screen: 'cash-staff', fault: null });
    expect(rig.view).not.toHaveProperty('pinOnly');
  });

  it('becomes a resident’s own where staff step aside', async () => {
    const rig = await atDesk();
    await toPay(rig);
    rig.flow.assist(false);
    expect(rig.view).toMatchObject({ screen: 'pay' });
    expect(rig.view).not.toHaveProperty('assisted');
    await rig.command({ type: 'cash' });
    expect(rig.view).toMatchObject({ screen: 'cash-staff' });
    expect(rig.flow.cardSerial).toBe(null);
  });
});
