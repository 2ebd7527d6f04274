import type { PhoneView } from '@bianmin/purchase/api/phone-view';
import type { PayPageView } from '@bianmin/purchase/api/pay-page';
import type { Receipt } from '@bianmin/purchase/api/receipt';
import type { BindingDetails, BindingView, PayerOrder } from '@bianmin/purchase/api/payer';

export const AT = '2026-01-15T02:00:00.000Z';
export const ORDER_NO = '260115100000123456';
export const HOME = 'AAAAAAAAAAAAAAAA';

const customer = {
  name: '阿*',
  address: '沙依巴克区**小区12号楼',
  customerNo: '****1002',
  meterTail: '6789',
};

export const bindings: BindingView[] = [
  { id: HOME, customer, createdAt: AT },
  {
    id: 'BBBBBBBBBBBBBBBB',
    customer: { name: '张*', address: '天山区**小区3号楼', customerNo: '****1001', meterTail: '6790' },
    createdAt: AT,
  },
];

export const details: BindingDetails = {
  id: HOME,
  customer,
  meter: { balanceFen: 2340, readAt: AT, arrearsFen: 0 },
  limits: { minFen: 1000, maxFen: 90_000, stepFen: 100, presetsFen: [5000, 10_000, 20_000] },
  blocked: null,
  today: { ordersLeft: 5, fenLeft: 100_000 },
};

export const order: PayerOrder = {
  orderNo: ORDER_NO,
  version: 1,
  state: 'paying',
  kind: 'remote',
  entry: 'phone',
  faceFen: 5000,
  discountFen: 0,
  paidFen: 5000,
  createdAt: AT,
  payment: {
    no: `${ORDER_NO}p1`,
    channel: 'wechat',
    status: 'pending',
    codeUrl: 'c',
    expiresAt: '2026-01-15T02:05:00.000Z',
  },
  receiptCode: '7Q2M-0K4H-XJ3R-9VWD',
  refund: null,
  credit: { status: 'none', balanceFen: null, creditedAt: null },
  choices: [],
  customer,
  pay: { url: 'about:blank', until: '2026-01-15T02:05:00.000Z' },
};

export const TOKEN = 'AAAAAAAAAAAAAAAAAAAAAA';
export const way = (
  channel: 'wechat' | 'alipay' | 'bestpay',
  down: 'unreachable' | 'limit' | null = null,
) => ({
  channel,
  products: ['in-wallet' as const, 'browser' as const],
  asksWho: false,
  down,
});
const payPage: PayPageView = {
  state: 'paying',
  faceFen: 5000,
  discountFen: 0,
  paidFen: 5000,
  household: { name: customer.name, address: customer.address, meterTail: '6789' },
  until: '2026-01-15T02:05:00.000Z',
  kind: 'card',
  ways: [way('wechat'), way('alipay'), way('bestpay')],
  receiptCode: null,
};

export const credited = { status: 'credited', balanceFen: 7340, creditedAt: AT } as const;
export const failed = { status: 'failed', balanceFen: null, creditedAt: null } as const;
export const refund = (status: 'sent' | 'done') => ({ fen: 5000, status, reason: 'not-credited' });

/** What the server answers, by method and path under `/v1/payer/` (or the whole path); a number: that status with a problem's code. */
type Answers = Readonly<Record<string, unknown>>;

interface Typed {
  readonly into: string;
  readonly text: string;
  /** What is on the page once what was typed has been answered. */
  readonly brings: string;
}

export interface PayerSample {
  readonly path: string;
  /** Of an order's own link; absent: a resident's own pages. */
  readonly token?: string;
  readonly answers?: Answers;
  /** Done on the page before it is looked at. */
  readonly type?: readonly Typed[];
  readonly open?: string;
  /** Pressed last, and answered. */
  readonly press?: string;
}

export const common: Answers = { 'GET bindings': { bindings }, 'GET orders': { orders: [] } };
export const home = (over: Partial<BindingDetails>): PayerSample => ({
  path: `/h/${HOME}`,
  answers: { ...common, [`GET bindings/${HOME}`]: { ...details, ...over } },
});
/** What is known of the last purchase once the meter was asked. */
export const asked = (over: Partial<BindingDetails>): PayerSample => {
  const before: BindingDetails = { ...details, blocked: 'meter.previous-not-inserted' };
  const sample = home(before);
  const answers = { ...sample.answers, [`POST bindings/${HOME}/reading`]: { ...before, ...over } };
  return { ...sample, answers, press: 'button.primary' };
};
export const buying = (over: Partial<PayerOrder>): PayerSample => ({
  path: `/o/${ORDER_NO}`,
  answers: { ...common, [`GET orders/${ORDER_NO}`]: { ...order, ...over } },
});
export const binding = (answers: Answers, brings: string, ...more: Typed[]): PayerSample => ({
  path: '/bind',
  answers: { ...common, ...answers },
  type: [{ into: '#number', text: '650100001002', brings }, ...more],
});
export const typingCode = (brings: string): Typed => ({ into: '#code', text: '123456', brings });
export const linked = (over: Partial<PayPageView>): PayerSample => ({
  path: '/',
  token: TOKEN,
  answers: { [`GET /v1/pay/${TOKEN}`]: { ...payPage, ...over } },
});
const printed: Receipt = {
  ...{ orderNo: ORDER_NO, receiptCode: '7Q2M-0K4H-XJ3R-9VWD', url: `https://bianmin.example/p/r/${TOKEN}` },
  ...{ outcome: 'written', faceFen: 5000, discountFen: 0, paidFen: 5000, channel: 'wechat', paidAt: AT },
  ...{ household: customer, place: '天山一社区 · 一号机', balanceFen: null, refundFen: 0 },
};
/** A receipt behind the code on paper. */
export const onPaper = (over: Partial<Receipt>): PayerSample => ({
  path: '/',
  token: `r/${TOKEN}`,
  answers: { [`GET /v1/receipts/${TOKEN}`]: { ...printed, ...over } },
});
export const cashBack = (over: Partial<NonNullable<Receipt['cashBack']>>): PayerSample =>
  onPaper({
    ...{ outcome: 'refunded', channel: 'cash', refundFen: 5000 },
    cashBack: { waitingFen: 0, handedOutFen: 0, handedOutAt: null, ...over },
  });
export const linkPaid = { ways: [], receiptCode: order.receiptCode };
export const texted = { 'POST bindings/code': { resendAfterS: 60, expiresInS: 300 } };

/** A phone beside a television that shows this. */
export function beside(view: PhoneView, state: { away?: boolean; ended?: true } = {}): PayerSample {
  return {
    path: `/tv/${TOKEN}`,
    answers: {
      'POST /v1/portal/phones': { id: TOKEN, expiresAt: AT },
      [`GET /v1/portal/sessions/${TOKEN}`]: {
        ...{ state: state.ended === true ? 'ended' : 'open', revision: 1, view },
        ...{ away: state.away ?? false, expiresAt: AT },
      },
    },
  };
}
export const atAmount: PhoneView = {
  ...{ screen: 'amount', limits: details.limits, busyFen: null },
  household: { name: customer.name, address: customer.address },
};
export const ofOrder = { orderNo: ORDER_NO, faceFen: 5000, paidFen: 5000 };
