import type { CashOffer } from '../api/float.ts';
import type { OrderState, OrderView } from '../api/order.ts';
import { DEFAULT_TIMINGS } from '../purchase/timings.ts';
import type { PayPhase, Phase, PurchaseState } from '../purchase/state.ts';
import type { CashStep } from '../purchase/cash-step.ts';
import type { PurchaseEvent } from '../purchase/event.ts';
import type { KnownCard, KnownHome } from '../purchase/buyer.ts';
import type { PurchaseCommand } from '../purchase/view/command.ts';

export const TURN = 7;
export const SLOT = 'slot-1';
export const NO = '260115020000000001';
export const PIN = '274913';
export const INIT = { settings: { entry: 'kiosk', channel: 'any' }, timings: DEFAULT_TIMINGS } as const;

const phone: NonNullable<OrderView['payment']> = {
  ...{ no: `${NO}p1`, channel: 'any', status: 'pending', codeUrl: 'https://x/p/1' },
  expiresAt: '2026-01-15T02:05:00Z',
};
export const cash: NonNullable<OrderView['payment']> = {
  ...{ no: `${NO}p2`, channel: 'cash', status: 'succeeded', codeUrl: null, expiresAt: null },
};
export const order = (state: OrderState, payment = phone, version = 4): OrderView => ({
  ...{ orderNo: NO, version, state, entry: 'kiosk', faceFen: 5000, discountFen: 0, paidFen: 5000 },
  ...{ createdAt: '2026-01-15T02:00:00Z', payment, receiptCode: null, refund: null },
});
export const household = {
  ...{ name: '张*', address: '*', customerNo: '****1234' },
  ...{ balanceFen: null, balanceAt: null, arrearsFen: 0 },
};
export const limits = { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [] };
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
export const receipt = {
  ...{ orderNo: NO, receiptCode: 'R7K2 9QXD', committee: '天山一社区', staff: 'zhang' },
  ...{ takenFen: 5000, takenAt: '2026-01-15T02:01:00Z', handBackFen: 0 },
};
const at = (step: CashStep, held = false, slot: string | null = SLOT) =>
  ({ name: 'cash', slot, pay: { ...pay, slot }, step, held }) as const satisfies Phase;

export const PHASES = {
  pay,
  asking: at({ is: 'asking', fault: null }),
  checking: at({ is: 'checking' }),
  pinOnly: at({ is: 'asking', fault: null, pinOnly: true }),
  byShift: at({ is: 'checking', by: 'shift' }),
  byShiftHeld: at({ is: 'checking', by: 'shift' }, true),
  byShiftPin: at({ is: 'checking', by: 'shift-pin' }),
  offered: at({ is: 'offered', offer }),
  taking: at({ is: 'taking', offer, tries: 0 }, true),
  unsure: at({ is: 'unsure', offer, tries: 0 }, true),
  worn: at({ is: 'unsure', offer, tries: 6, unrecorded: 6 }, true),
  gone: at({ is: 'unsure', offer, tries: 2 }, true, null),
  refused: at({ is: 'refused', why: 'empty' }),
  home: { ...at({ is: 'offered', offer }, false, null), pay: { ...pay, slot: null, buyer: home } },
  homeTaking: {
    ...at({ is: 'taking', offer, tries: 0 }, true, null),
    pay: { ...pay, slot: null, buyer: home },
  },
} as const satisfies Record<string, Phase>;

const does = (command: PurchaseCommand): PurchaseEvent => ({ type: 'command', command, key: 'k' });
export const pressed = (type: 'cash' | 'cash-taken' | 'back' | 'finish') => does({ type });
export const pin = does({ type: 'cash-staff', staff: '104817', pin: PIN });
export const pinAlone = does({ type: 'cash-pin', pin: PIN });
export const says = (state: OrderState, payment = phone): PurchaseEvent => ({
  type: 'order',
  order: order(state, payment),
});
export const failed = (code: string): PurchaseEvent => ({ type: 'failed', turn: TURN, code });
export const asked = (is: typeof receipt | null): PurchaseEvent => ({
  type: 'cash-asked',
  turn: TURN,
  receipt: is,
});
export const offers = { type: 'cash-offered', turn: TURN, offer } as const satisfies PurchaseEvent;
export const out = { type: 'slots', readers: ['R'], present: [] } as const;
export const timer = { type: 'timer', turn: TURN, at: 0 } as const;

export const before = (phase: Phase, over: Partial<PurchaseState> = {}): PurchaseState => {
  const present = 'slot' in phase && phase.slot !== null ? [SLOT] : [];
  return { turn: TURN, phase, readers: ['R'], present, ...over };
};
