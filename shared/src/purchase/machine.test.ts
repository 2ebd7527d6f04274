import { describe, expect, it } from 'vitest';
import type { IdentifyResponse } from '../api/card.ts';
import type { OrderState, OrderView } from '../api/order.ts';
import { unanswered } from '../testing/unanswered.ts';
import { reduce } from './machine.ts';
import { wakeOf } from './phase.ts';
import { screenOf } from './screen.ts';
import { DEFAULT_TIMINGS } from './state.ts';
import type {
  KnownCard,
  Phase,
  PhaseName,
  PurchaseEffect,
  PurchaseEvent,
  PurchaseState,
  Ticket,
} from './state.ts';

const TURN = 7;
const SLOT = 'slot-1';
const SERIAL = '6501000000000001';
const NO = '260115020000000001';
const INIT = { settings: { entry: 'kiosk', channel: 'wechat' }, timings: DEFAULT_TIMINGS } as const;

function order(state: OrderState, version = 3): OrderView {
  const payment = {
    no: `${NO}p1`,
    channel: 'wechat',
    status: 'pending',
    codeUrl: 'weixin://x',
    expiresAt: '2026-01-15T02:05:00Z',
  } as const;
  return {
    ...{ orderNo: NO, version, state, entry: 'kiosk', faceFen: 5000, discountFen: 0, paidFen: 5000 },
    ...{ createdAt: '2026-01-15T02:00:00Z', payment, receiptCode: null, refund: null },
  };
}

const household = {
  ...{ name: '张*', address: '*', customerNo: '****1234' },
  ...{ balanceFen: null, balanceAt: null, arrearsFen: 0 },
};
const card: KnownCard = {
  slot: SLOT,
  serial: SERIAL,
  household,
  limits: { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [] },
  cardSession: 'session',
};
const at = { slot: SLOT, buyer: card };
const ticket = (state: OrderState): Ticket => ({
  ...{ order: order(state), serial: SERIAL, household, resumed: false, tries: 0 },
});

const P = {
  idle: { name: 'idle' },
  rest: { name: 'rest', slot: SLOT },
  reading: { name: 'reading', slot: SLOT, ticket: null, tries: 0 },
  rereading: { name: 'reading', slot: SLOT, ticket: ticket('sold'), tries: 0 },
  identifying: { name: 'identifying', slot: SLOT, serial: SERIAL, trouble: null },
  who: { name: 'who', ...at },
  amount: { name: 'amount', ...at },
  ordering: { name: 'ordering', ...at, faceFen: 5000, key: 'k' },
  pay: { name: 'pay', ...at, order: order('paying'), channel: 'wechat', skewMs: 0 },
  closing: { name: 'closing', ...at, order: order('paying'), channel: 'wechat', then: 'amount', tries: 0 },
  expiring: { name: 'closing', ...at, order: order('paying'), channel: 'wechat', then: 'expired', tries: 0 },
  leaving: {
    ...{ name: 'closing', ...at, slot: null, order: order('paying'), channel: 'wechat' },
    ...{ then: 'gone', tries: 0 },
  },
  expired: { name: 'expired', slot: SLOT, order: order('closed') },
  resume: { name: 'resume', slot: SLOT, ticket: ticket('sold') },
  selling: { name: 'selling', slot: SLOT, ticket: ticket('paid'), slow: false },
  silent: { name: 'selling', slot: SLOT, ticket: ticket('grid-silent'), slow: true },
  writing: { name: 'writing', slot: SLOT, ticket: ticket('writing'), at: null, trouble: null },
  done: { name: 'done', slot: SLOT, ticket: ticket('done') },
  pulled: { name: 'pulled', ticket: ticket('paid') },
  otherCard: { name: 'other-card', slot: SLOT, ticket: ticket('paid') },
  refund: { name: 'refund', slot: SLOT, order: order('refunding') },
} as const satisfies Record<string, Phase>;

const out = { type: 'slots', readers: ['R'], present: [] } as const;
const isIn = { type: 'slots', readers: ['R'], present: [SLOT] } as const;
const timer = { type: 'timer', turn: TURN, at: 0 } as const;
const says = (state: OrderState): PurchaseEvent => ({ type: 'order', order: order(state, 4) });
const failed = (code: string): PurchaseEvent => ({ type: 'failed', turn: TURN, code });
const press = (type: 'confirm-card' | 'back' | 'resume' | 'retry' | 'finish'): PurchaseEvent => ({
  type: 'command',
  command: { type },
  key: 'k',
});
const choose = (faceFen: number): PurchaseEvent => ({
  type: 'command',
  command: { type: 'choose-amount', faceFen },
  key: 'k',
});
const ended = (result: 'written' | 'removed' | 'other-card' | 'lease-expired'): PurchaseEvent => ({
  type: 'write-ended',
  turn: TURN,
  outcome: { result },
});

type Row = readonly [
  from: keyof typeof P,
  event: PurchaseEvent,
  to: PhaseName,
  asks?: PurchaseEffect['do'] | 'create-payment, quote',
];

const TABLE: readonly Row[] = [
  ['idle', isIn, 'reading', 'read'],
  ['reading', { type: 'read', turn: TURN, serial: SERIAL }, 'identifying', 'identify'],
  ['reading', failed('reader.timeout'), 'reading', 'read'],
  ['reading', failed('reader.mute'), 'problem'],
  ['reading', out, 'idle'],
  ['identifying', failed('card.foreign'), 'problem'],
  ['identifying', failed('server.unavailable'), 'problem'],
  ['who', press('confirm-card'), 'amount'],
  ['who', press('finish'), 'rest'],
  ['who', out, 'idle'],
  ['rest', out, 'idle'],
  ['amount', choose(5000), 'ordering', 'create-order'],
  ['amount', choose(5050), 'problem'],
  ['amount', press('back'), 'who'],
  ['amount', out, 'idle'],
  [
    'ordering',
    { type: 'ordered', turn: TURN, order: order('created'), at: 0 },
    'pay',
    'create-payment, quote',
  ],
  ['ordering', failed('card.session-expired'), 'reading', 'read'],
  ['ordering', failed('meter.previous-not-inserted'), 'problem'],
  ['ordering', press('back'), 'ordering'],
  ['ordering', out, 'idle'],
  ['pay', says('paying'), 'pay'],
  ['pay', says('paid'), 'selling'],
  ['pay', says('sold'), 'writing', 'write'],
  ['pay', says('closed'), 'expired'],
  ['pay', says('refunding'), 'refund'],
  ['pay', timer, 'closing', 'cancel'],
  ['pay', press('back'), 'closing', 'cancel'],
  ['pay', out, 'closing', 'cancel'],
  ['pay', failed('payment.channel-unavailable'), 'problem'],
  ['pay', failed('order.already-paid'), 'pay', 'refresh'],
  ['closing', says('closed'), 'amount'],
  ['closing', says('paid'), 'selling'],
  ['closing', timer, 'closing', 'cancel'],
  ['closing', out, 'closing'],
  ['expiring', says('closed'), 'expired'],
  ['expiring', says('sold'), 'writing', 'write'],
  ['leaving', says('closed'), 'idle'],
  ['leaving', says('paid'), 'pulled'],
  ['expired', press('retry'), 'reading', 'read'],
  ['expired', press('finish'), 'rest'],
  ['resume', press('resume'), 'writing', 'write'],
  ['resume', press('finish'), 'rest'],
  ['resume', out, 'idle'],
  ['selling', says('paid'), 'selling'],
  ['selling', says('grid-silent'), 'selling'],
  ['selling', says('crediting'), 'selling'],
  ['selling', says('credit-failed'), 'credit-failed'],
  ['selling', says('sold'), 'writing', 'write'],
  ['selling', says('refunding'), 'refund'],
  ['selling', says('attention'), 'problem'],
  ['selling', says('done'), 'done'],
  ['selling', timer, 'selling'],
  ['selling', press('finish'), 'selling'],
  ['selling', out, 'pulled'],
  ['silent', says('sold'), 'writing', 'write'],
  ['silent', press('finish'), 'rest'],
  ['silent', out, 'selling'],
  ['writing', ended('written'), 'done'],
  ['writing', ended('removed'), 'reading', 'read'],
  ['writing', ended('other-card'), 'other-card'],
  ['writing', ended('lease-expired'), 'writing', 'write'],
  ['writing', out, 'writing'],
  ['writing', says('refunding'), 'writing'],
  ['expired', says('refunding'), 'refund'],
  ['expired', says('closed'), 'expired'],
  ['writing', failed('server.unavailable'), 'problem'],
  ['writing', failed('order.leased-elsewhere'), 'problem'],
  ['writing', failed('order.already-written'), 'selling', 'refresh'],
  ['writing', failed('card.changed'), 'problem'],
  ['writing', failed('journal.not-durable'), 'out-of-service'],
  ['writing', press('finish'), 'writing'],
  ['done', press('finish'), 'rest'],
  ['done', out, 'done'],
  ['done', says('done'), 'done'],
  ['pulled', isIn, 'reading', 'read'],
  ['pulled', says('refunding'), 'refund'],
  ['pulled', timer, 'idle'],
  ['rereading', { type: 'read', turn: TURN, serial: SERIAL }, 'writing', 'write'],
  ['rereading', { type: 'read', turn: TURN, serial: '6501000000000002' }, 'other-card'],
  ['rereading', failed('chip.unknown'), 'problem'],
  ['rereading', out, 'pulled'],
  ['otherCard', out, 'pulled'],
  ['otherCard', timer, 'reading', 'read'],
  ['refund', press('finish'), 'rest'],
  ['refund', out, 'refund'],
];

describe('a card that another terminal may be writing', () => {
  const problem = { name: 'problem', auto: true, moneySafe: 'safe-with-order', orderNo: NO };
  const stateOf = (phase: Phase): PurchaseState => ({ turn: TURN, phase, readers: ['R'], present: [SLOT] });
  const isTold = (state: PurchaseState, minutes: number): void => {
    expect(state.phase).toMatchObject({ ...problem, again: { name: 'writing', ticket: { resumed: true } } });
    expect(screenOf(state)).toMatchObject({
      ...{ screen: 'problem', code: 'order-open-elsewhere', waitMinutes: minutes, canRetry: true },
    });
  };

  it('is told for how long as soon as it is read, and written without a press once that is over', () => {
    const answer: IdentifyResponse = {
      ...{ cardSession: 's', customer: household, limits: card.limits, blocked: 'meter.order-open' },
      meter: { balanceFen: null, readAt: null, arrearsFen: 0 },
      unfinished: { ...order('writing'), leasedMs: 100_000 },
    };
    const told = reduce(stateOf(P.identifying), { type: 'identified', turn: TURN, answer }, INIT);
    isTold(told.state, 2);
    // Asked again in a minute, so that the screen says what is left; at last, when it is over.
    expect(wakeOf(told.state.phase, INIT.timings)).toEqual({ afterMs: 60_000 });
    const turn = told.state.turn;
    const again = reduce(told.state, { type: 'timer', turn, at: 0 }, INIT);
    expect(again.effects).toMatchObject([{ do: 'write' }]);
    expect(screenOf(again.state)).toMatchObject({ screen: 'problem', waitMinutes: 2 });
    const less = reduce(
      again.state,
      { type: 'failed', turn: turn + 1, code: 'order.leased-elsewhere', waitMs: 40_000 },
      INIT,
    );
    isTold(less.state, 1);
    expect(wakeOf(less.state.phase, INIT.timings)).toEqual({ afterMs: 40_000 });
  });

  it('is told so where only the release finds it', () => {
    const told = reduce(
      stateOf({ ...P.writing, ticket: { ...ticket('writing'), resumed: true } }),
      { type: 'failed', turn: TURN, code: 'order.leased-elsewhere', waitMs: 125_000 },
      INIT,
    );
    isTold(told.state, 3);
  });
});

describe('every move of a purchase', () => {
  it.each(TABLE.map(([from, event, to, asks]) => ({ from, what: told(event), event, to, asks })))(
    '$from, $what: $to $asks',
    ({ from, event, to, asks }) => {
      const phase: Phase = P[from];
      const present = 'slot' in phase && phase.slot !== null ? [SLOT] : [];
      const before = { turn: TURN, phase, readers: ['R'], present };
      const { state, effects } = unanswered(before, event, INIT);
      expect(state.phase.name).toBe(to);
      expect(effects.map((effect) => effect.do).join(', ')).toBe(asks ?? '');
    },
  );

  it('asks nothing twice, and takes no answer to an earlier question', () => {
    for (const phase of Object.values<Phase>(P)) {
      const before = { turn: TURN, phase, readers: ['R'], present: [SLOT] };
      for (const event of [failed('server.unavailable'), ended('written'), timer]) {
        const { state, effects } = reduce(before, { ...event, turn: TURN - 1 } as PurchaseEvent, INIT);
        // Only a card that waits may begin something.
        const isWaiting =
          phase.name === 'idle' || phase.name === 'pulled' || ('slot' in phase && phase.slot === null);
        if (!isWaiting) expect([state, effects]).toEqual([before, []]);
      }
    }
  });

  it('has a wait for every screen that nobody would leave by hand', () => {
    for (const phase of [P.closing, P.pulled, P.otherCard, P.selling, P.pay]) {
      expect(wakeOf(phase, DEFAULT_TIMINGS)).not.toBeNull();
    }
    for (const phase of [P.done, P.refund, P.expired]) {
      expect(wakeOf({ ...phase, slot: null }, DEFAULT_TIMINGS)).not.toBeNull();
    }
  });

  it('has nothing to choose at a code for every wallet: the server would show no other', () => {
    const event: PurchaseEvent = {
      type: 'command',
      command: { type: 'choose-channel', channel: 'alipay' },
      key: 'k',
    };
    const asks = (codeFor: 'any' | 'wechat') => {
      const paying = order('paying');
      const shown = paying.payment === null ? null : { ...paying.payment, channel: codeFor };
      const phase: Phase = { ...P.pay, channel: codeFor, order: { ...paying, payment: shown } };
      return reduce({ turn: TURN, phase, readers: ['R'], present: [SLOT] }, event, INIT).effects;
    };
    expect(asks('any')).toEqual([]);
    expect(asks('wechat')).toMatchObject([{ do: 'create-payment', channel: 'alipay' }]);
  });

  it('closes an order that was made for somebody who has left', () => {
    const before = { turn: TURN, phase: P.idle, readers: ['R'], present: [] };
    const late: PurchaseEvent = { type: 'ordered', turn: TURN - 1, order: order('created'), at: 0 };
    expect(reduce(before, late, INIT).effects).toEqual([{ do: 'abandon', orderNo: NO }]);
  });

  it('shows what an order buys while that order is being paid, and nothing about another', () => {
    const quote = { creditFen: 4000, arrearsFen: 1000, feeFen: 0, energyWh: 80_000 };
    const before = { turn: TURN, phase: P.pay, readers: ['R'], present: [SLOT] };
    const quoted = reduce(before, { type: 'quoted', orderNo: NO, quote }, INIT).state;
    expect(screenOf(quoted)).toMatchObject({ screen: 'pay', quote });
    const newer = reduce(quoted, { type: 'order', order: order('paying', 9) }, INIT).state;
    expect(screenOf(newer)).toMatchObject({ screen: 'pay', quote });
    const stranger: PurchaseEvent = { type: 'quoted', orderNo: '260115020000000002', quote };
    expect(reduce(before, stranger, INIT)).toEqual({ state: before, effects: [] });
    const sold = { ...before, phase: P.done };
    expect(reduce(sold, { type: 'quoted', orderNo: NO, quote }, INIT).state).toEqual(sold);
  });

  it('takes a code by the clock that the server dated it with', () => {
    const before = { turn: TURN, phase: P.ordering, readers: ['R'], present: [SLOT] };
    const madeAt = Date.parse(order('created').createdAt);
    for (const [at, skewMs] of [
      [madeAt + 400, 0],
      [madeAt + 3_600_000, 3_600_000],
      [madeAt - 600_000, -600_000],
    ] as const) {
      const { state } = reduce(before, { type: 'ordered', turn: TURN, order: order('created'), at }, INIT);
      expect(state.phase).toMatchObject({ name: 'pay', skewMs });
    }
  });

  it('does not take an order that a lost answer has made earlier for a wrong clock, where that is measured', () => {
    const before = { turn: TURN, phase: P.ordering, readers: ['R'], present: [SLOT] };
    const at = Date.parse(order('created').createdAt) + 120_000;
    const made = { type: 'ordered', turn: TURN, order: order('created'), at } as const;
    expect(reduce(before, { ...made, skewMs: 400 }, INIT).state.phase).toMatchObject({ skewMs: 0 });
    expect(reduce(before, { ...made, skewMs: -3_600_000 }, INIT).state.phase).toMatchObject({
      skewMs: -3_600_000,
    });
  });
});

function told(event: PurchaseEvent): string {
  switch (event.type) {
    case 'command':
      return event.command.type;
    case 'order':
      return `the order is ${event.order.state}`;
    case 'failed':
      return event.code;
    case 'slots':
      return event.present.length === 0 ? 'card out' : 'card in';
    case 'write-ended':
      return `write ${event.outcome.result}`;
    default:
      return event.type;
  }
}
