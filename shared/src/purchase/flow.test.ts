import { describe, expect, it } from 'vitest';
import { CodedError } from '../errors.ts';
import { FAKE_LEASE_MS } from '../testing/fake-purchase-server.ts';
import { settled } from '../testing/manual-clock.ts';
import { MemoryJournal } from '../testing/memory-journal.ts';
import { CARD, OTHER_CARD, PurchaseRig } from '../testing/purchase-rig.ts';
import type { JournalEntry } from '../meter-card/journal.ts';

async function startedRig(): Promise<PurchaseRig> {
  return new PurchaseRig().start();
}

function entry(orderNo: string, phase: JournalEntry['phase']): JournalEntry {
  return {
    orderNo,
    lease: 1,
    chip: 'SLE4442',
    serial: CARD,
    ranges: [],
    outsideDigest: '0'.repeat(64),
    phase,
    startedAt: 1,
  };
}

describe('a purchase', () => {
  it('goes from the card to a written card, and claims it', async () => {
    const rig = await startedRig();
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
    const rig = await startedRig();
    rig.server.failOnce('quote', 'grid.unavailable');
    const orderNo = await rig.toPay();
    expect(rig.view).toMatchObject({ screen: 'pay', codeUrl: 'weixin://wxpay/bizpayurl?pr=fake' });
    expect(rig.view).not.toHaveProperty('quote');
    rig.server.pay(orderNo);
    expect(rig.view.screen).toBe('selling');
  });

  it('shows the current view to a renderer that comes later', async () => {
    const rig = await startedRig();
    await rig.toPay();
    expect(rig.flow.view.screen).toBe('pay');
  });

  it('uses one key for one intention, however often it is sent', async () => {
    const rig = await startedRig();
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
    const rig = await startedRig();
    await rig.toPay();
    await rig.command({ type: 'back' });
    expect(rig.view.screen).toBe('amount');
    expect(rig.server.last.state).toBe('closed');
    await rig.command({ type: 'choose-amount', faceFen: 10_000 });
    expect(rig.server.orders.map(({ faceFen }) => faceFen)).toEqual([5000, 10_000]);
  });

  it('refuses an amount outside the limits and comes back to the question', async () => {
    const rig = await startedRig();
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

describe('a code that nobody pays', () => {
  it("is closed on the channel's evidence when it runs out", async () => {
    const rig = await startedRig();
    const orderNo = await rig.toPay();
    await rig.clock.advance(300_000);
    expect(rig.view).toEqual({ screen: 'expired', orderNo });
    expect(rig.server.last.state).toBe('closed');
    await rig.command({ type: 'retry' });
    expect(rig.view.screen).toBe('who');
  });

  it('makes room where whoever begins again has taken the card out', async () => {
    const rig = await startedRig();
    await rig.toPay();
    await rig.clock.advance(300_000);
    rig.slot.remove();
    await settled();
    expect(rig.view.screen).toBe('expired');
    await rig.command({ type: 'retry' });
    expect(rig.view.screen).toBe('wait');
  });

  it('is not called unpaid before the channel says so', async () => {
    const rig = await startedRig();
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
    const rig = await startedRig();
    await rig.toPay();
    await rig.remove();
    expect(rig.view.screen).toBe('wait');
    expect(rig.server.last.state).toBe('closed');
  });

  it('that was paid in that moment waits for its card', async () => {
    const rig = await startedRig();
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
    const rig = await startedRig();
    await rig.insert();
    await rig.command({ type: 'confirm-card' });
    rig.flow.command({ type: 'choose-amount', faceFen: 5000 });
    rig.slot.remove();
    await settled();
    expect(rig.view.screen).toBe('wait');
    expect(rig.server.last.state).toBe('closed');
  });

  it('cannot be had: says so with nothing taken, and tries again', async () => {
    const rig = await startedRig();
    await rig.insert();
    await rig.command({ type: 'confirm-card' });
    rig.server.failOnce('createPayment', 'payment.channel-unavailable');
    await rig.command({ type: 'choose-amount', faceFen: 5000 });
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'channel-down', moneySafe: 'nothing-taken' });
    await rig.command({ type: 'retry' });
    expect(rig.view.screen).toBe('pay');
  });
});

describe('the grid', () => {
  it('silent: the screen says that the money is safe; a late answer goes on', async () => {
    const rig = await startedRig();
    const orderNo = await rig.toPaid();
    await rig.clock.advance(15_000);
    expect(rig.view).toMatchObject({ screen: 'grid-silent', orderNo, receiptCode: 'R7K2 9QXD' });
    await rig.sell(orderNo);
    expect(rig.view.screen).toBe('done');
  });

  it('silent by its own word, and then money back', async () => {
    const rig = await startedRig();
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
    const rig = await startedRig();
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
    const rig = await startedRig();
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
    const rig = await startedRig();
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
    const rig = await startedRig();
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

describe('a write that cannot be done', () => {
  it.each([
    ['meter-card.locked', 'card-locked'],
    ['meter-card.code-tries', 'card-protected-tries'],
    ['meter-card.card-changed', 'card-changed'],
    ['meter-card.read-back-differs', 'write-failed'],
  ])('%s is told as %s with the order, and claimed as failed', async (code, problem) => {
    const rig = await startedRig();
    const orderNo = await rig.toPaid();
    rig.cards.endings.push({ failed: code });
    await rig.sell(orderNo);
    expect(rig.view).toMatchObject({
      screen: 'problem',
      code: problem,
      staffCode: code,
      orderNo,
      moneySafe: 'safe-with-order',
    });
    expect(rig.server.claims).toEqual([{ orderNo, lease: 1, result: 'failed', reason: code }]);
    await rig.remove();
    expect(rig.view).toMatchObject({ screen: 'problem', orderNo });
    await rig.clock.advance(20_000);
    expect(rig.view).toMatchObject({ screen: 'problem', asking: rig.clock.now() + 30_000 });
    await rig.clock.advance(30_000);
    expect(rig.view.screen).toBe('wait');
  });

  it('for want of a journal: the terminal stops selling', async () => {
    const rig = await startedRig();
    const orderNo = await rig.toPaid();
    rig.cards.endings.push({ error: 'journal.not-durable' });
    await rig.sell(orderNo);
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'journal-broken', orderNo });
    expect(rig.view).toMatchObject({ moneySafe: 'safe-with-order' });
    await rig.remove();
    expect(rig.view).toMatchObject({ code: 'journal-broken', orderNo: null, moneySafe: 'nothing-taken' });
    await rig.insert(OTHER_CARD);
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'journal-broken' });
  });
});

describe('a restart', () => {
  it('with a written card in the journal: claims it first thing', async () => {
    const before = await startedRig();
    const orderNo = await before.toPaid();
    before.server.failOnce('claim', 'server.unavailable');
    await before.sell(orderNo);
    await before.flow.stop();
    expect(await before.journal.list()).toHaveLength(1);
    const after = new PurchaseRig({ journal: before.journal });
    await after.server.createOrder({
      idempotencyKey: 'k',
      cardSession: `session-${CARD}`,
      faceFen: 5000,
      entry: 'kiosk',
    });
    after.server.move(orderNo, 'sold');
    await after.server.release(orderNo, {
      image: { chip: 'SLE4442', atr: '3B', serial: CARD, regions: [] },
    });
    await after.start();
    expect(after.server.claims).toMatchObject([{ orderNo, result: 'written' }]);
    expect(await before.journal.list()).toEqual([]);
  });

  it('with a write cut short: keeps the entry until the order is settled', async () => {
    const journal = new MemoryJournal();
    const rig = new PurchaseRig({ journal });
    const { orderNo } = await rig.server.createOrder({
      idempotencyKey: 'k',
      cardSession: `session-${CARD}`,
      faceFen: 5000,
      entry: 'kiosk',
    });
    rig.server.move(orderNo, 'writing');
    await journal.put(entry(orderNo, 'presenting'));
    await rig.start();
    expect(await journal.list()).toHaveLength(1);
    rig.server.move(orderNo, 'done');
    await rig.clock.advance(600_000);
    expect(await journal.list()).toEqual([]);
  });

  it('with a journal that cannot be read: the terminal stays out of service', async () => {
    const journal = new MemoryJournal();
    journal.list = () => Promise.reject(new Error('disk'));
    const rig = await new PurchaseRig({ journal }).start();
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'journal-broken' });
    await rig.insert();
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'journal-broken' });
  });

  it('with a journal that could not be written: no order is made, at the start or when it turns out', async () => {
    const full = (): Promise<void> =>
      Promise.reject(new CodedError({ code: 'journal.not-durable', message: 'full' }));
    const journal: MemoryJournal & { ready?: () => Promise<void> } = new MemoryJournal();
    const rig = await new PurchaseRig({ journal }).start();
    await rig.insert();
    await rig.command({ type: 'confirm-card' });
    journal.ready = full;
    await rig.command({ type: 'choose-amount', faceFen: 5000 });
    expect(rig.view).toMatchObject({ code: 'journal-broken', moneySafe: 'nothing-taken', orderNo: null });
    expect(rig.server.orders).toEqual([]);
    const again = await new PurchaseRig({ journal }).start();
    expect(again.view).toMatchObject({ screen: 'problem', code: 'journal-broken' });
  });

  it('keeps a claim that the server will never take out of the way', async () => {
    const journal = new MemoryJournal();
    await journal.put(entry('260115020099999999', 'written'));
    await new PurchaseRig({ journal }).start();
    expect(await journal.list()).toEqual([]);
  });
});
