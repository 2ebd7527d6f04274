import { SAMPLE_PROBLEMS } from './sample-problems.ts';
import { sampleMeterViews } from './sample-meter-views.ts';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { CashLine } from '@bianmin/purchase/purchase/view/cash-screens';
import type { Household } from '@bianmin/purchase/purchase/view/household';

const household: Household = {
  name: '张*',
  address: '天山区**小区3号楼',
  customerNo: '****1234',
  meterTail: '6789',
  balanceFen: 2340,
  balanceAt: '2026-11-20T08:30:00Z',
  arrearsFen: 0,
};
export const orderNo = '261125093000123456';
const paidFen = 5000;

const receipt = {
  ...{ orderNo, receiptCode: 'R7K2 9QXD', committee: '天山区解放南路街道第一社区', staff: 'zhang' },
  ...{ takenFen: paidFen, takenAt: '2026-11-25T06:03:00Z', handBackFen: 0 },
};
const inCash: CashLine = { says: 'paid', receipt };
const byPhone: CashLine = { says: 'phone-paid', receipt: null };
const staff = { screen: 'cash-staff', orderNo, waitMinutes: null, held: false, busy: false } as const;
const take = {
  screen: 'cash-take',
  ...{ orderNo, household, committee: receipt.committee, staff: 'zhang' },
  ...{ takeFen: paidFen, balanceFen: 9_876_500, leftTodayFen: 4_500_000 },
} as const;

const bought = {
  ...{ orderNo, faceFen: paidFen, paidFen, discountFen: 0, receiptCode: 'R7K2 9QXD' },
  sale: { creditFen: paidFen, arrearsFen: 0, feeFen: 0, count: 12 },
};
const boughtLess = {
  ...{ ...bought, paidFen: 4750, discountFen: 250 },
  sale: { creditFen: 2900, arrearsFen: 1850, feeFen: 250, count: 13 },
};
/** Nobody has done anything for long. */
const asking = Date.now() + 27_000;

const pay = {
  screen: 'pay',
  orderNo,
  meterTail: '6789',
  faceFen: paidFen,
  paidFen: 4750,
  discountFen: 250,
  channel: 'wechat',
  codeUrl: 'weixin://wxpay/bizpayurl?pr=p4lpSuKzz',
  expiresAt: Date.now() + 290_000,
  quote: { creditFen: 2900, arrearsFen: 1850, feeFen: 250, energyWh: 51_800 },
} as const;
const bill = {
  ...{ billNo: '650100001001-202610', period: '2026-10', dueFen: 12_640, dueOn: '2026-11-25', partly: false },
} as const;
const done = { screen: 'done', ...bought, resumed: false } as const;

const limits = { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [5000, 10_000, 20_000] };

/** Households that staff help. */
export const ASSISTED_VIEWS = {
  amount: { screen: 'amount', household, limits, busyFen: null, assisted: true },
  rich: {
    ...{ screen: 'amount', limits, busyFen: 5000, assisted: true },
    household: { ...household, balanceFen: -305, arrearsFen: 1850, cashWaitingFen: 5_000 },
  },
  pay: { ...pay, assisted: true },
  take: { ...take, held: false, busy: false, assisted: true },
  pin: { ...staff, fault: 'wrong', pinOnly: true, assisted: true },
} as const satisfies Readonly<Record<string, PurchaseView>>;

/** One of each screen, with the longest words that the field would bring. */
export const SAMPLE_VIEWS: Readonly<Record<string, PurchaseView>> = {
  wait: { screen: 'wait', reader: 'ACS ACR38U-CCID', withoutCard: true },
  'customer-no': { screen: 'customer-no' },
  proof: { screen: 'proof', ending: '1234', fault: null, busy: false },
  'proof-wrong': { screen: 'proof', ending: '1234', fault: 'wrong', busy: false },
  'proof-used': { screen: 'proof', ending: '1234', fault: 'used', busy: false },
  'proof-busy': { screen: 'proof', ending: '1234', fault: null, busy: true },
  'who-remote': {
    screen: 'who',
    household: { ...household, balanceFen: null, balanceAt: null },
    remote: true,
  },
  reading: { screen: 'reading' },
  'who-account': { screen: 'who', household: { ...household, isLive: true, isAccount: true } },
  'who-account-off': {
    screen: 'who',
    household: { ...household, balanceFen: -640, isLive: true, isAccount: true, isOff: true },
  },
  'amount-bills': {
    screen: 'amount',
    household: { ...household, isAccount: true, bills: [bill] },
    limits: { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [5000, 10_000, 20_000] },
    busyFen: null,
  },
  'who-asking': { screen: 'who', household: { ...household, arrearsFen: 1850 }, remote: true, asking },
  'customer-no-asking': { screen: 'customer-no', asking },
  'proof-asking': { screen: 'proof', ending: '1234', fault: 'used', busy: false, asking },
  'amount-asking': {
    screen: 'amount',
    ...{ household, busyFen: null, remote: true, asking },
    limits: { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [5000, 10_000, 20_000] },
  },
  who: { screen: 'who', household },
  'who-arrears': { screen: 'who', household: { ...household, balanceFen: -305, arrearsFen: 1850 } },
  'who-cash-waiting': { screen: 'who', household: { ...household, cashWaitingFen: 5_000 } },
  'who-new': { screen: 'who', household: { ...household, balanceFen: null, balanceAt: null } },
  amount: {
    screen: 'amount',
    household,
    limits: { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [5000, 10_000, 20_000] },
    busyFen: null,
  },
  pay,
  'pay-preparing': {
    screen: 'pay',
    orderNo,
    faceFen: paidFen,
    paidFen,
    discountFen: 0,
    channel: 'wechat',
    codeUrl: null,
    expiresAt: null,
  },
  'pay-closing': {
    screen: 'pay',
    orderNo,
    faceFen: paidFen,
    paidFen,
    discountFen: 0,
    channel: 'wechat',
    codeUrl: null,
    expiresAt: null,
    closing: true,
  },
  'cash-staff': { ...staff, fault: null },
  'cash-staff-pin-only': { ...staff, fault: null, pinOnly: true },
  'cash-staff-pin-only-held': { ...staff, fault: 'wrong', pinOnly: true, held: true },
  'cash-staff-ended': { ...staff, fault: 'ended' },
  'cash-staff-wrong': { ...staff, fault: 'wrong' },
  'cash-staff-locked': { ...staff, fault: 'locked', waitMinutes: 15 },
  'cash-staff-forbidden': { ...staff, fault: 'forbidden' },
  'cash-staff-away': { ...staff, fault: 'away' },
  'cash-staff-stale': { ...staff, fault: 'stale', held: true },
  'cash-staff-busy': { ...staff, fault: null, busy: true },
  'cash-take': { ...take, held: false, busy: false },
  'cash-take-held': { ...take, held: true, busy: false },
  'cash-take-busy': { ...take, held: true, busy: true },
  'cash-staff-asking': { ...staff, fault: 'wrong', asking },
  'cash-take-asking': { ...take, held: true, busy: false, asking },
  'cash-refused-asking': { screen: 'cash-refused', orderNo, why: 'day-limit', held: true, asking },
  'cash-unsure': { screen: 'cash-unsure', orderNo, takeFen: paidFen, slow: false },
  'cash-unsure-slow': { screen: 'cash-unsure', orderNo, takeFen: paidFen, slow: true },
  'cash-refused-none': { screen: 'cash-refused', orderNo, why: 'none', held: false },
  'cash-refused-frozen': { screen: 'cash-refused', orderNo, why: 'frozen', held: true },
  'cash-refused-empty': { screen: 'cash-refused', orderNo, why: 'empty', held: false },
  'cash-refused-day-limit': { screen: 'cash-refused', orderNo, why: 'day-limit', held: true },
  'selling-phone-paid': { screen: 'selling', orderNo, paidFen, cash: byPhone },
  'writing-phone-paid': {
    ...{ screen: 'writing', orderNo, faceFen: paidFen, phase: 'write', progress: 0.55 },
    cash: byPhone,
  },
  'done-cash': {
    ...{ screen: 'done', ...bought, resumed: true },
    cash: inCash,
  },
  'done-cash-back': {
    ...{ screen: 'done', ...bought, resumed: false },
    cash: { says: 'paid', receipt: { ...receipt, handBackFen: paidFen } },
  },
  'done-phone-paid': {
    ...{ screen: 'done', ...bought, resumed: false },
    cash: byPhone,
  },
  'refund-cash': {
    ...{ screen: 'refund', orderNo, fen: paidFen, done: true },
    cash: { says: 'paid', receipt: { ...receipt, handBackFen: paidFen } },
  },
  'expired-cash': { screen: 'expired', orderNo, cash: { says: 'not-recorded', receipt: null } },
  'crediting-phone-paid': {
    ...{ screen: 'crediting', orderNo, paidFen, receiptCode: null, asks: 'meter', slow: false },
    cash: byPhone,
  },
  'credited-cash': {
    ...{ screen: 'credited', ...bought, balanceFen: 7340 },
    ...{ cash: inCash },
  },
  'credit-failed-cash': {
    ...{ screen: 'credit-failed', orderNo, paidFen, offers: ['card', 'refund'], chosen: null },
    cash: inCash,
  },
  'crediting-account': {
    ...{ screen: 'crediting', orderNo, paidFen, receiptCode: null, asks: 'grid', slow: false },
    account: true,
  },
  'credited-account': { screen: 'credited', ...bought, balanceFen: 7340, account: true, supply: 'restored' },
  'credited-account-off': { screen: 'credited', ...bought, balanceFen: -120, account: true, supply: 'off' },
  'credited-bill': { screen: 'credited', ...bought, balanceFen: 7340, account: true, period: '2026-10' },
  crediting: { screen: 'crediting', orderNo, paidFen, receiptCode: null, asks: 'meter', slow: false },
  'crediting-slow': {
    screen: 'crediting',
    orderNo,
    paidFen,
    receiptCode: 'R7K2 9QXD',
    asks: 'grid',
    slow: true,
  },
  credited: { screen: 'credited', ...bought, balanceFen: 7340 },
  'credited-less': { screen: 'credited', ...boughtLess, balanceFen: 5240 },
  'credit-failed': { screen: 'credit-failed', orderNo, paidFen, offers: ['card', 'refund'], chosen: null },
  'credit-failed-card': { screen: 'credit-failed', orderNo, paidFen, offers: ['card'], chosen: null },
  'credit-failed-asking': {
    ...{ screen: 'credit-failed', orderNo, paidFen, offers: ['card', 'refund'], chosen: null },
    asking,
  },
  'bring-card-asking': { screen: 'bring-card', orderNo, faceFen: paidFen, mayRefund: true, asking },
  'bring-card': { screen: 'bring-card', orderNo, faceFen: paidFen, mayRefund: true },
  selling: { screen: 'selling', orderNo, paidFen },
  writing: { screen: 'writing', orderNo, faceFen: paidFen, phase: 'write', progress: 0.55 },
  done,
  ...sampleMeterViews({ pay, done }),
  'done-less': { screen: 'done', ...boughtLess, resumed: true },
  'done-unknown': {
    ...{ screen: 'done', orderNo, faceFen: paidFen, paidFen, discountFen: 0 },
    ...{ receiptCode: 'R7K2 9QXD', resumed: false },
  },
  'done-card-out': { screen: 'done', ...bought, resumed: false, cardOut: true },
  'done-resumed': { screen: 'done', ...bought, resumed: true },
  'done-forgotten': {
    ...{ screen: 'done', ...bought, resumed: false },
    forgotten: true,
  },
  'done-asking': {
    ...{ screen: 'done', ...boughtLess, resumed: true, cardOut: true },
    asking,
  },
  'credited-asking': {
    ...{ screen: 'credited', ...bought, balanceFen: 7340 },
    ...{ asking },
  },
  'pulled-asking': { screen: 'pulled', orderNo, paid: true, asking },
  'refund-asking': { screen: 'refund', orderNo, fen: paidFen, done: true, asking },
  'problem-asking': {
    ...{ screen: 'problem', code: 'write-failed', staffCode: 'meter-card.read-back-differs', orderNo },
    ...{ moneySafe: 'safe-with-order', canRetry: true, canLeave: true, asking },
  },
  'pulled-paid': { screen: 'pulled', orderNo, paid: true },
  'pulled-unpaid': { screen: 'pulled', orderNo, paid: false },
  'other-card': { screen: 'other-card', orderNo },
  resume: { screen: 'resume', household, orderNo, faceFen: paidFen },
  'grid-silent': { screen: 'grid-silent', orderNo, paidFen, receiptCode: 'R7K2 9QXD' },
  refund: { screen: 'refund', orderNo, fen: paidFen, done: false },
  'refund-done': { screen: 'refund', orderNo, fen: paidFen, done: true },
  expired: { screen: 'expired', orderNo },
  'problem-order-open-elsewhere-wait': {
    ...{ screen: 'problem', code: 'order-open-elsewhere', staffCode: 'order.leased-elsewhere', orderNo },
    ...{ moneySafe: 'safe-with-order', canRetry: true, waitMinutes: 2 },
  },
  ...SAMPLE_PROBLEMS,
};
