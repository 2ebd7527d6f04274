import { describe, expect, it } from 'vitest';
import { CodedError } from '@bianmin/card/errors';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import type { JournalEntry } from '@bianmin/card/meter-card/journal';
import { CARD, OTHER_CARD, PurchaseRig } from '../testing/purchase-rig.ts';

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

describe('a write that cannot be done', () => {
  it.each([
    ['meter-card.locked', 'card-locked'],
    ['meter-card.code-tries', 'card-protected-tries'],
    ['meter-card.card-changed', 'card-changed'],
    ['meter-card.read-back-differs', 'write-failed'],
  ])('%s is told as %s with the order, and claimed as failed', async (code, problem) => {
    const rig = await new PurchaseRig().start();
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
    const rig = await new PurchaseRig().start();
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
    const before = await new PurchaseRig().start();
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
