import type { PhoneView } from '@bianmin/shared/api/phone-view';
import type { PayPageView } from '@bianmin/shared/api/pay-page';
import type { Receipt } from '@bianmin/shared/api/receipt';
import type { BindingDetails, BindingView, PayerOrder } from '@bianmin/shared/api/payer';

const AT = '2026-01-15T02:00:00.000Z';
const ORDER_NO = '260115100000123456';
const HOME = 'AAAAAAAAAAAAAAAA';

const customer = {
  name: '阿*',
  address: '沙依巴克区**小区12号楼',
  customerNo: '****1002',
  meterTail: '6789',
};

const bindings: BindingView[] = [
  { id: HOME, customer, createdAt: AT },
  {
    id: 'BBBBBBBBBBBBBBBB',
    customer: { name: '张*', address: '天山区**小区3号楼', customerNo: '****1001', meterTail: '6790' },
    createdAt: AT,
  },
];

const details: BindingDetails = {
  id: HOME,
  customer,
  meter: { balanceFen: 2340, readAt: AT, arrearsFen: 0 },
  limits: { minFen: 1000, maxFen: 90_000, stepFen: 100, presetsFen: [5000, 10_000, 20_000] },
  blocked: null,
  today: { ordersLeft: 5, fenLeft: 100_000 },
};

const order: PayerOrder = {
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

const TOKEN = 'AAAAAAAAAAAAAAAAAAAAAA';
const way = (channel: 'wechat' | 'alipay' | 'bestpay', down: 'unreachable' | 'limit' | null = null) => ({
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

const credited = { status: 'credited', balanceFen: 7340, creditedAt: AT } as const;
const failed = { status: 'failed', balanceFen: null, creditedAt: null } as const;
const refund = (status: 'sent' | 'done') => ({ fen: 5000, status, reason: 'not-credited' });

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

const common: Answers = { 'GET bindings': { bindings }, 'GET orders': { orders: [] } };
const home = (over: Partial<BindingDetails>): PayerSample => ({
  path: `/h/${HOME}`,
  answers: { ...common, [`GET bindings/${HOME}`]: { ...details, ...over } },
});
/** What is known of the last purchase once the meter was asked. */
const asked = (over: Partial<BindingDetails>): PayerSample => {
  const before: BindingDetails = { ...details, blocked: 'meter.previous-not-inserted' };
  const sample = home(before);
  const answers = { ...sample.answers, [`POST bindings/${HOME}/reading`]: { ...before, ...over } };
  return { ...sample, answers, press: 'button.primary' };
};
const buying = (over: Partial<PayerOrder>): PayerSample => ({
  path: `/o/${ORDER_NO}`,
  answers: { ...common, [`GET orders/${ORDER_NO}`]: { ...order, ...over } },
});
const binding = (answers: Answers, brings: string, ...more: Typed[]): PayerSample => ({
  path: '/bind',
  answers: { ...common, ...answers },
  type: [{ into: '#number', text: '650100001002', brings }, ...more],
});
const typingCode = (brings: string): Typed => ({ into: '#code', text: '123456', brings });
const linked = (over: Partial<PayPageView>): PayerSample => ({
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
const onPaper = (over: Partial<Receipt>): PayerSample => ({
  path: '/',
  token: `r/${TOKEN}`,
  answers: { [`GET /v1/receipts/${TOKEN}`]: { ...printed, ...over } },
});
const cashBack = (over: Partial<NonNullable<Receipt['cashBack']>>): PayerSample =>
  onPaper({
    ...{ outcome: 'refunded', channel: 'cash', refundFen: 5000 },
    cashBack: { waitingFen: 0, handedOutFen: 0, handedOutAt: null, ...over },
  });
const linkPaid = { ways: [], receiptCode: order.receiptCode };
const texted = { 'POST bindings/code': { resendAfterS: 60, expiresInS: 300 } };

/** A phone beside a television that shows this. */
function beside(view: PhoneView, state: { away?: boolean; ended?: true } = {}): PayerSample {
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
const atAmount: PhoneView = {
  ...{ screen: 'amount', limits: details.limits, busyFen: null },
  household: { name: customer.name, address: customer.address },
};
const ofOrder = { orderNo: ORDER_NO, faceFen: 5000, paidFen: 5000 };

/** Every screen of the phone's pages, by name. The page's clock stands at 10:01:30 of the sample day. */
export const PAYER_SAMPLES: Readonly<Record<string, PayerSample>> = {
  'homes-none': { path: '/', answers: { 'GET bindings': { bindings: [] }, 'GET orders': { orders: [] } } },
  homes: { path: '/', answers: { ...common, 'GET orders': { orders: [{ ...order, state: 'crediting' }] } } },
  'homes-forget': { path: '/', answers: common, open: 'details' },
  'bind-number': { path: '/bind', answers: common },
  'bind-number-bad': {
    path: '/bind',
    answers: common,
    type: [{ into: '#number', text: '12', brings: '.trouble' }],
  },
  'bind-limited': binding({ 'POST bindings/code': ['request.rate-limited', 429] }, '.trouble'),
  'bind-code': binding(texted, '#code'),
  'bind-code-wrong': binding(
    { ...texted, 'POST bindings': ['binding.code-wrong', 422] },
    '#code',
    typingCode('.trouble'),
  ),
  'bind-code-spent': binding(
    { ...texted, 'POST bindings': ['binding.code-spent', 422] },
    '#code',
    typingCode('.trouble'),
  ),
  'bind-done': binding({ ...texted, 'POST bindings': bindings[0] }, '#code', typingCode('.answer')),
  home: home({}),
  'home-other': { ...home({}), open: 'details' },
  'home-arrears': home({ meter: { balanceFen: -1250, readAt: null, arrearsFen: 3520 } }),
  'home-not-remote': home({
    blocked: 'meter.not-remote',
    meter: { balanceFen: null, readAt: null, arrearsFen: 0 },
  }),
  'home-not-inserted': home({ blocked: 'meter.previous-not-inserted' }),
  'home-heard': asked({ blocked: null }),
  'home-not-heard': asked({}),
  'home-not-in-meter': asked({ meter: { ...details.meter, live: true } }),
  'home-full': home({
    meter: { balanceFen: 99_950, readAt: AT, arrearsFen: 0, live: true, ceilingFen: 100_000 },
    limits: { minFen: 100, maxFen: 0, stepFen: 100, presetsFen: [] },
  }),
  'home-busy': home({ blocked: 'meter.order-open' }),
  'home-limit': home({ today: { ordersLeft: 0, fenLeft: 75_000 } }),
  'home-grid-away': {
    path: `/h/${HOME}`,
    answers: { ...common, [`GET bindings/${HOME}`]: ['grid.unavailable', 503] },
  },
  pay: buying({}),
  'pay-expired': buying({ pay: null }),
  paid: buying({ state: 'paid', createdAt: '2026-01-15T02:01:00.000Z' }),
  crediting: buying({ state: 'crediting', createdAt: '2026-01-15T02:01:00.000Z' }),
  'grid-silent': buying({ state: 'grid-silent' }),
  'meter-silent': buying({
    state: 'crediting',
    credit: { status: 'unknown', balanceFen: null, creditedAt: null },
  }),
  done: buying({ state: 'done', credit: credited }),
  'credit-failed': buying({ state: 'credit-failed', credit: failed, choices: ['card', 'refund'] }),
  'card-write': buying({ state: 'sold', credit: failed }),
  written: buying({ state: 'done', credit: failed }),
  'not-taken': buying({
    state: 'done',
    credit: failed,
    meter: { status: 'refused', at: AT, reason: 'other' },
  }),
  'not-taken-full': buying({
    ...{ state: 'done', credit: failed },
    meter: { status: 'refused', at: AT, reason: 'full', belowFen: 80_000 },
  }),
  refunding: buying({ state: 'refunding', refund: refund('sent') }),
  refunded: buying({ state: 'refunded', refund: refund('done') }),
  closed: buying({ state: 'closed' }),
  attention: buying({ state: 'attention' }),
  receipt: {
    path: `/r/${ORDER_NO}`,
    answers: { ...common, [`GET orders/${ORDER_NO}`]: { ...order, state: 'done', credit: credited } },
  },
  proof: {
    path: `/k/${HOME}`,
    answers: {
      ...common,
      [`POST bindings/${HOME}/proof`]: { proof: '042917', expiresAt: '2026-01-15T02:05:00.000Z' },
    },
  },
  'link-pay': linked({}),
  'link-discount': linked({ paidFen: 4500, discountFen: 500 }),
  'link-down': linked({ ways: [way('wechat', 'unreachable'), way('alipay'), way('bestpay', 'limit')] }),
  'link-none': linked({ ways: [way('wechat', 'unreachable'), way('alipay', 'unreachable')] }),
  'link-none-home': linked({ ways: [way('wechat', 'unreachable')], kind: 'remote' }),
  'link-over': linked({ until: AT }),
  'link-over-home': linked({ until: AT, kind: 'remote' }),
  'link-paid': linked({ ...linkPaid, state: 'paid' }),
  'link-paid-home': linked({ ...linkPaid, state: 'crediting', kind: 'remote' }),
  'link-written': linked({ ...linkPaid, state: 'done' }),
  'link-credited': linked({ ...linkPaid, state: 'done', kind: 'remote' }),
  'link-refunding': linked({ ...linkPaid, state: 'refunding' }),
  'link-refunded': linked({ ...linkPaid, state: 'refunded' }),
  'link-closed': linked({ state: 'closed', ways: [] }),
  'link-attention': linked({ ...linkPaid, state: 'attention' }),
  paper: onPaper({}),
  'paper-cash-waits': cashBack({ waitingFen: 5000 }),
  'paper-cash-handed-out': cashBack({ handedOutFen: 5000, handedOutAt: AT }),
  'tv-choose': beside(atAmount),
  'tv-own': { ...beside(atAmount), open: 'details' },
  'tv-sure': beside({ ...atAmount, chosenFen: 5000 }),
  'tv-preparing': beside({ ...atAmount, busyFen: 5000 }),
  'tv-pay': beside({ screen: 'pay', ...ofOrder, codeUrl: `https://bianmin.example/p/${TOKEN}` }),
  'tv-code': beside({ screen: 'pay', ...ofOrder, codeUrl: 'weixin://wxpay/bizpayurl?pr=x' }),
  'tv-paid': beside({ screen: 'selling', ...ofOrder }),
  'tv-writing': beside({ screen: 'writing', ...ofOrder, progress: 0.4 }),
  'tv-done': beside({ screen: 'done', ...ofOrder, receiptCode: order.receiptCode }, { ended: true }),
  'tv-crediting': beside({ screen: 'crediting', ...ofOrder }),
  'tv-pulled': beside({ screen: 'pulled', ...ofOrder, paid: true }),
  'tv-silent': beside({ screen: 'grid-silent', ...ofOrder }),
  'tv-closed': beside({ screen: 'expired', orderNo: ORDER_NO }),
  'tv-refund': beside({ screen: 'refund', orderNo: ORDER_NO, fen: 5000, done: false }),
  'tv-look': beside({ screen: 'problem', orderNo: null, moneySafe: 'nothing-taken' }),
  'tv-away': beside({ screen: 'writing', ...ofOrder, progress: 0.4 }, { away: true }),
  'tv-over': beside(atAmount, { ended: true }),
  'tv-refused': {
    path: `/tv/${TOKEN}`,
    answers: { 'POST /v1/portal/phones': ['request.not-found', 404] },
  },
  'link-unknown': {
    path: '/',
    token: TOKEN,
    answers: { [`GET /v1/pay/${TOKEN}`]: ['pay-link.unknown', 404] },
  },
};
