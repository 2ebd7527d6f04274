import { describe, expect, it } from 'vitest';
import type { CashOffer } from '../api/float.ts';
import type { OrderState, OrderView } from '../api/order.ts';
import { unanswered } from '../testing/unanswered.ts';
import { reduce } from './machine.ts';
import { wakeOf } from './phase.ts';
import { screenOf } from './screen.ts';
import { DEFAULT_TIMINGS } from './state.ts';
import type {
  CashStep,
  KnownCard,
  KnownHome,
  PayPhase,
  Phase,
  PhaseName,
  PurchaseEffect,
  PurchaseEvent,
  PurchaseState,
} from './state.ts';
import type { PurchaseCommand } from './view.ts';

const TURN = 7;
const SLOT = 'slot-1';
const NO = '260115020000000001';
const PIN = '274913';
const INIT = { settings: { entry: 'kiosk', channel: 'any' }, timings: DEFAULT_TIMINGS } as const;

const phone: OrderView['payment'] = {
  ...{ no: `${NO}p1`, channel: 'any', status: 'pending', codeUrl: 'https://x/p/1' },
  expiresAt: '2026-01-15T02:05:00Z',
};
const cash: OrderView['payment'] = {
  ...{ no: `${NO}p2`, channel: 'cash', status: 'succeeded', codeUrl: null, expiresAt: null },
};
const order = (state: OrderState, payment = phone, version = 4): OrderView => ({
  ...{ orderNo: NO, version, state, entry: 'kiosk', faceFen: 5000, discountFen: 0, paidFen: 5000 },
  ...{ createdAt: '2026-01-15T02:00:00Z', payment, receiptCode: null, refund: null },
});
const household = {
  ...{ name: '张*', address: '*', customerNo: '****1234' },
  ...{ balanceFen: null, balanceAt: null, arrearsFen: 0 },
};
const limits = { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [] };
const card: KnownCard = { slot: SLOT, serial: '65', household, limits, cardSession: 'session' };
const home: KnownHome = { customerNo: '650100001001', proof: '042917', household, limits };
const pay: PayPhase = {
  ...{ name: 'pay', slot: SLOT, buyer: card, channel: 'any', skewMs: 0 },
  order: order('paying', phone, 3),
};
const offer: CashOffer = {
  ...{ ticket: 'a-ticket', committee: '天山一社区', staff: 'zhang' },
  ...{ takeFen: 5000, balanceFen: 95_000, leftTodayFen: 45_000 },
};
const receipt = {
  ...{ orderNo: NO, receiptCode: 'R7K2 9QXD', committee: '天山一社区', staff: 'zhang' },
  ...{ takenFen: 5000, takenAt: '2026-01-15T02:01:00Z', handBackFen: 0 },
};
const at = (step: CashStep, held = false, slot: string | null = SLOT) =>
  ({ name: 'cash', slot, pay: { ...pay, slot }, step, held }) as const satisfies Phase;

const P = {
  pay,
  asking: at({ is: 'asking', fault: null }),
  checking: at({ is: 'checking' }),
  offered: at({ is: 'offered', offer }),
  taking: at({ is: 'taking', offer, tries: 0 }, true),
  unsure: at({ is: 'unsure', offer, tries: 0 }, true),
  worn: at({ is: 'unsure', offer, tries: 6 }, true),
  gone: at({ is: 'unsure', offer, tries: 2 }, true, null),
  refused: at({ is: 'refused', why: 'empty' }),
  home: { ...at({ is: 'offered', offer }, false, null), pay: { ...pay, slot: null, buyer: home } },
  homeTaking: {
    ...at({ is: 'taking', offer, tries: 0 }, true, null),
    pay: { ...pay, slot: null, buyer: home },
  },
} as const satisfies Record<string, Phase>;

const does = (command: PurchaseCommand): PurchaseEvent => ({ type: 'command', command, key: 'k' });
const pressed = (type: 'cash' | 'cash-taken' | 'back' | 'finish') => does({ type });
const pin = does({ type: 'cash-staff', staff: '104817', pin: PIN });
const says = (state: OrderState, payment = phone): PurchaseEvent => ({
  type: 'order',
  order: order(state, payment),
});
const failed = (code: string): PurchaseEvent => ({ type: 'failed', turn: TURN, code });
const asked = (is: typeof receipt | null): PurchaseEvent => ({ type: 'cash-asked', turn: TURN, receipt: is });
const offers: PurchaseEvent = { type: 'cash-offered', turn: TURN, offer };
const out = { type: 'slots', readers: ['R'], present: [] } as const;
const timer = { type: 'timer', turn: TURN, at: 0 } as const;

type Where = PhaseName | CashStep['is'];
type Asks = PurchaseEffect['do'] | 'ask-cash, refresh';
type Row = readonly [from: keyof typeof P, event: PurchaseEvent, to: Where, asks?: Asks];

const TABLE: readonly Row[] = [
  ['pay', pressed('cash'), 'asking'],
  ['asking', pin, 'checking', 'offer-cash'],
  ['asking', pressed('back'), 'pay', 'create-payment'],
  ['asking', timer, 'pay', 'create-payment'],
  ['asking', out, 'closing', 'cancel'],
  ['asking', pressed('cash-taken'), 'asking'],
  ['asking', says('paying'), 'asking'],
  ['asking', says('paid'), 'selling'],
  ['asking', says('sold'), 'writing', 'write'],
  ['asking', says('closed'), 'expired'],
  ['checking', offers, 'offered'],
  ['checking', pin, 'checking'],
  ['checking', pressed('back'), 'checking'],
  ['checking', failed('float.bad-pin'), 'asking'],
  ['checking', failed('request.rate-limited'), 'asking'],
  ['checking', failed('auth.forbidden'), 'asking'],
  ['checking', failed('server.unavailable'), 'asking'],
  ['checking', failed('order.already-paid'), 'asking', 'refresh'],
  ['checking', failed('float.none'), 'refused'],
  ['checking', failed('float.frozen'), 'refused'],
  ['checking', failed('float.empty'), 'refused'],
  ['checking', failed('float.day-limit'), 'refused'],
  ['checking', out, 'closing', 'cancel'],
  ['offered', pressed('cash-taken'), 'taking', 'take-cash'],
  ['offered', pressed('back'), 'pay', 'create-payment'],
  ['offered', pressed('finish'), 'pay', 'create-payment'],
  ['offered', timer, 'pay', 'create-payment'],
  ['offered', says('sold'), 'writing', 'write'],
  ['offered', pin, 'offered'],
  ['taking', says('sold', cash), 'writing', 'write'],
  ['taking', says('paid', cash), 'selling'],
  ['taking', says('refunding', cash), 'refund', 'cash-receipt'],
  ['taking', says('paying'), 'taking'],
  ['taking', says('closed'), 'expired'],
  ['taking', pressed('back'), 'taking'],
  ['taking', pressed('cash-taken'), 'taking'],
  ['taking', timer, 'unsure', 'ask-cash'],
  ['taking', out, 'taking'],
  ['taking', failed('server.unavailable'), 'unsure', 'ask-cash'],
  ['taking', failed('server.internal'), 'unsure', 'ask-cash'],
  ['taking', failed('order.already-paid'), 'unsure', 'ask-cash, refresh'],
  ['taking', failed('float.offer-stale'), 'asking'],
  ['taking', failed('float.empty'), 'refused'],
  ['unsure', asked(null), 'taking', 'take-cash'],
  ['unsure', asked(receipt), 'unsure', 'ask-cash, refresh'],
  ['unsure', failed('server.unavailable'), 'unsure', 'ask-cash'],
  ['unsure', pressed('back'), 'unsure'],
  ['unsure', out, 'unsure'],
  ['unsure', says('sold', cash), 'writing', 'write'],
  ['worn', asked(null), 'closing', 'cancel'],
  ['gone', failed('server.unavailable'), 'closing', 'cancel'],
  ['gone', says('sold', cash), 'pulled'],
  ['gone', says('closed'), 'expired'],
  ['refused', pressed('back'), 'pay', 'create-payment'],
  ['refused', timer, 'pay', 'create-payment'],
  ['home', pressed('back'), 'pay', 'create-payment'],
  ['homeTaking', says('sold', cash), 'crediting'],
  ['homeTaking', says('closed'), 'expired'],
];

const before = (phase: Phase): PurchaseState => {
  const present = 'slot' in phase && phase.slot !== null ? [SLOT] : [];
  return { turn: TURN, phase, readers: ['R'], present };
};
const whereOf = (phase: Phase): Where => (phase.name === 'cash' ? phase.step.is : phase.name);

describe('every move of staff with cash', () => {
  it.each(TABLE.map(([from, event, to, asks]) => ({ from, what: told(event), event, to, asks })))(
    '$from, $what: $to $asks',
    ({ from, event, to, asks }) => {
      const { state, effects } = unanswered(before(P[from]), event, INIT);
      expect(whereOf(state.phase)).toBe(to);
      expect(effects.map((effect) => effect.do).join(', ')).toBe(asks ?? '');
    },
  );

  it('keeps no PIN: it is in the one question, and in no state and no view', () => {
    const { state, effects } = reduce(before(P.asking), pin, INIT);
    expect(effects).toEqual([{ do: 'offer-cash', turn: TURN + 1, orderNo: NO, staff: '104817', pin: PIN }]);
    expect(JSON.stringify([state, screenOf(state)])).not.toContain(PIN);
  });

  it('leaves no question to staff for ever, and no wait for an answer to a clock', () => {
    for (const phase of [P.asking, P.offered, P.refused, P.taking]) {
      expect(wakeOf(phase, DEFAULT_TIMINGS)).not.toBeNull();
    }
    for (const phase of [P.checking, P.unsure]) expect(wakeOf(phase, DEFAULT_TIMINGS)).toBeNull();
  });
});

describe('what staff with cash are told', () => {
  it('is how long a locked PIN stays locked, where the server says so', () => {
    const locked = { ...failed('request.rate-limited'), waitMs: 840_001 } as PurchaseEvent;
    expect(screenOf(reduce(before(P.checking), locked, INIT).state)).toMatchObject({
      ...{ screen: 'cash-staff', fault: 'locked', waitMinutes: 15 },
    });
  });

  it('is that a phone has paid, up to the end', () => {
    const paid = reduce(before(P.offered), says('sold'), INIT).state;
    expect(screenOf(paid)).toMatchObject({ screen: 'writing', cash: { says: 'phone-paid', receipt: null } });
    const ended = { type: 'write-ended', turn: paid.turn, outcome: { result: 'written' } } as const;
    const { state, effects } = reduce(paid, ended, INIT);
    expect(screenOf(state)).toMatchObject({ screen: 'done', cash: { says: 'phone-paid' } });
    expect(effects).toEqual([]);
  });

  it('is the receipt once the card is written, asked for anew when money goes back', () => {
    const taken = reduce(before(P.taking), says('sold', cash), INIT).state;
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
    const closing = reduce(before(P.worn), asked(null), INIT).state;
    expect(screenOf(closing)).toMatchObject({ screen: 'pay', codeUrl: null, closing: true });
    const closed = reduce(closing, says('closed'), INIT).state;
    expect(screenOf(closed)).toMatchObject({ screen: 'expired', cash: { says: 'not-recorded' } });
    const recorded = reduce(closing, says('sold', cash), INIT).state;
    expect(screenOf(recorded)).toMatchObject({ screen: 'writing', cash: { says: 'paid' } });
    const byPhone = reduce(closing, says('sold'), INIT).state;
    expect(screenOf(byPhone)).toMatchObject({ screen: 'writing', cash: { says: 'phone-paid' } });
  });

  it('is nothing where nobody has it', () => {
    const { state } = reduce(before(P.asking), says('closed'), INIT);
    expect(screenOf(state)).toEqual({ screen: 'expired', orderNo: NO });
  });

  it('is not to take it again once they have it', () => {
    const stale = reduce(before(P.taking), failed('float.offer-stale'), INIT).state;
    expect(screenOf(stale)).toMatchObject({ screen: 'cash-staff', fault: 'stale', held: true });
    const checking = reduce(stale, pin, INIT).state;
    const again = reduce(checking, { ...offers, turn: checking.turn }, INIT).state;
    expect(screenOf(again)).toMatchObject({ screen: 'cash-take', held: true, busy: false });
  });
});

describe('cash that waits for a household', () => {
  it('is told to whoever puts its card in', () => {
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

function told(event: PurchaseEvent): string {
  switch (event.type) {
    case 'command':
      return event.command.type;
    case 'order':
      return `the order is ${event.order.state} by ${event.order.payment?.channel ?? 'nothing'}`;
    case 'failed':
      return event.code;
    case 'cash-asked':
      return event.receipt === null ? 'not recorded' : 'recorded';
    case 'slots':
      return 'card out';
    default:
      return event.type;
  }
}
