import { describe, expect, it } from 'vitest';
import { reduce } from './machine.ts';
import { screenOf } from './screen.ts';
import type { PurchaseEvent } from './event.ts';
import {
  TURN,
  SLOT,
  NO,
  INIT,
  cash,
  order,
  household,
  limits,
  receipt,
  PHASES,
  pin,
  says,
  failed,
  asked,
  offers,
  before,
} from '../testing/cash-purchase-states.ts';

describe('what staff with cash are told', () => {
  it('is how long a locked PIN stays locked, where the server says so', () => {
    const locked = { ...failed('request.rate-limited'), waitMs: 840_001 } as PurchaseEvent;
    expect(screenOf(reduce(before(PHASES.checking), locked, INIT).state)).toMatchObject({
      ...{ screen: 'cash-staff', fault: 'locked', waitMinutes: 15 },
    });
  });

  it('is that a phone has paid, up to the end', () => {
    const paid = reduce(before(PHASES.offered), says('sold'), INIT).state;
    expect(screenOf(paid)).toMatchObject({ screen: 'writing', cash: { says: 'phone-paid', receipt: null } });
    const ended = { type: 'write-ended', turn: paid.turn, outcome: { result: 'written' } } as const;
    const { state, effects } = reduce(paid, ended, INIT);
    expect(screenOf(state)).toMatchObject({ screen: 'done', cash: { says: 'phone-paid' } });
    expect(effects).toEqual([]);
  });

  it('is the receipt once the card is written, asked for anew when money goes back', () => {
    const taken = reduce(before(PHASES.taking), says('sold', cash), INIT).state;
    expect(screenOf(taken)).toMatchObject({ screen: 'writing', cash: { says: 'paid', receipt: null } });
    const ended = { type: 'write-ended', turn: taken.turn, outcome: { result: 'written' } } as const;
    const done = reduce(taken, ended, INIT);
    expect(done.effects).toEqual([{ do: 'cash-receipt', orderNo: NO }]);
    const shown = reduce(done.state, { type: 'cash-receipt', receipt }, INIT).state;
    expect(screenOf(shown)).toMatchObject({ screen: 'done', cash: { says: 'paid', receipt } });
    const refund = { fen: 5000, status: 'done', reason: 'staff' } as const;
    const back: PurchaseEvent = { type: 'order', order: { ...order('refunded', cash, 9), refund } };
    expect(reduce(shown, back, INIT).effects).toEqual([{ do: 'cash-receipt', orderNo: NO }]);
    const stranger = { ...receipt, orderNo: '260115020000000002' };
    expect(reduce(shown, { type: 'cash-receipt', receipt: stranger }, INIT).state).toEqual(shown);
  });

  it('is to hand the cash back once an order is closed that it was not recorded for, and not before', () => {
    const closing = reduce(before(PHASES.worn), asked(null), INIT).state;
    expect(screenOf(closing)).toMatchObject({ screen: 'pay', codeUrl: null, closing: true });
    const closed = reduce(closing, says('closed'), INIT).state;
    expect(screenOf(closed)).toMatchObject({ screen: 'expired', cash: { says: 'not-recorded' } });
    const recorded = reduce(closing, says('sold', cash), INIT).state;
    expect(screenOf(recorded)).toMatchObject({ screen: 'writing', cash: { says: 'paid' } });
    const byPhone = reduce(closing, says('sold'), INIT).state;
    expect(screenOf(byPhone)).toMatchObject({ screen: 'writing', cash: { says: 'phone-paid' } });
  });

  it('is nothing where they do not have it', () => {
    const { state } = reduce(before(PHASES.asking), says('closed'), INIT);
    expect(screenOf(state)).toEqual({ screen: 'expired', orderNo: NO });
  });

  it('is not to take it again once they have it', () => {
    const stale = reduce(before(PHASES.taking), failed('float.offer-stale'), INIT).state;
    expect(screenOf(stale)).toMatchObject({ screen: 'cash-staff', fault: 'stale', held: true });
    const checking = reduce(stale, pin, INIT).state;
    const again = reduce(checking, { ...offers, turn: checking.turn }, INIT).state;
    expect(screenOf(again)).toMatchObject({ screen: 'cash-take', held: true, busy: false });
  });
});

describe('cash that waits for a household', () => {
  it('is told to the household that puts its card in', () => {
    const cashWaitingFen = 5000;
    const { name, address, customerNo } = household;
    const answer = {
      ...{ cardSession: 's', customer: { name, address, customerNo }, limits },
      ...{ meter: { balanceFen: null, readAt: null, arrearsFen: 0 }, blocked: null, unfinished: null },
    };
    const identifying = { name: 'identifying', slot: SLOT, serial: '65', trouble: null } as const;
    const view = (over: object) => {
      const event = { type: 'identified', turn: TURN, answer: { ...answer, ...over } } as const;
      return screenOf(reduce(before(identifying), event, INIT).state);
    };
    expect(view({ cashWaitingFen })).toMatchObject({ screen: 'who', household: { cashWaitingFen } });
    expect(view({})).toEqual({ screen: 'who', household });
  });
});
