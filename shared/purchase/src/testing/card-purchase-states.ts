import type { OrderState, OrderView } from '../api/order.ts';
import { DEFAULT_TIMINGS } from '../purchase/timings.ts';
import type { Phase } from '../purchase/state.ts';
import type { Ticket } from '../purchase/ticket.ts';
import type { PurchaseEvent } from '../purchase/event.ts';
import type { KnownCard } from '../purchase/buyer.ts';

export const TURN = 7;
export const SLOT = 'slot-1';
export const SERIAL = '6501000000000001';
export const NO = '260115020000000001';
export const INIT = { settings: { entry: 'kiosk', channel: 'wechat' }, timings: DEFAULT_TIMINGS } as const;

export function order(state: OrderState, version = 3): OrderView {
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

export const household = {
  ...{ name: '张*', address: '*', customerNo: '****1234' },
  ...{ balanceFen: null, balanceAt: null, arrearsFen: 0 },
};
export const card: KnownCard = {
  slot: SLOT,
  serial: SERIAL,
  household,
  limits: { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [] },
  cardSession: 'session',
};
export const at = { slot: SLOT, buyer: card };
export const ticket = (state: OrderState): Ticket => ({
  ...{ order: order(state), serial: SERIAL, household, resumed: false, tries: 0 },
});

export const PHASES = {
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

export const out = { type: 'slots', readers: ['R'], present: [] } as const;
export const isIn = { type: 'slots', readers: ['R'], present: [SLOT] } as const;
export const timer = { type: 'timer', turn: TURN, at: 0 } as const;
export const says = (state: OrderState): PurchaseEvent => ({ type: 'order', order: order(state, 4) });
export const failed = (code: string): PurchaseEvent => ({ type: 'failed', turn: TURN, code });
export const press = (type: 'confirm-card' | 'back' | 'resume' | 'retry' | 'finish'): PurchaseEvent => ({
  type: 'command',
  command: { type },
  key: 'k',
});
export const choose = (faceFen: number): PurchaseEvent => ({
  type: 'command',
  command: { type: 'choose-amount', faceFen },
  key: 'k',
});
export const ended = (result: 'written' | 'removed' | 'other-card' | 'lease-expired'): PurchaseEvent => ({
  type: 'write-ended',
  turn: TURN,
  outcome: { result },
});
