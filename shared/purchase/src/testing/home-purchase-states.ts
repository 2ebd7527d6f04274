import type { OrderState, OrderView } from '../api/order.ts';
import type { RemoteCustomer } from '../api/remote.ts';
import { DEFAULT_TIMINGS } from '../purchase/timings.ts';
import type { Phase } from '../purchase/state.ts';
import type { PurchaseEvent } from '../purchase/event.ts';
import type { BoundHome, KnownHome } from '../purchase/buyer.ts';
import type { PurchaseCommand } from '../purchase/view/command.ts';

export const TURN = 7;
export const SLOT = 'slot-1';
export const NO = '260115020000000001';
export const NUMBER = '650100001001';
export const PROOF = '042917';
export const INIT = { settings: { entry: 'kiosk', channel: 'wechat' }, timings: DEFAULT_TIMINGS } as const;

type Credit = NonNullable<OrderView['credit']>['status'];
type Choices = NonNullable<OrderView['choices']>;

/** `credit` and `choices` as the server says them in that state, where a test does not say them. */
export function order(
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

export const PHASES = {
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

export const isIn = { type: 'slots', readers: ['R'], present: [SLOT] } as const;
export const out = { type: 'slots', readers: ['R'], present: [] } as const;
export const timer = { type: 'timer', turn: TURN, at: 0 } as const;
export const does = (command: PurchaseCommand): PurchaseEvent => ({ type: 'command', command, key: 'k' });
export const press = (type: 'without-card' | 'confirm-card' | 'back' | 'retry' | 'finish') => does({ type });
export const home = does({ type: 'home', homeId: kept.homeId });
export const choose = (choice: 'card' | 'refund') => does({ type: 'choose-credit', choice });
export const refused = (code: string): PurchaseEvent => ({ type: 'failed', turn: TURN, code });
export const says = (state: OrderState, credit?: Credit): PurchaseEvent => ({
  type: 'order',
  order: order(state, { version: 4, ...(credit === undefined ? {} : { credit }) }),
});
export const described = (blocked: RemoteCustomer['blocked']): PurchaseEvent => ({
  ...{ type: 'described', turn: TURN },
  answer: { customer, meter, limits, blocked },
});

const slotIn = (phase: Phase): string[] => ('slot' in phase && phase.slot !== null ? [SLOT] : []);
export const at = (phase: Phase) => ({ turn: TURN, phase, readers: ['R'], present: slotIn(phase) });
