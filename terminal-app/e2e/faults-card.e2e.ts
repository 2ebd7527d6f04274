import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { toCode } from '../../build/judge/journey/drive.ts';
import type { Kiosk } from '../../build/judge/journey/kiosk.ts';
import { clear, expectBoughtOnce, FACE_FEN, openBench } from './fault-kit.ts';
import type { FaultBench } from './fault-kit.ts';

/** Cards that cannot, must not or need not be written. Nothing is taken for them, or it comes back. */

let bench: FaultBench;
let first: Kiosk;
let second: Kiosk;
beforeAll(async () => {
  bench = await openBench({ server: { LEASE_MS: '2000' } });
  [first, second] = await Promise.all([bench.kiosk('first'), bench.kiosk('second')]);
});
afterAll(() => bench.close());
afterEach(async () => {
  await Promise.all([first, second].map((kiosk) => clear(bench.sandbox, kiosk)));
});

/** A whole purchase up to "done", the card still in the reader. */
async function buy({ patron, readerId }: Kiosk, cardId: string): Promise<string> {
  await bench.sandbox.insert(readerId, cardId);
  const { orderNo, codeUrl } = await toCode(patron, FACE_FEN);
  await bench.sandbox.pay(codeUrl);
  await patron.until('done');
  return orderNo;
}

async function cardNoted(noteEn: string): Promise<string> {
  const card = (await bench.sandbox.cards()).find((each) => each.noteEn?.startsWith(noteEn) === true);
  if (card === undefined) throw new Error(`No card is noted "${noteEn}".`);
  return card.id;
}

describe('a card that cannot buy', () => {
  it.each([
    ['A card of another electricity', 'card-foreign'],
    ['A blank card', 'card-unknown'],
    ['A card put in upside', 'card-mute'],
    ['The card is locked', 'card-locked'],
    ['One try of the code', 'card-protected-tries'],
    ['This card was lost', 'card-replaced'],
    ['The account is closed', 'account-closed'],
    ['The last purchase has not', 'not-yet-used'],
  ])('%s: says %s and takes nothing', async (noteEn, code) => {
    const { sandbox } = bench;
    const payments = await sandbox.paymentCount();
    await sandbox.insert(first.readerId, await cardNoted(noteEn));
    const view = await first.patron.until('problem', 'who');
    expect(view).toMatchObject({ screen: 'problem', code, moneySafe: 'nothing-taken', orderNo: null });
    expect(await sandbox.paymentCount()).toBe(payments);
  });
});

describe.each(['SLE4442', 'CPU'])('a card with something before it (%s)', (chip) => {
  it('has no second purchase before the first is in the meter, and the wallet is never asked', async () => {
    const { sandbox } = bench;
    const home = await bench.household(chip);
    const orderNo = await buy(first, home.cardId);
    await clear(sandbox, first);
    const payments = await sandbox.paymentCount();
    for (const { readerId, patron } of [first, second]) {
      await sandbox.insert(readerId, home.cardId);
      expect(await patron.until('uncredited', 'who')).toMatchObject({
        ...{ screen: 'uncredited', orderNo, creditFen: 5000, shown: null },
      });
      await sandbox.eject(readerId);
    }
    expect(await sandbox.paymentCount()).toBe(payments);
    await expectBoughtOnce(sandbox, { ...home, orderNo });
  });

  it('leaves another card alone while a paid one is waited for, then finishes the right one', async () => {
    const { sandbox } = bench;
    const [home, other] = [await bench.household(chip), await bench.household(chip)];
    await sandbox.insert(first.readerId, home.cardId);
    const { orderNo, codeUrl } = await toCode(first.patron, FACE_FEN);
    await sandbox.readerFaults(first.readerId, { removeAfterApdus: 10 });
    await sandbox.pay(codeUrl);
    await first.patron.until('pulled');

    const { eepromCycles } = await sandbox.usage(other.cardId);
    await sandbox.insert(first.readerId, other.cardId);
    expect(await first.patron.until('other-card')).toMatchObject({ orderNo });
    await sandbox.eject(first.readerId);
    await first.patron.until('pulled');
    expect((await sandbox.usage(other.cardId)).eepromCycles).toBe(eepromCycles);
    expect(await sandbox.meterInsert(other.meterNo, other.cardId)).toMatchObject({
      creditedFen: 0,
      balanceFen: 1000,
    });

    await sandbox.insert(first.readerId, home.cardId);
    await first.patron.until('done');
    await clear(sandbox, first);
    await expectBoughtOnce(sandbox, { ...home, orderNo });
  });

  it('comes back credited, its claim and the journal of its kiosk lost: the order is done, nothing is offered', async () => {
    const { sandbox } = bench;
    const home = await bench.household(chip);
    const lost = await bench.kiosk(`lost-${chip}`);
    await sandbox.insert(lost.readerId, home.cardId);
    const { orderNo, codeUrl } = await toCode(lost.patron, FACE_FEN);
    // The last command of a write reads back: everything is on the card by then, and the server has not heard so.
    await sandbox.readerFaults(lost.readerId, { removeAfterApdus: await apdusOfWrite(chip) });
    await sandbox.pay(codeUrl);
    await lost.patron.until('pulled');
    await lost.close();
    expect(await sandbox.sales(home.meterNo)).toMatchObject([{ orderNo, writeClaimed: false }]);

    expect(await sandbox.meterInsert(home.meterNo, home.cardId)).toMatchObject({
      creditedFen: FACE_FEN,
      balanceFen: 6000,
      count: 2,
    });
    await sandbox.insert(first.readerId, home.cardId);
    const { household } = await first.patron.until('who');
    expect(household.balanceFen).toBe(6000);
    expect(first.patron.seen.map(({ screen }) => screen)).not.toContain('resume');
    // Nothing of the old order is in the way of the next purchase.
    const again = await toCode(first.patron, FACE_FEN);
    expect(again.orderNo).not.toBe(orderNo);
    expect(await sandbox.paid(orderNo)).toEqual({ takenFen: FACE_FEN, refundedFen: 0 });
    expect(await sandbox.meterInsert(home.meterNo, home.cardId).catch(String)).toContain('409');
  });

  it('has a clone at another kiosk at the same time: one sale, and the meter credits once', async () => {
    const { sandbox } = bench;
    const home = await bench.household(chip);
    const cards = [home.cardId, await sandbox.clone(home.cardId)] as const;
    const kiosks = [first, second] as const;
    const sold = await Promise.all(kiosks.map((kiosk, i) => raceTo(kiosk, cards[i] ?? '')));
    const orders = sold.filter((orderNo) => orderNo !== null);
    expect(orders.length).toBeLessThanOrEqual(1);
    for (const [i, kiosk] of kiosks.entries()) {
      if (sold[i] !== null) continue;
      const { view } = kiosk.patron;
      if (view.screen !== 'expired')
        expect(view).toMatchObject({ screen: 'problem', moneySafe: 'nothing-taken' });
    }
    await Promise.all(kiosks.map((kiosk) => clear(sandbox, kiosk)));
    // Both may have been sent away, where each saw the other's order first; then the next one buys.
    const orderNo = orders[0] ?? (await buy(first, home.cardId));
    await clear(sandbox, first);
    const writtenCard = cards[Math.max(0, sold.indexOf(orderNo))] ?? home.cardId;
    const copy = cards.find((card) => card !== writtenCard) ?? '';
    await expectBoughtOnce(sandbox, { meterNo: home.meterNo, cardId: writtenCard, orderNo });
    expect(await sandbox.meterInsert(home.meterNo, copy)).toMatchObject({
      creditedFen: 0,
      balanceFen: 6000,
      count: 2,
    });
  });

  it('has a clone that comes after the sale: it may carry that sale, which is not paid or credited again', async () => {
    const { sandbox } = bench;
    const home = await bench.household(chip);
    const copy = await sandbox.clone(home.cardId);
    const orderNo = await buy(first, home.cardId);
    await clear(sandbox, first);
    const payments = await sandbox.paymentCount();
    await sandbox.insert(second.readerId, copy);
    expect(await second.patron.until('resume')).toMatchObject({ orderNo });
    await second.patron.command({ type: 'resume' });
    await second.patron.until('done');
    await clear(sandbox, second);
    expect(await sandbox.paymentCount()).toBe(payments);
    await expectBoughtOnce(sandbox, { ...home, orderNo });
    expect(await sandbox.meterInsert(home.meterNo, copy)).toMatchObject({ creditedFen: 0, balanceFen: 6000 });
  });
});

describe('readers', () => {
  it('says that there is no reader, and goes on when one is plugged in', async () => {
    const { sandbox } = bench;
    const none = await bench.kiosk('none', { readers: [] });
    expect(await none.patron.until('problem')).toMatchObject({
      code: 'no-reader',
      moneySafe: 'nothing-taken',
      orderNo: null,
    });
    // All readers of the sandbox are unplugged while it restarts.
    await bench.stack.restart('grid');
    await Promise.all([first, second].map(({ patron }) => patron.until('wait')));
    expect(first.patron.seen).toContainEqual(
      expect.objectContaining({ screen: 'problem', code: 'no-reader' }),
    );
    const home = await bench.household('SLE4442');
    const orderNo = await buy(first, home.cardId);
    await clear(sandbox, first);
    await expectBoughtOnce(sandbox, { ...home, orderNo });
  });

  it('takes neither of two cards that wait in two readers, until one is taken out', async () => {
    const { sandbox } = bench;
    const { patron } = await bench.kiosk('both', { readers: ['left', 'right'] });
    const [left, right] = [await bench.household('SLE4442'), await bench.household('CPU')];
    await sandbox.insert('left', left.cardId);
    await toCode(patron, FACE_FEN);
    // While the code of a household that left is being closed, which takes long, two cards are put in.
    await sandbox.walletFault({ outage: true });
    await sandbox.eject('left');
    await patron.until('pulled');
    await sandbox.insert('left', left.cardId);
    await sandbox.insert('right', right.cardId);
    expect(await patron.until('problem')).toMatchObject({ code: 'two-readers', moneySafe: 'nothing-taken' });
    await sandbox.walletFault({ reset: true });
    await sandbox.eject('left');
    const { household } = await patron.until('who');
    await sandbox.eject('right');
    await patron.until('wait');
    await sandbox.insert('left', left.cardId);
    expect((await patron.until('who')).household.customerNo).not.toBe(household.customerNo);
    await sandbox.eject('left');
  });
});

/** APDUs of one whole write, as a purchase without a fault has them. */
async function apdusOfWrite(chip: string): Promise<number> {
  const { sandbox } = bench;
  const home = await bench.household(chip);
  await sandbox.insert(second.readerId, home.cardId);
  const { codeUrl } = await toCode(second.patron, FACE_FEN);
  const before = await sandbox.usage(home.cardId);
  await sandbox.pay(codeUrl);
  await second.patron.until('done');
  const after = await sandbox.usage(home.cardId);
  await clear(sandbox, second);
  return after.apdus - before.apdus;
}

/** As far as this card comes at this kiosk: bought, with the order's number, or refused (null). */
async function raceTo({ patron, readerId }: Kiosk, cardId: string): Promise<string | null> {
  await bench.sandbox.insert(readerId, cardId);
  if ((await patron.until('who', 'problem')).screen === 'problem') return null;
  await patron.command({ type: 'confirm-card' });
  await patron.until('amount');
  await patron.command({ type: 'choose-amount', faceFen: FACE_FEN });
  const code = await patron.when(
    (view): view is Extract<PurchaseView, { screen: 'pay' | 'problem' | 'expired' }> =>
      view.screen === 'problem' ||
      view.screen === 'expired' ||
      (view.screen === 'pay' && view.codeUrl !== null),
    'a code or a refusal',
  );
  if (code.screen !== 'pay') return null;
  await bench.sandbox.pay(code.codeUrl ?? '');
  await patron.until('done');
  return code.orderNo;
}
