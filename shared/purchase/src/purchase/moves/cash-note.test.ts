import { describe, expect, it } from 'vitest';
import { cash as inCash, household, NO, order, PHASES, receipt } from '../../testing/cash-purchase-states.ts';
import { PHASES as CARD } from '../../testing/card-purchase-states.ts';
import { stateIn } from '../../testing/purchase-phases.ts';
import type { OrderView } from '../../api/order.ts';
import type { CashNote } from '../cash-step.ts';
import type { Phase } from '../state.ts';
import { stay } from '../step.ts';
import { noted, onReceipt } from './cash-note.ts';

const fresh: CashNote = { orderNo: NO, says: 'paid', receipt: null, asOf: '' };
const ticketOf = (of: OrderView) => ({ order: of, serial: '65', household, resumed: false, tries: 0 });
const selling = (of: OrderView): Phase => ({ ...CARD.selling, ticket: ticketOf(of) });
const done = (of: OrderView): Phase => ({ ...CARD.done, ticket: ticketOf(of) });
const refund = (of: OrderView): Phase => ({ ...CARD.refund, order: of });
const closed: Phase = { ...CARD.expired, order: order('closed') };
const closing: Phase = { ...CARD.closing, order: order('paying') };
const held = { ...PHASES.offered, held: true };

/** What is known after the move from one phase to another, and what is asked for. */
function move(left: Phase, entered: Phase, known?: CashNote) {
  const cash = known === undefined ? {} : { cash: known };
  const { state, effects } = noted(stateIn(left, cash), stay(stateIn(entered, cash)));
  expect(state.phase).toBe(entered);
  return { cash: state.cash, effects };
}

describe('what staff with cash are told of an order', () => {
  it('is nothing new while they are at it', () => {
    const step = stay(stateIn(PHASES.taking));
    expect(noted(stateIn(PHASES.offered), step)).toBe(step);
  });

  it('is that cash has paid it, wherever that is heard', () => {
    const paid = selling(order('paid', inCash));
    for (const left of [PHASES.taking, PHASES.pay]) {
      expect(move(left, paid)).toEqual({ cash: fresh, effects: [] });
    }
    const known = { ...fresh, receipt, asOf: 'x' };
    expect(move(paid, paid, known).cash).toEqual(known);
    expect(move(paid, paid, { ...known, orderNo: '2' }).cash).toEqual(fresh);
  });

  it('is not that cash has paid it where it has not, or not yet', () => {
    const pending = { ...inCash, status: 'pending' } as const;
    const byPhone = { ...inCash, channel: 'wechat' } as const;
    for (const payment of [pending, byPhone]) {
      expect(move(PHASES.pay, selling(order('paid', payment))).cash).toBeUndefined();
    }
    const { payment: _, ...rest } = order('paid');
    expect(move(PHASES.pay, selling({ ...rest, payment: null })).cash).toBeUndefined();
  });

  it('is that a phone has paid', () => {
    const paid = selling(order('paid'));
    expect(move(PHASES.offered, paid).cash).toEqual({ ...fresh, says: 'phone-paid' });
    // Also after they had been told to hand it back.
    const told: CashNote = { ...fresh, says: 'not-recorded', receipt };
    expect(move(closing, paid, told).cash).toEqual({ ...told, says: 'phone-paid' });
    expect(move(closing, paid).cash).toBeUndefined();
  });

  it('is to hand it back where they hold it and the order is over', () => {
    const told = { ...fresh, says: 'not-recorded' };
    expect(move(held, closed).cash).toEqual(told);
    expect(move(held, closing).cash).toEqual(told);
    expect(move(PHASES.offered, closed).cash).toBeUndefined();
    expect(move(held, PHASES.pay).cash).toBeUndefined();
  });

  it('stays as it is while nothing is heard, and of no other order', () => {
    const told: CashNote = { ...fresh, says: 'not-recorded' };
    for (const entered of [closed, closing, CARD.idle]) {
      expect(move(closing, entered, told).cash).toBe(told);
    }
    const other: CashNote = { ...told, orderNo: '2' };
    expect(move(closing, selling(order('paid')), other).cash).toBe(other);
  });
});

describe('the receipt', () => {
  const asks = [{ do: 'cash-receipt', orderNo: NO }];

  it('is asked for on each screen that shows it, once for each way the order stands', () => {
    const ended = order('done', inCash);
    const first = move(PHASES.taking, done(ended));
    expect(first).toEqual({ cash: { ...fresh, asOf: 'done done ' }, effects: asks });
    expect(move(done(ended), done(ended), first.cash)).toEqual({ cash: first.cash, effects: [] });
    const back = { ...order('refunding', inCash), refund: { fen: 1, status: 'sent', reason: 'x' } } as const;
    expect(move(done(ended), refund(back), first.cash)).toEqual({
      cash: { ...fresh, asOf: 'refund refunding sent' },
      effects: asks,
    });
    const credited: Phase = { name: 'credited', order: ended };
    expect(move(PHASES.homeTaking, credited)).toEqual({
      ...{ cash: { ...fresh, asOf: 'credited done ' }, effects: asks },
    });
  });

  it('comes after what the move itself asks for', () => {
    const cancel = { do: 'cancel', turn: 8, orderNo: NO } as const;
    const step = { state: stateIn(done(order('done', inCash))), effects: [cancel] };
    expect(noted(stateIn(PHASES.taking), step).effects).toEqual([cancel, ...asks]);
  });

  it('is not asked for where a phone paid', () => {
    expect(move(PHASES.offered, done(order('done')))).toEqual({
      cash: { ...fresh, says: 'phone-paid', asOf: 'done done ' },
      effects: [],
    });
  });

  it('is kept where it is of the order that is told of', () => {
    const before = stateIn(done(order('done', inCash)), { cash: fresh });
    expect(onReceipt(before, receipt)).toEqual(stay({ ...before, cash: { ...fresh, receipt } }));
    const other = { ...receipt, orderNo: '2' };
    expect(onReceipt(before, other)).toEqual(stay(before));
    const none = stateIn(CARD.done);
    expect(onReceipt(none, receipt)).toEqual(stay(none));
  });
});
