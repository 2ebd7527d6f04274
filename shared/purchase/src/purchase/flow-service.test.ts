import { describe, expect, it } from 'vitest';
import type { Journal } from '@bianmin/card/meter-card/journal';
import { CodedError, codeOf } from '@bianmin/card/errors';
import { FakeSlot } from '@bianmin/card/testing/fake-slots';
import { settled } from '@bianmin/card/testing/manual-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { FAKE_HOME } from '../testing/fake-purchase-server.ts';
import { CARD, PurchaseRig } from '../testing/purchase-rig.ts';
import type { OpenCard, WriteJob } from './ports.ts';

/** Changes each card that is opened. */
function withCards(rig: PurchaseRig, change: (card: OpenCard) => Partial<OpenCard>): void {
  const open = rig.cards.open.bind(rig.cards);
  rig.cards.open = async (slot) => {
    const card = await open(slot);
    return { ...card, ...change(card) };
  };
}

describe('a flow and what is around it', () => {
  it('is busy from a card to its end, so that nothing interrupts a household', async () => {
    const rig = new PurchaseRig();
    expect(rig.flow.busy).toBe(false);
    await rig.start();
    expect(rig.flow.busy).toBe(false);
    await rig.insert();
    expect(rig.flow.busy).toBe(true);
    await rig.remove();
    expect(rig.flow.busy).toBe(false);
  });

  it('is not busy out of service', async () => {
    const journal = new MemoryJournal();
    journal.list = () => Promise.reject(new Error('disk'));
    const rig = await new PurchaseRig({ journal }).start();
    expect(rig.view).toMatchObject({ code: 'journal-broken', staffCode: 'journal.unreadable' });
    expect(rig.flow.busy).toBe(false);
    expect(rig.faults).toEqual(['journal']);
  });

  it('says by its own code what is wrong with the journal', async () => {
    const journal = new MemoryJournal();
    journal.list = () => Promise.reject(new CodedError({ code: 'journal.not-durable', message: 'full' }));
    const rig = await new PurchaseRig({ journal }).start();
    expect(rig.view).toMatchObject({ code: 'journal-broken', staffCode: 'journal.not-durable' });
  });

  it('has the handle of a card while it is asked about, and of no household without one', async () => {
    const rig = await new PurchaseRig().start();
    expect(rig.flow.cardSession).toBeNull();
    await rig.insert();
    expect(rig.flow.cardSession).toBe(`session-${CARD}`);
    await rig.command({ type: 'confirm-card' });
    expect(rig.flow.cardSession).toBe(`session-${CARD}`);
    await rig.command({ type: 'choose-amount', faceFen: 5000 });
    expect(rig.flow.cardSession).toBeNull();
    await rig.remove();
    await rig.command({ type: 'home', homeId: FAKE_HOME.homeId });
    expect(rig.view.screen).toBe('amount');
    expect(rig.flow.cardSession).toBeNull();
  });

  it('uses the waits that it is given, and its own for the others', async () => {
    const rig = await new PurchaseRig({ timings: { unansweredMs: 1_000 } }).start();
    await rig.command({ type: 'without-card' });
    await rig.clock.advance(1_000);
    expect(rig.view).toMatchObject({ asking: rig.clock.now() + 30_000 });
  });

  it('hears of one order at a time, and of none that it has left', async () => {
    const rig = await new PurchaseRig().start();
    const log: string[] = [];
    const subscribe = rig.server.subscribe.bind(rig.server);
    rig.server.subscribe = (orderNo, listener) => {
      const off = subscribe(orderNo, listener);
      log.push(`on ${orderNo}`);
      return () => {
        log.push(`off ${orderNo}`);
        off();
      };
    };
    const first = await rig.toPay();
    await rig.command({ type: 'back' });
    expect(log).toEqual([`on ${first}`, `off ${first}`]);
    await rig.command({ type: 'choose-amount', faceFen: 5000 });
    const second = rig.server.last.orderNo;
    await rig.flow.stop();
    expect(log.slice(2)).toEqual([`on ${second}`, `off ${second}`]);
  });
});

describe('the views of a flow', () => {
  it('show how the server says that an order stands when it takes its claim', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    const claim = rig.server.claim.bind(rig.server);
    rig.server.claim = async (...asked) => {
      rig.server.pushes = false;
      const order = await claim(...asked);
      return { ...order, receiptCode: 'ABCD 1234', version: order.version + 1 };
    };
    await rig.sell(orderNo);
    expect(rig.view).toMatchObject({ screen: 'done', orderNo, receiptCode: 'ABCD 1234' });
  });

  it('come to each listener in their order, also where one answers at once', async () => {
    const rig = new PurchaseRig();
    const seen: string[] = [];
    rig.flow.onView(({ screen }) => {
      if (screen === 'who') rig.flow.command({ type: 'confirm-card' });
    });
    rig.flow.onView(({ screen }) => seen.push(screen));
    await rig.start();
    await rig.insert();
    expect(seen).toEqual(['wait', 'reading', 'who', 'amount']);
  });

  it('come once each, and no more to one who has left', async () => {
    const rig = await new PurchaseRig().start();
    const seen: string[] = [];
    const off = rig.flow.onView(({ screen }) => seen.push(screen));
    await rig.command({ type: 'stay' });
    expect(seen).toEqual([]);
    await rig.insert();
    expect(seen).toEqual(['reading', 'who']);
    off();
    await rig.remove();
    expect(seen).toEqual(['reading', 'who']);
  });

  it('go on after a listener that failed', async () => {
    const rig = await new PurchaseRig().start();
    const off = rig.flow.onView(() => {
      throw new Error('broken screen');
    });
    expect(() => rig.flow.command({ type: 'without-card' })).toThrow('broken screen');
    off();
    await rig.command({ type: 'back' });
    expect(rig.view.screen).toBe('wait');
  });
});

describe('a flow that stops', () => {
  it('hears and does nothing any more', async () => {
    const rig = await new PurchaseRig().start();
    await rig.toPay();
    const told = rig.seen.length;
    await rig.flow.stop();
    expect(rig.clock.sleepers).toBe(0);
    await rig.command({ type: 'back' });
    rig.slot.remove();
    rig.slots.plug(new FakeSlot('Second reader'));
    expect(rig.seen).toHaveLength(told);
  });

  it('lets the write in progress come to its end', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    rig.cards.hold = true;
    await rig.sell(orderNo);
    let isOver = false;
    const over = rig.flow.stop().then(() => (isOver = true));
    await settled();
    expect(isOver).toBe(false);
    rig.cards.resume();
    await over;
    expect(rig.cards.written).toEqual([CARD]);
  });

  it('does not close an order any more that was left', async () => {
    const rig = await new PurchaseRig().start();
    rig.server.away = true;
    await rig.flow.stop();
    await rig.clock.advance(60_000);
    expect(rig.server.calls).not.toContain('cancel');
  });
});

describe('a card in the hands of a flow', () => {
  it('rests once it was read, so that its write need not read it again', async () => {
    const rig = await new PurchaseRig().start();
    const log: string[] = [];
    withCards(rig, (card) => ({
      rest: () => log.push('rest'),
      codeFault: (journal: Journal) => {
        log.push('codeFault');
        return card.codeFault(journal);
      },
      end: () => {
        log.push('end');
        return Promise.resolve();
      },
    }));
    await rig.insert();
    expect(log).toEqual(['codeFault', 'rest']);
  });

  it('is powered down where it fails while its code is looked at', async () => {
    const rig = await new PurchaseRig().start();
    let ended = 0;
    let rested = 0;
    const broken = new CodedError({ code: 'chip.unreadable', message: 'broken' });
    withCards(rig, () => ({
      codeFault: () => Promise.reject(broken),
      end: () => {
        ended += 1;
        return Promise.resolve();
      },
      rest: () => void (rested += 1),
    }));
    await rig.insert();
    expect([ended, rested]).toEqual([1, 0]);
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'card-damaged' });
    expect(rig.faults).toEqual(['read']);
    expect(rig.errors).toEqual([broken]);
  });

  it('is written with the number of attempts before', async () => {
    const rig = await new PurchaseRig().start();
    const tries: number[] = [];
    withCards(rig, (card) => ({
      write: (job: WriteJob) => {
        tries.push(job.tries);
        return card.write(job);
      },
    }));
    const orderNo = await rig.toPaid();
    rig.cards.endings.push({ error: 'reader.timeout' }, { error: 'reader.timeout' });
    await rig.sell(orderNo);
    await rig.clock.advance(6_000);
    expect(tries).toEqual([0, 1, 2]);
    expect(rig.view.screen).toBe('done');
    expect(rig.faults).toEqual(['write', 'write']);
  });

  it('is read again only after a while, and not from a reader that is gone by then', async () => {
    const rig = await new PurchaseRig().start();
    rig.cards.readErrors.push('reader.timeout');
    await rig.insert();
    await rig.clock.advance(699);
    expect(rig.faults).toEqual(['read']);
    expect(rig.view.screen).toBe('reading');
    rig.slots.unplug(rig.slot);
    await rig.clock.advance(1);
    expect(rig.errors.map(codeOf)).toEqual(['reader.timeout', 'purchase.no-slot']);
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'no-reader' });
  });
});

describe('what goes wrong in a flow', () => {
  it('is told by where it was, and is a problem of its own where it has no code', async () => {
    const rig = await new PurchaseRig().start();
    const odd = new Error('odd');
    rig.server.identify = () => Promise.reject(odd);
    await rig.insert();
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'unexpected', staffCode: 'unexpected' });
    expect(rig.faults).toEqual(['identify']);
    expect(rig.errors).toEqual([odd]);
  });

  it('is told where nothing waits for it', async () => {
    const rig = await new PurchaseRig().start();
    rig.server.failOnce('quote', 'grid.unavailable');
    await rig.toPay();
    expect(rig.faults).toEqual(['quote']);
    rig.server.failOnce('createPayment', 'payment.channel-unavailable');
    await rig.command({ type: 'choose-channel', channel: 'alipay' });
    expect(rig.view).toMatchObject({ screen: 'problem', code: 'channel-down' });
    rig.server.failOnce('cancel', 'server.busy');
    await rig.remove();
    expect(rig.faults).toEqual(['quote', 'create-payment', 'abandon']);
    await rig.clock.advance(2_000);
    expect(rig.server.last.state).toBe('closed');
  });

  it('with a reader is told, and the others go on', async () => {
    const rig = new PurchaseRig();
    const broken = new FakeSlot('Broken reader');
    broken.present = () => Promise.reject(new Error('odd'));
    rig.slots.plug(broken);
    await rig.start();
    expect(rig.faults).toEqual(['slot.present']);
    await rig.insert();
    expect(rig.view.screen).toBe('who');
  });

  it('with a claim is told', async () => {
    const rig = await new PurchaseRig().start();
    const orderNo = await rig.toPaid();
    rig.server.failOnce('claim', 'server.unavailable');
    await rig.sell(orderNo);
    expect(rig.faults).toEqual(['claim']);
  });
});
