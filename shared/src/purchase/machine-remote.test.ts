import { describe, expect, it } from 'vitest';
import type { OrderState, OrderView } from '../api/order.ts';
import type { RemoteCustomer } from '../api/remote.ts';
import { unanswered } from '../testing/unanswered.ts';
import { reduce } from './machine.ts';
import { wakeOf } from './phase.ts';
import { screenOf } from './screen.ts';
import { DEFAULT_TIMINGS } from './state.ts';
import type { BoundHome, KnownHome, Phase, PhaseName, PurchaseEffect, PurchaseEvent } from './state.ts';
import type { PurchaseCommand } from './view.ts';

const TURN = 7;
const SLOT = 'slot-1';
const NO = '260115020000000001';
const NUMBER = '650100001001';
const PROOF = '042917';
const INIT = { settings: { entry: 'kiosk', channel: 'wechat' }, timings: DEFAULT_TIMINGS } as const;

type Credit = NonNullable<OrderView['credit']>['status'];
type Choices = NonNullable<OrderView['choices']>;

/** `credit` and `choices` as the server says them in that state, where a test does not say them. */
function order(
  state: OrderState,
  over: { version?: number; credit?: Credit; choices?: Choices } = {},
): OrderView {
  const failed = state === 'credit-failed';
  const {
    version = 3,
    credit = failed ? 'failed' : 'none',
    choices = failed ? ['card', 'refund'] : [],
  } = over;
  const payment: OrderView['payment'] = {
    ...{ no: `${NO}p1`, channel: 'wechat', status: 'pending', codeUrl: 'weixin://x' },
    expiresAt: '2026-01-15T02:05:00Z',
  };
  return {
    ...{ orderNo: NO, version, state, entry: 'kiosk', faceFen: 5000, discountFen: 0, paidFen: 5000 },
    ...{ createdAt: '2026-01-15T02:00:00Z', payment, receiptCode: null, refund: null, kind: 'remote' },
    ...{ credit: { status: credit, balanceFen: null, creditedAt: null }, choices },
  };
}

const customer = { name: '张*', address: '*', customerNo: '****1001' };
const meter = { balanceFen: null, readAt: null, arrearsFen: 0 };
const limits = { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [] };
const buyer: KnownHome = {
  ...{ customerNo: NUMBER, proof: PROOF, limits },
  household: { ...customer, balanceFen: null, balanceAt: null, arrearsFen: 0 },
};
const kept: BoundHome = { homeId: 'home-of-the-box-', limits, household: buyer.household };
const card = { serial: '6501000000000001', household: buyer.household };
const of = { slot: null, buyer };
const ofKept = { slot: null, buyer: kept };
const paying = { ...of, order: order('paying'), channel: 'wechat' } as const;
const failed = { order: order('credit-failed'), offers: ['card', 'refund'] } as const;

const P = {
  idle: { name: 'idle' },
  number: { name: 'customer-no' },
  proof: { name: 'proof', customerNo: NUMBER, fault: null },
  describing: { name: 'describing', customerNo: NUMBER, proof: PROOF },
  recalling: { name: 'recalling', homeId: kept.homeId },
  keptAmount: { name: 'amount', ...ofKept },
  keptOrdering: { name: 'ordering', ...ofKept, faceFen: 5000, key: 'k' },
  keptClosing: { name: 'closing', ...paying, ...ofKept, then: 'amount', tries: 0 },
  keptExpired: { name: 'expired', slot: null, order: order('closed'), homeId: kept.homeId },
  who: { name: 'who', ...of },
  amount: { name: 'amount', ...of },
  ordering: { name: 'ordering', ...of, faceFen: 5000, key: 'k' },
  pay: { name: 'pay', ...paying, skewMs: 0 },
  closing: { name: 'closing', ...paying, then: 'amount', tries: 0 },
  expiring: { name: 'closing', ...paying, then: 'expired', tries: 0 },
  expired: { name: 'expired', slot: null, order: order('closed'), customerNo: NUMBER },
  crediting: { name: 'crediting', order: order('paid'), slow: false },
  slow: { name: 'crediting', order: order('crediting'), slow: true },
  credited: { name: 'credited', order: order('done', { credit: 'credited' }) },
  failed: { name: 'credit-failed', slot: null, card: null, ...failed },
  failedCardIn: { name: 'credit-failed', slot: SLOT, card, ...failed },
  choosing: { name: 'choosing', slot: null, card: null, ...failed, choice: 'refund' },
  choosingCardIn: { name: 'choosing', slot: SLOT, card, ...failed, choice: 'card' },
  bring: { name: 'bring-card', order: order('sold', { credit: 'failed', choices: ['refund'] }) },
} as const satisfies Record<string, Phase>;

const isIn = { type: 'slots', readers: ['R'], present: [SLOT] } as const;
const out = { type: 'slots', readers: ['R'], present: [] } as const;
const timer = { type: 'timer', turn: TURN, at: 0 } as const;
const does = (command: PurchaseCommand): PurchaseEvent => ({ type: 'command', command, key: 'k' });
const press = (type: 'without-card' | 'confirm-card' | 'back' | 'retry' | 'finish') => does({ type });
const home = does({ type: 'home', homeId: kept.homeId });
const choose = (choice: 'card' | 'refund') => does({ type: 'choose-credit', choice });
const refused = (code: string): PurchaseEvent => ({ type: 'failed', turn: TURN, code });
const says = (state: OrderState, credit?: Credit): PurchaseEvent => ({
  type: 'order',
  order: order(state, { version: 4, ...(credit === undefined ? {} : { credit }) }),
});
const described = (blocked: RemoteCustomer['blocked']): PurchaseEvent => ({
  ...{ type: 'described', turn: TURN },
  answer: { customer, meter, limits, blocked },
});

type Row = readonly [
  from: keyof typeof P,
  event: PurchaseEvent,
  to: PhaseName,
  asks?: PurchaseEffect['do'] | 'create-payment, quote',
];

const TABLE: readonly Row[] = [
  ['idle', press('without-card'), 'customer-no'],
  ['idle', home, 'recalling', 'recall'],
  ['number', home, 'customer-no'],
  ['pay', home, 'pay'],
  ['recalling', described(null), 'amount'],
  ['recalling', described('meter.previous-not-inserted'), 'problem'],
  ['recalling', refused('binding.not-found'), 'problem'],
  ['recalling', refused('grid.unavailable'), 'problem'],
  ['recalling', press('back'), 'idle'],
  ['recalling', press('finish'), 'idle'],
  ['recalling', isIn, 'recalling'],
  ['keptAmount', press('back'), 'idle'],
  ['keptAmount', does({ type: 'choose-amount', faceFen: 5000 }), 'ordering', 'create-order'],
  ['keptAmount', timer, 'idle'],
  ['keptAmount', isIn, 'reading', 'read'],
  ['keptOrdering', refused('binding.not-found'), 'problem'],
  ['keptOrdering', refused('meter.order-open'), 'problem'],
  ['keptClosing', says('closed'), 'amount'],
  ['keptClosing', says('paid'), 'crediting'],
  ['keptExpired', press('retry'), 'recalling', 'recall'],
  ['keptExpired', timer, 'idle'],
  ['number', does({ type: 'customer-no', customerNo: NUMBER }), 'proof'],
  ['number', does({ type: 'customer-no', customerNo: '12' }), 'customer-no'],
  ['number', press('back'), 'idle'],
  ['number', timer, 'idle'],
  ['number', isIn, 'reading', 'read'],
  ['proof', does({ type: 'proof', proof: PROOF }), 'describing', 'describe'],
  ['proof', press('back'), 'customer-no'],
  ['proof', press('finish'), 'idle'],
  ['proof', timer, 'idle'],
  ['proof', isIn, 'reading', 'read'],
  ['describing', described(null), 'who'],
  ['describing', described('meter.not-remote'), 'problem'],
  ['describing', refused('customer.not-proven'), 'proof'],
  ['describing', refused('customer.unknown'), 'problem'],
  ['describing', refused('grid.unavailable'), 'problem'],
  ['who', press('confirm-card'), 'amount'],
  ['who', press('finish'), 'idle'],
  ['who', timer, 'idle'],
  ['who', isIn, 'reading', 'read'],
  ['amount', does({ type: 'choose-amount', faceFen: 5000 }), 'ordering', 'create-order'],
  ['amount', does({ type: 'choose-amount', faceFen: 5050 }), 'problem'],
  ['amount', press('back'), 'who'],
  ['amount', timer, 'idle'],
  [
    'ordering',
    { type: 'ordered', turn: TURN, order: order('created'), at: 0 },
    'pay',
    'create-payment, quote',
  ],
  ['ordering', refused('customer.not-proven'), 'proof'],
  ['ordering', refused('order.amount-out-of-range'), 'problem'],
  ['ordering', refused('meter.not-remote'), 'problem'],
  ['ordering', refused('server.unavailable'), 'problem'],
  ['pay', says('paid'), 'crediting'],
  ['pay', says('crediting', 'sent'), 'crediting'],
  ['pay', says('closed'), 'expired'],
  ['pay', says('refunding'), 'refund'],
  ['pay', timer, 'closing', 'cancel'],
  ['pay', press('back'), 'closing', 'cancel'],
  ['pay', isIn, 'pay'],
  ['closing', says('closed'), 'proof'],
  ['closing', says('paid'), 'crediting'],
  ['expiring', says('closed'), 'expired'],
  ['expired', says('refunded'), 'refund'],
  ['expired', press('retry'), 'proof'],
  ['expired', press('finish'), 'idle'],
  ['expired', timer, 'idle'],
  ['crediting', says('sold'), 'crediting'],
  ['crediting', says('crediting', 'sent'), 'crediting'],
  ['crediting', says('done', 'credited'), 'credited'],
  ['crediting', says('credit-failed'), 'credit-failed'],
  ['crediting', says('refunding'), 'refund'],
  ['crediting', says('attention'), 'problem'],
  ['crediting', timer, 'crediting'],
  ['crediting', press('finish'), 'crediting'],
  ['crediting', isIn, 'crediting'],
  ['slow', press('finish'), 'idle'],
  ['slow', timer, 'idle'],
  ['slow', isIn, 'reading', 'read'],
  ['credited', press('finish'), 'idle'],
  ['credited', timer, 'idle'],
  ['credited', isIn, 'reading', 'read'],
  ['failed', choose('card'), 'choosing', 'choose'],
  ['failed', choose('refund'), 'choosing', 'choose'],
  ['failed', isIn, 'reading', 'read'],
  ['failed', timer, 'idle'],
  ['failed', says('refunding'), 'refund'],
  ['failedCardIn', choose('card'), 'choosing', 'choose'],
  ['failedCardIn', out, 'credit-failed'],
  ['failedCardIn', press('finish'), 'rest'],
  ['choosing', says('refunding'), 'refund'],
  ['choosing', says('sold', 'failed'), 'bring-card'],
  ['choosing', refused('order.no-choice'), 'credit-failed', 'refresh'],
  ['choosing', refused('server.unavailable'), 'problem'],
  ['choosingCardIn', says('sold', 'failed'), 'writing', 'write'],
  ['choosingCardIn', out, 'choosing'],
  ['bring', isIn, 'reading', 'read'],
  ['bring', choose('refund'), 'choosing', 'choose'],
  ['bring', choose('card'), 'bring-card'],
  ['bring', says('writing', 'failed'), 'bring-card'],
  ['bring', says('refunding', 'failed'), 'refund'],
  ['bring', says('done', 'failed'), 'idle'],
  ['bring', press('finish'), 'idle'],
  ['bring', timer, 'idle'],
];

const slotIn = (phase: Phase): string[] => ('slot' in phase && phase.slot !== null ? [SLOT] : []);
const at = (phase: Phase) => ({ turn: TURN, phase, readers: ['R'], present: slotIn(phase) });

describe('every move of a purchase without the card', () => {
  it.each(TABLE.map(([from, event, to, asks]) => ({ from, what: JSON.stringify(event), event, to, asks })))(
    '$from, $what: $to $asks',
    ({ from, event, to, asks }) => {
      const { state, effects } = unanswered(at(P[from]), event, INIT);
      expect(state.phase.name).toBe(to);
      expect(effects.map((effect) => effect.do).join(', ')).toBe(asks ?? '');
    },
  );

  it('leaves no question about somebody on the screen for ever', () => {
    const left = [
      'number',
      'proof',
      'who',
      'amount',
      'keptAmount',
      'keptExpired',
      'expired',
      'slow',
      'credited',
      'failed',
      'bring',
    ] as const;
    for (const name of left) expect(wakeOf(P[name], DEFAULT_TIMINGS), name).not.toBeNull();
  });

  it('never shows the whole number, nor the digits that prove it', () => {
    for (const phase of Object.values<Phase>(P)) {
      const shown = JSON.stringify(screenOf(at(phase)));
      expect(shown).not.toContain(NUMBER);
      expect(shown).not.toContain(PROOF);
    }
  });

  it('begins nothing without the card while one is in', () => {
    const before = { ...at(P.idle), present: [SLOT, 'slot-2'] };
    expect(reduce(before, press('without-card'), INIT).state.phase.name).toBe('idle');
  });

  it('asks a kept household again after what passes, and for the number where it is gone', () => {
    const then = (code: string) => {
      const problem = reduce(at(P.recalling), refused(code), INIT).state;
      return reduce(problem, press('retry'), INIT).state.phase.name;
    };
    expect(then('grid.unavailable')).toBe('recalling');
    expect(then('meter.not-remote')).toBe('recalling');
    expect(then('binding.not-found')).toBe('customer-no');
    expect(then('customer.unknown')).toBe('customer-no');
  });

  it('does not offer later what was not offered when the card came in: money goes back only where it was paid', () => {
    const elsewhere: Phase = { ...P.failedCardIn, offers: ['card'] };
    expect(reduce(at(elsewhere), choose('refund'), INIT).effects).toEqual([]);
    const { state } = reduce(at(elsewhere), says('credit-failed'), INIT);
    expect(state.phase).toMatchObject({ name: 'credit-failed', offers: ['card'] });
  });

  it('closes an order that a problem hides when nobody comes back to it', () => {
    const trouble = { code: 'channel-down', staffCode: 'payment.channel-unavailable' } as const;
    const problem: Phase = {
      ...{ name: 'problem', slot: null, trouble, orderNo: NO, moneySafe: 'nothing-taken' },
      ...{ again: P.pay, auto: false },
    };
    const { state, effects } = unanswered(at(problem), timer, INIT);
    expect(state.phase.name).toBe('idle');
    expect(effects).toEqual([{ do: 'abandon', orderNo: NO }]);
  });

  it('asks for the same order again after no answer', () => {
    const problem = reduce(at(P.ordering), refused('server.unavailable'), INIT).state;
    const { effects } = reduce(problem, press('retry'), INIT);
    const proven = { customerNo: NUMBER, proof: PROOF };
    expect(effects).toMatchObject([{ do: 'create-order', key: 'k', faceFen: 5000, of: proven }]);
  });
});
