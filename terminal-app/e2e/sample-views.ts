import { PURCHASE_PROBLEMS } from '@bianmin/shared/purchase/view';
import type { Household, PurchaseView } from '@bianmin/shared/purchase/view';

const household: Household = {
  name: '张*',
  address: '天山区**小区3号楼',
  customerNo: '****1234',
  balanceFen: 2340,
  balanceAt: '2026-11-20T08:30:00Z',
  arrearsFen: 0,
};
const orderNo = '261125093000123456';
const paidFen = 5000;

/** One of each screen, with the longest words that the field would bring. */
export const SAMPLE_VIEWS: Readonly<Record<string, PurchaseView>> = {
  wait: { screen: 'wait', reader: 'ACS ACR38U-CCID' },
  reading: { screen: 'reading' },
  who: { screen: 'who', household },
  'who-arrears': { screen: 'who', household: { ...household, balanceFen: -305, arrearsFen: 1850 } },
  'who-new': { screen: 'who', household: { ...household, balanceFen: null, balanceAt: null } },
  amount: {
    screen: 'amount',
    household,
    limits: { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [5000, 10_000, 20_000] },
    busyFen: null,
  },
  pay: {
    screen: 'pay',
    orderNo,
    faceFen: paidFen,
    paidFen: 4750,
    discountFen: 250,
    channel: 'wechat',
    codeUrl: 'weixin://wxpay/bizpayurl?pr=p4lpSuKzz',
    expiresAt: Date.now() + 290_000,
  },
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
  selling: { screen: 'selling', orderNo, paidFen },
  writing: { screen: 'writing', orderNo, faceFen: paidFen, phase: 'write', progress: 0.55 },
  done: { screen: 'done', orderNo, faceFen: paidFen, receiptCode: 'R7K2 9QXD', resumed: false },
  'done-resumed': { screen: 'done', orderNo, faceFen: paidFen, receiptCode: 'R7K2 9QXD', resumed: true },
  'pulled-paid': { screen: 'pulled', orderNo, paid: true },
  'pulled-unpaid': { screen: 'pulled', orderNo, paid: false },
  'other-card': { screen: 'other-card', orderNo },
  resume: { screen: 'resume', household, orderNo, faceFen: paidFen },
  'grid-silent': { screen: 'grid-silent', orderNo, paidFen, receiptCode: 'R7K2 9QXD' },
  refund: { screen: 'refund', orderNo, fen: paidFen, done: false },
  'refund-done': { screen: 'refund', orderNo, fen: paidFen, done: true },
  expired: { screen: 'expired', orderNo },
  ...Object.fromEntries(
    PURCHASE_PROBLEMS.map((code): [string, PurchaseView] => [
      `problem-${code}`,
      {
        screen: 'problem',
        code,
        staffCode: `card.${code}`,
        orderNo: code === 'write-failed' || code === 'card-changed' ? orderNo : null,
        moneySafe: code === 'write-failed' || code === 'card-changed' ? 'safe-with-order' : 'nothing-taken',
        canRetry: code === 'grid-busy' || code === 'channel-down' || code === 'server-away',
      },
    ]),
  ),
};
