import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { Stop } from '@bianmin/card/stop';
import { NO, offers, order, receipt } from '../testing/cash-purchase-states.ts';
import { fault } from '../testing/fake-order-book.ts';
import { askCash } from './cash-work.ts';

type Effect = Parameters<typeof askCash>[0];

function ask(effect: Effect, asksCash: () => Promise<typeof receipt> = () => Promise.resolve(receipt)) {
  const clock = new ManualClock();
  const stop = new Stop();
  const calls: unknown[] = [];
  const called = <A extends unknown[], T>(name: string, answer: () => Promise<T>) => {
    return (...args: A) => {
      calls.push([name, ...args]);
      return answer();
    };
  };
  const offerCash = called('offerCash', () => Promise.resolve(offers.offer));
  const api = {
    takeCash: called('takeCash', () => Promise.resolve(order('sold'))),
    cashReceipt: called('cashReceipt', asksCash),
  };
  return { clock, stop, calls, answer: askCash(effect, { api, offerCash, clock, signal: stop.signal }) };
}

describe('a question about cash', () => {
  it('offers it to who says their PIN', async () => {
    const by = { staff: '104817', pin: '274913' };
    const { answer, calls } = ask({ do: 'offer-cash', turn: 8, orderNo: NO, by });
    expect(await answer).toEqual({ type: 'cash-offered', turn: 8, offer: offers.offer });
    expect(calls).toEqual([['offerCash', NO, by]]);
  });

  it('is offered nowhere where no staff are', async () => {
    const clock = new ManualClock();
    const api = { takeCash: () => Promise.reject(fault('x')), cashReceipt: () => Promise.reject(fault('x')) };
    const effect = { do: 'offer-cash', turn: 8, orderNo: NO, by: { shift: true } } as const;
    const answer = askCash(effect, { api, clock, signal: new Stop().signal });
    await expect(answer).rejects.toMatchObject({ code: 'float.none' });
  });

  it('records it by the ticket of the offer', async () => {
    const { answer, calls } = ask({ do: 'take-cash', turn: 8, orderNo: NO, ticket: 'a-ticket' });
    expect(await answer).toEqual({ type: 'order', order: order('sold') });
    expect(calls).toEqual([['takeCash', NO, { ticket: 'a-ticket' }]]);
  });

  it('asks whether it was recorded, at once or after a while', async () => {
    const now = ask({ do: 'ask-cash', turn: 8, orderNo: NO, afterMs: 0 });
    expect(await now.answer).toEqual({ type: 'cash-asked', turn: 8, receipt });
    expect(now.calls).toEqual([['cashReceipt', NO]]);
    const later = ask({ do: 'ask-cash', turn: 8, orderNo: NO, afterMs: 3_000 });
    await later.clock.advance(2_999);
    expect(later.calls).toEqual([]);
    await later.clock.advance(1);
    expect(await later.answer).toEqual({ type: 'cash-asked', turn: 8, receipt });
  });

  it('hears that it was not, and fails with anything else', async () => {
    const effect: Effect = { do: 'ask-cash', turn: 8, orderNo: NO, afterMs: 0 };
    const none = ask(effect, () => Promise.reject(fault('request.not-found')));
    expect(await none.answer).toEqual({ type: 'cash-asked', turn: 8, receipt: null });
    const away = fault('server.unavailable');
    await expect(ask(effect, () => Promise.reject(away)).answer).rejects.toBe(away);
  });

  it('is not asked any more where the flow stops meanwhile', async () => {
    const { answer, calls, stop } = ask({ do: 'ask-cash', turn: 8, orderNo: NO, afterMs: 3_000 });
    stop.stop();
    await expect(answer).rejects.toThrow('given up');
    expect(calls).toEqual([]);
  });
});
