import type {
  CounterNext,
  CounterOrder,
  CounterOrderDetail,
  CounterOrders,
  CounterTakings,
} from '@bianmin/purchase/api/counter';
import type { Diagnosis } from '@bianmin/purchase/api/diagnosis';
import type { Diagnostics } from '@bianmin/purchase/api/diagnostics';
import type { WaitingCashList } from '@bianmin/purchase/api/hand-out';
import type { OrderState } from '@bianmin/purchase/api/order';
import type { ClosedShift, OpenShift } from '@bianmin/purchase/api/shift';
import type { DeskView, HandOutAnswer, StaffAnswer } from '../src/ipc/staff.ts';
import type { Page } from 'playwright-core';
import type { KioskSample } from './kiosk-sample.ts';
import { ASSISTED_VIEWS } from './sample-views.ts';

type StaffSample = Omit<KioskSample, 'view'> & Partial<Pick<KioskSample, 'view'>>;

const at = '2026-11-27T01:30:00Z';
const SHIFT: OpenShift = {
  ...{ id: '3f0f5f5e-8f43-4f9e-9d5e-0d1f6c1b2a3d', openedAt: at },
  ...{ openingFen: 200_00, takenFen: 1_234_50, times: 27, backFen: 97_50, backTimes: 2, drawerFen: 1_337_00 },
};
const IN: DeskView = {
  ...{ state: 'in', at: 'desk', covered: false, staff: 'zhangwei', expecting: null, orders: 'community' },
  ...{ may: { orders: true, cash: true }, shift: SHIFT, pinAfterMs: 300_000, pinAboveFen: 200_00 },
};
const CLOSED: ClosedShift = {
  ...{ ...SHIFT, staff: '104817', committee: '天山区解放南路街道第一社区', closedAt: '2026-11-27T09:30:00Z' },
  ...{ terminalId: 't5d41402abc4b2a76b9719d911017c5', countedFen: 1_332_00, differenceFen: -5_00 },
  ...{ counted: [{ fen: 10_000, pieces: 13 }], leftFen: 200_00, handedInFen: 1_132_00 },
};

function rowOf(n: number, state: OrderState, next: CounterNext): CounterOrder {
  return {
    ...{ orderNo: `2611270930000000${String(n).padStart(2, '0')}`, createdAt: at, state, paidFen: 47_50 },
    household: { name: '阿*', address: '天山区**小区3号楼', customerNo: '****1234', meterTail: '6789' },
    ...{ here: n % 2 === 0, next },
  };
}

const ROWS: readonly CounterOrder[] = [
  rowOf(1, 'sold', 'insert-card'),
  rowOf(2, 'grid-silent', 'wait'),
  rowOf(3, 'write-failed', 'written-elsewhere'),
  rowOf(4, 'done', 'check-card'),
  rowOf(5, 'attention', 'office'),
];

/** The longest that is said of a card. */
const diagnosis: Diagnosis = {
  at,
  money: { at: 'spent', fen: 47_50, since: at, takenFen: 47_50, backFen: 0 },
  power: {
    ...{ at: 'perhaps-on-card', creditFen: 50_00, since: at },
    place: {
      terminal: '一号机',
      community: { 'zh-CN': '天山区解放南路街道第一社区', en: 'Jiefang South Road First Community' },
    },
  },
  act: { do: 'bring-card', by: 'household', because: 'broke-off' },
};

function detailOf(row: CounterOrder): CounterOrderDetail {
  return {
    ...row,
    diagnosis,
    ...{ faceFen: 50_00, discountFen: 2_50, kind: 'card', means: 'wechat', refundFen: 0, count: 12 },
    ...{ receiptCode: 'R7K2-9QXD-3M5P-8TWV', writeFault: 'card.removed', leaseUntil: at },
    steps: [
      { step: 'made', at },
      { step: 'paid', at },
      { step: 'sold', at },
      { step: 'released', at },
      { step: 'failed', at },
    ],
  };
}

const takings: CounterTakings = {
  ...{
    committee: '天山区解放南路街道第一社区',
    balanceFen: 9_876_500,
    leftTodayFen: 4_500_000,
    frozen: false,
  },
  ...{ takenTodayFen: 500_000, mine: { takenFen: 150_00, backFen: 50_00, times: 3 } },
  waiting: { fen: 97_50, times: 2 },
  entries: [1, 2, 3].map((n) => ({
    ...{ orderNo: rowOf(n, 'done', 'none').orderNo, fen: 50_00, backFen: n === 2 ? 50_00 : 0, at },
  })),
};

const machine: Diagnostics = {
  ...{ at, fingerprint: 'Zk3-9QxD_a1B', terminalId: 't5d41402abc4b2a76b9719d911017c5', uptimeS: 93_780 },
  versions: {
    ...{
      app: '0.1.0',
      node: 'v24.11.0',
      electron: '38.2.0',
      chromium: '140.0.7339.133',
      system: 'linux x64',
    },
  },
  readers: [
    { name: 'ACS ACR38U-CCID', card: 'none', lastChip: 'SLE4442' },
    { name: 'Feitian R502 Contactless Reader', card: 'unknown', lastChip: null },
  ],
  server: { link: 'away', lastAnswerAt: at, roundTripMs: 48, skewMs: 301_000 },
  disk: { freeMb: 1204, totalMb: 31_915 },
  journal: { entries: 1, undelivered: 1 },
  screen: { name: 'problem', problem: 'reader.none' },
  faults: ['server.unavailable', 'reader.removed', 'journal.not-durable', 'TypeError'].map((code, n) => ({
    ...{
      at,
      where: 'purchase',
      code,
      sentence: 'The server cannot be reached. Check the network.',
      times: n + 1,
    },
  })),
};

const orders = (rows: readonly CounterOrder[]): StaffAnswer<CounterOrders> => ({
  ok: true,
  value: { orders: [...rows], next: null },
});
const order = (n: number): StaffAnswer<CounterOrderDetail> => ({
  ok: true,
  value: detailOf(ROWS[n] as CounterOrder),
});

const waiting: StaffAnswer<WaitingCashList> = {
  ok: true,
  value: {
    waiting: takings.waiting,
    refunds: ([4, 5] as const).map((n) => {
      const { orderNo, household, here } = rowOf(n, 'refunded', 'none');
      return {
        ...{ refundNo: `${orderNo}p1r3`, orderNo, household, here, receiptCode: 'R7K2-9QXD-3M5P-8TWV' },
        ...{ fen: n === 4 ? 47_50 : 50_00, reason: 'not-sold', since: at },
      };
    }),
  },
};
const handOut = (is: HandOutAnswer['is']): StaffAnswer<HandOutAnswer> => {
  const { orderNo } = rowOf(4, 'refunded', 'none');
  const fact = { refundNo: `${orderNo}p1r3`, orderNo, fen: 47_50, slip: '000117', staff: '104817' };
  return { ok: true, value: { is, handOut: { ...fact, terminalId: `t${'5'.repeat(30)}`, at } } };
};
/** To the cash that waits, and its slip's number typed. */
async function toHandOut(page: Page): Promise<void> {
  await page.locator('.tabs .deed').nth(2).click();
  await page.locator('.waiting .deed').click();
  await page.locator('.one').waitFor();
  await page.keyboard.type('000117');
}
async function toAnswer(page: Page): Promise<void> {
  await toHandOut(page);
  await page.keyboard.press('F8');
  await page.keyboard.press('F8');
}
/** To the drawer's count, with what a clerk types. */
async function toCount(page: Page): Promise<void> {
  await page.keyboard.press('F7');
  await page.locator('.count').waitFor();
  for (const pieces of ['13', '0', '1', '1', '0', '2']) {
    await page.keyboard.type(pieces);
    await page.keyboard.press('ArrowDown');
  }
}
/** And its end asked for. */
async function toEnd(page: Page): Promise<void> {
  await toCount(page);
  await page.keyboard.press('F8');
  await page.keyboard.press('F8');
}
/** A count outlives its screen: each sample of it is of another clerk, who begins with an empty drawer. */
const counting = (staff: string): DeskView => ({ ...IN, staff });
/** The household of `assisted`, and what staff see beside it. */
const HELPING = {
  staff: { ...IN, covered: true },
  answers: { 'staff.card-orders': orders(ROWS), 'staff.order': order(3) },
} as const;
const CASH = {
  ...{ 'staff.orders': orders(ROWS), 'staff.order': order(0) },
  ...{ 'staff.takings': { ok: true, value: takings } as const, 'staff.waiting': waiting },
};

/** Staff mode, over a kiosk that waits for a card. */
export const STAFF_SAMPLES: Readonly<Record<string, StaffSample>> = {
  'staff-sign-in': { act: (page) => page.locator('.door').click() },
  'staff-orders': { staff: IN, answers: { 'staff.orders': orders(ROWS), 'staff.order': order(0) } },
  'staff-written-elsewhere': {
    staff: { ...IN, orders: 'terminal' },
    answers: { 'staff.orders': orders(ROWS.slice(2)), 'staff.order': order(2) },
  },
  'staff-reprint': {
    staff: IN,
    status: {
      printer: {
        ...{ state: 'paper-out' },
        job: { orderNo: rowOf(4, 'done', 'check-card').orderNo, state: 'waiting', again: true },
      },
    },
    answers: { 'staff.orders': orders(ROWS.slice(3)), 'staff.order': order(3) },
  },
  'staff-none': { staff: IN, answers: { 'staff.orders': orders([]) } },
  'staff-away': {
    staff: IN,
    status: { server: 'away' },
    answers: { 'staff.orders': { ok: false, fault: 'away' } },
  },
  'staff-keys': {
    staff: IN,
    answers: { 'staff.orders': orders(ROWS), 'staff.order': order(0) },
    act: async (page) => {
      await page.locator('.search .deed').first().click();
      await page.keyboard.type('1234');
    },
  },
  'staff-expecting': {
    staff: { ...IN, expecting: ROWS[0]?.orderNo ?? null },
    answers: { 'staff.orders': orders(ROWS), 'staff.order': order(0) },
  },
  'staff-cash': {
    staff: IN,
    answers: {
      'staff.orders': orders(ROWS),
      'staff.order': order(0),
      'staff.takings': { ok: true, value: takings },
    },
    act: (page) => page.locator('.tabs .deed').nth(2).click(),
  },
  'staff-hand-out': { staff: IN, answers: CASH, act: toHandOut },
  'staff-hand-out-asking': {
    staff: IN,
    answers: CASH,
    act: async (page) => {
      await toHandOut(page);
      await page.keyboard.press('F8');
    },
  },
  'staff-hand-out-unknown': {
    staff: IN,
    answers: { ...CASH, 'staff.hand-out': { ok: false, fault: 'away' } },
    act: async (page) => {
      await toAnswer(page);
      await page.locator('.one .warning').waitFor();
    },
  },
  'staff-hand-out-written': {
    staff: IN,
    answers: { ...CASH, 'staff.hand-out': handOut('written') },
    act: toAnswer,
  },
  'staff-hand-out-before': {
    staff: IN,
    answers: { ...CASH, 'staff.hand-out': handOut('before') },
    act: async (page) => {
      await toAnswer(page);
      await page.locator('.one .warning').waitFor();
    },
  },
  'staff-aside': {
    staff: { state: 'in', at: 'aside', mayEnter: true, staff: 'zhangwei' },
    act: (page) => page.locator('.door').click(),
  },
  'staff-count': { staff: counting('sunli'), answers: CASH, act: toCount },
  'staff-count-asking': {
    staff: counting('lixia'),
    answers: CASH,
    act: async (page) => {
      await toCount(page);
      await page.keyboard.press('F8');
    },
  },
  'staff-count-unknown': {
    staff: counting('wangjun'),
    answers: { ...CASH, 'staff.close': { ok: false, fault: 'away' } },
    act: async (page) => {
      await toEnd(page);
      await page.locator('.count [role=alert]').waitFor();
    },
  },
  'staff-closed': {
    staff: counting('zhaomin'),
    status: {
      printer: { state: 'ready', job: { orderNo: SHIFT.id, state: 'printed', again: false } },
    },
    answers: { ...CASH, 'staff.close': { ok: true, value: CLOSED } },
    act: async (page) => {
      await toEnd(page);
      await page.locator('.result').waitFor();
    },
  },
  'counter-amount': { ...HELPING, view: ASSISTED_VIEWS.amount },
  'counter-amount-reprint': {
    ...HELPING,
    view: ASSISTED_VIEWS.rich,
    status: { printer: { state: 'ready', job: null } },
  },
  'counter-none': {
    ...HELPING,
    view: ASSISTED_VIEWS.amount,
    answers: { 'staff.card-orders': orders([]) },
  },
  'counter-keypad': {
    ...HELPING,
    view: ASSISTED_VIEWS.amount,
    act: async (page) => {
      await page.locator('.choice.other').click();
      await page.locator('.keypad').waitFor();
    },
  },
  'counter-pay': { ...HELPING, view: ASSISTED_VIEWS.pay },
  'counter-pay-asked': { ...HELPING, view: { ...ASSISTED_VIEWS.pay, cashAsked: true } },
  'counter-take': { ...HELPING, view: ASSISTED_VIEWS.take },
  'counter-pin': { ...HELPING, view: ASSISTED_VIEWS.pin },
  'staff-machine': {
    staff: IN,
    status: { printer: { state: 'paper-low', job: null } },
    answers: { 'staff.orders': orders([]), 'staff.diagnostics': { ok: true, value: machine } },
    act: (page) => page.locator('.tabs .deed').nth(3).click(),
  },
  'staff-report-sent': {
    staff: IN,
    answers: {
      'staff.orders': orders([]),
      'staff.diagnostics': { ok: true, value: { ...machine, faults: [] } },
      'staff.report': { ok: true, value: { reportNo: '48210937' } },
    },
    act: async (page) => {
      await page.locator('.tabs .deed').nth(3).click();
      await page.locator('.report .deed').click();
      await page.locator('.report .no').waitFor();
    },
  },
  'staff-report-not-sent': {
    staff: IN,
    answers: {
      'staff.orders': orders([]),
      'staff.diagnostics': { ok: true, value: machine },
      'staff.report': { ok: false, fault: 'away' },
    },
    act: async (page) => {
      await page.locator('.tabs .deed').nth(3).click();
      await page.locator('.report .deed').click();
      await page.locator('.report .failed').waitFor();
    },
  },
  'staff-sign-in-away': { status: { server: 'away' }, act: (page) => page.locator('.door').click() },
};
