import { describe, expect, it } from 'vitest';
import { settled } from '@bianmin/card/testing/manual-clock';
import { FakeSlot } from '@bianmin/card/testing/fake-slots';
import { CARD, OTHER_CARD, PurchaseRig } from '../testing/purchase-rig.ts';

describe('readers and cards', () => {
  it('asks for a reader where there is none, and goes on when it is plugged in', async () => {
    const rig = new PurchaseRig();
    await rig.flow.start();
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'no-reader' });
    rig.slots.plug(rig.slot);
    await settled();
    expect(rig.view.screen).toBe('wait');
  });

  it('reads a card that was in before the start', async () => {
    const rig = new PurchaseRig();
    rig.slot.serial = CARD;
    await rig.start();
    expect(rig.view.screen).toBe('who');
  });

  it('is called out where it is left behind, for as long as it lies there, and the kiosk is free once it is taken', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPay();
    rig.server.pay(orderNo);
    await rig.sell(orderNo);
    await rig.clock.advance(19_000);
    expect(rig.view).not.toHaveProperty('forgotten');
    await rig.clock.advance(1_000);
    expect(rig.view).toMatchObject({ screen: 'done', orderNo, forgotten: true });
    await rig.clock.advance(3_600_000);
    expect(rig.view).toMatchObject({ screen: 'done', orderNo, forgotten: true });
    // A household that says it is done and leaves it there is told again.
    await rig.command({ type: 'finish' });
    expect(rig.view).toMatchObject({ screen: 'wait' });
    expect(rig.view).not.toHaveProperty('forgotten');
    await rig.clock.advance(20_000);
    expect(rig.view).toMatchObject({ screen: 'wait', forgotten: true });
    await rig.remove();
    expect(rig.view).toMatchObject({ screen: 'wait' });
    expect(rig.view).not.toHaveProperty('forgotten');
  });

  it('takes neither of two cards, and then the one that is left', async () => {
    const rig = await new PurchaseRig().start();
    const second = new FakeSlot('Second reader');
    rig.slots.plug(second);
    await rig.insert();
    expect(rig.view.screen).toBe('who');
    second.insert(OTHER_CARD);
    await settled();
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'two-readers', moneySafe: 'nothing-taken' });
    await rig.remove();
    expect(rig.view.screen).toBe('who');
  });

  it('does not let a second card disturb one that is being paid for', async () => {
    const rig = await new PurchaseRig().start();
    const second = new FakeSlot('Second reader');
    rig.slots.plug(second);
    const orderNo = await rig.toPay();
    second.insert(OTHER_CARD);
    rig.server.pay(orderNo);
    await rig.sell(orderNo);
    expect(rig.view.screen).toBe('done');
    expect(rig.cards.written).toEqual([CARD]);
  });

  it.each([
    ['reader.mute', 'card-mute'],
    ['chip.unknown', 'card-unknown'],
    ['chip.ambiguous', 'card-unknown'],
    ['chip.unreadable', 'card-damaged'],
    ['meter-card.unreadable', 'card-damaged'],
  ])('%s reads as %s, with nothing taken', async (code, problem) => {
    const rig = await new PurchaseRig().start();
    rig.cards.readErrors.push(code);
    await rig.insert();
    expect(rig.view).toMatchObject({ screen: 'problem', code: problem, moneySafe: 'nothing-taken' });
    await rig.remove();
    expect(rig.view.screen).toBe('wait');
  });

  it('blames the reader where two households’ cards stay mute, until one answers', async () => {
    const rig = await new PurchaseRig().start();
    const staffCodes: unknown[] = [];
    for (const [card, afterMs] of [
      [CARD, 0],
      [CARD, 60_000],
      [OTHER_CARD, 120_000],
    ] as const) {
      await rig.clock.advance(afterMs);
      rig.cards.readErrors.push('reader.mute');
      await rig.insert(card);
      expect(rig.view).toMatchObject({ screen: 'problem', code: 'card-mute', moneySafe: 'nothing-taken' });
      if (rig.view.screen === 'problem') staffCodes.push(rig.view.staffCode);
      await rig.remove();
    }
    expect(staffCodes).toEqual(['reader.mute', 'reader.mute', 'purchase.reader-blind']);
    await rig.insert();
    expect(rig.view.screen).toBe('who');
    await rig.remove();
    await rig.clock.advance(500_000);
    rig.cards.readErrors.push('reader.mute');
    await rig.insert();
    expect(rig.view).toMatchObject({ code: 'card-mute', staffCode: 'reader.mute' });
  });

  it.each([
    ['card.unknown', 'card-unknown'],
    ['card.foreign', 'card-foreign'],
    ['card.replaced', 'card-replaced'],
    ['card.account-closed', 'account-closed'],
    ['chip.locked', 'card-locked'],
    ['chip.too-few-tries', 'card-protected-tries'],
  ])('identify failing with %s offers no retry, which could change nothing', async (code, problem) => {
    const rig = await new PurchaseRig().start();
    rig.server.failOnce('identify', code);
    await rig.insert();
    expect(rig.view).toMatchObject({ screen: 'problem', code: problem, staffCode: code, canRetry: false });
    await rig.command({ type: 'retry' });
    expect(rig.view).toMatchObject({ screen: 'problem', code: problem });
    await rig.remove();
    await rig.insert();
    expect(rig.view.screen).toBe('who');
  });

  it.each([
    ['card.damaged', 'card-damaged'],
    ['grid.unavailable', 'grid-busy'],
    ['server.unavailable', 'server-away'],
    ['terminal.pending', 'not-enrolled'],
  ])('identify failing with %s reads as %s', async (code, problem) => {
    const rig = await new PurchaseRig().start();
    rig.server.failOnce('identify', code);
    await rig.insert();
    expect(rig.view).toMatchObject({ screen: 'problem', code: problem, staffCode: code, canRetry: true });
    await rig.command({ type: 'retry' });
    expect(rig.view.screen).toBe('who');
  });

  it('tries a shaky reading again before it says anything', async () => {
    const rig = await new PurchaseRig().start();
    rig.cards.readErrors.push('reader.timeout', 'reader.removed');
    await rig.insert();
    expect(rig.view.screen).toBe('reading');
    await rig.clock.advance(1_400);
    expect(rig.view.screen).toBe('who');
  });

  it('refuses a second purchase on an unused card before any money', async () => {
    const rig = await new PurchaseRig().start();
    rig.server.card(CARD, { blocked: 'meter.previous-not-inserted' });
    await rig.insert();
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'not-yet-used', moneySafe: 'nothing-taken' });
    expect(rig.server.orders).toEqual([]);
  });

  it.each([
    ['meter-card.locked', 'card-locked'],
    ['meter-card.code-tries', 'card-protected-tries'],
  ])('a card whose code may not be presented (%s) buys nothing', async (code, problem) => {
    const rig = await new PurchaseRig().start();
    rig.cards.codeFaults.set(CARD, code);
    await rig.insert();
    expect(rig.view).toMatchObject({ screen: 'problem', code: problem, moneySafe: 'nothing-taken' });
    expect(rig.server.orders).toEqual([]);
  });

  it('offers a paid order all the same: whether its write may go on, the journal says', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    await rig.remove();
    await rig.command({ type: 'finish' });
    await rig.sell(orderNo);
    rig.cards.codeFaults.set(CARD, 'meter-card.code-tries');
    await rig.insert();
    expect(rig.view).toMatchObject({ screen: 'resume', orderNo });
  });

  it('leaves a card alone that its owner says is not theirs, until it is taken out', async () => {
    const rig = await new PurchaseRig().start();
    await rig.insert();
    await rig.command({ type: 'finish' });
    expect(rig.view.screen).toBe('wait');
    await rig.remove();
    await rig.insert(OTHER_CARD);
    expect(rig.view.screen).toBe('who');
  });
});
