import { PURCHASE_OUTCOMES } from '@bianmin/purchase/api/home';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { SAMPLE_VIEWS } from '../../terminal-app/e2e/sample-views.ts';
import type { BoxStatus } from '../src/box/status.ts';
import type { PhoneState } from '../src/box/phone-visit.ts';
import type { Remembered } from '../src/tv/kept-households.ts';
import type { usePages } from '../src/tv/pages.ts';

export const STATUS: BoxStatus = {
  facts: {
    appVersion: '0.1.0',
    androidApi: 25,
    model: 'EC6110-T',
    engine: 'x',
    serverUrl: 'https://server.test',
    helpPhone: '0991-95598',
    sandbox: true,
  },
  terminal: 'accepted',
  fingerprint: 'abcd1234EFGH',
  server: 'online',
  readerFaults: [],
  unfinished: [],
};
const NO_READER = { ...SAMPLE_VIEWS['problem-no-reader'], withoutCard: true } as PurchaseView;
const WAIT = SAMPLE_VIEWS['wait'] as PurchaseView;

/** A screen of the home box as a household may find it. */
export interface Shown {
  readonly view: PurchaseView;
  readonly status?: Partial<BoxStatus>;
  readonly overlay?: 'help' | 'settings';
  readonly pages?: Partial<PagesState>;
  /** Of a page of the box's own: by when somebody is to answer. */
  readonly asking?: number;
}
type PagesState = ReturnType<typeof usePages>['$state'];

export const NO_PAGE: PagesState = {
  ...{ page: null, homes: null, purchases: null, older: null, from: 0 },
  ...{ trouble: null, remembered: null, kept: false, keepsAny: false, phone: null },
};
const HOMES = ['张*', '阿卜*****', '古丽*', '李*'].map((name, index) => ({
  id: `home-of-the-box-${index}`,
  customer: {
    name,
    address: '天山区**小区3号楼2单元',
    customerNo: `****123${index}`,
    meterTail: `678${index}`,
  },
}));
const HOME = HOMES[0];
const IN_HOMES: Partial<PagesState> = { page: { is: 'homes' }, homes: HOMES };
const PURCHASES = PURCHASE_OUTCOMES.map((outcome, index) => ({
  ...{ orderNo: `26112509300012345${index}`, at: '2026-11-25T06:03:00Z', outcome },
  ...{ faceFen: 12_345_00, creditFen: index % 2 === 0 ? 12_000_00 : 12_345_00 },
  kind: outcome === 'on-meter' ? ('remote' as const) : ('card' as const),
  entry: (['kiosk', 'iptv3', 'phone'] as const)[index % 3] ?? 'kiosk',
}));
const OF_CARD: Partial<PagesState> = { page: { is: 'history' }, purchases: PURCHASES };
export const { expiresAt: PAY_UNTIL } = SAMPLE_VIEWS['pay'] as { expiresAt: number };
const WHO = SAMPLE_VIEWS['who'] as PurchaseView;
const AMOUNT = SAMPLE_VIEWS['amount'] as Extract<PurchaseView, { screen: 'amount' }>;
const DONE = SAMPLE_VIEWS['done'] as Extract<PurchaseView, { screen: 'done' }>;
const remembered = (is: Remembered): Shown => ({
  view: DONE,
  pages: { remembered: { orderNo: DONE.orderNo, is } },
});

const beside = (phone: PhoneState): Shown => ({ view: AMOUNT, pages: { page: { is: 'phone' }, phone } });

/** What a box shows besides a kiosk's screens. */
const OF_THE_BOX: Readonly<Record<string, Shown>> = {
  'wait-homes': { view: WAIT, pages: { keepsAny: true } },
  'wait-unfinished': { view: WAIT, status: { unfinished: ['261125093000123456'] } },
  'wait-away': { view: WAIT, status: { server: 'away' } },
  'reader-none': { view: NO_READER },
  'reader-ask': {
    view: NO_READER,
    status: { readerFaults: [{ name: 'ACS ACR38U-CCID', code: 'usb.permission' }] },
  },
  'reader-unknown': {
    view: NO_READER,
    status: { readerFaults: [{ name: 'Shenzhen Long Name Co. Smart Pad 3 Pro', code: 'usb.io' }] },
  },
  'keys-lost': { view: WAIT, status: { terminal: 'keys-lost', fingerprint: '' } },
  'enrol-asking': { view: WAIT, status: { terminal: 'asking', server: 'away' } },
  'enrol-pending': { view: WAIT, status: { terminal: 'pending' } },
  'enrol-rejected': { view: WAIT, status: { terminal: 'rejected' } },
  homes: { view: WAIT, pages: IN_HOMES },
  'homes-asking': { view: WAIT, pages: IN_HOMES, asking: PAY_UNTIL - 263_000 },
  'homes-last': { view: NO_READER, pages: { ...IN_HOMES, from: 3 } },
  'homes-one': { view: WAIT, pages: { ...IN_HOMES, homes: HOMES.slice(0, 1) } },
  'homes-none': { view: WAIT, pages: { ...IN_HOMES, homes: [] } },
  'homes-loading': { view: WAIT, pages: { page: { is: 'homes' } } },
  'homes-away': {
    view: WAIT,
    status: { server: 'away' },
    pages: { ...IN_HOMES, trouble: 'server.unavailable' },
  },
  history: { view: WHO, pages: OF_CARD },
  'history-older': { view: WHO, pages: { ...OF_CARD, from: 4 } },
  'history-none': { view: WHO, pages: { ...OF_CARD, purchases: [] } },
  'history-of-home': {
    view: WAIT,
    pages: { ...OF_CARD, page: { is: 'history', ...(HOME && { home: HOME }) }, older: '261125093000123450' },
  },
  'history-away': { view: WHO, pages: { page: { is: 'history' }, trouble: 'server.unavailable' } },
  'history-expired': { view: WHO, pages: { page: { is: 'history' }, trouble: 'card.session-expired' } },
  recalling: { view: { screen: 'recalling' } },
  'amount-home': { view: { ...AMOUNT, remote: true, bound: true } },
  'amount-home-arrears': {
    view: { ...AMOUNT, remote: true, bound: true, household: { ...AMOUNT.household, arrearsFen: 1850 } },
  },
  'phone-opening': beside({ is: 'opening' }),
  'phone-code': beside({ is: 'code', url: `https://pay.bianmin.example/p/#/tv/${'x'.repeat(22)}` }),
  'phone-here': beside({ is: 'here' }),
  'phone-lost': beside({ is: 'lost' }),
  'phone-failed': beside({ is: 'failed' }),
  'phone-chosen': beside({ is: 'chosen', faceFen: 5000 }),
  'done-remembering': remembered('busy'),
  'done-remembered': remembered('done'),
  'done-full': remembered('full'),
  'done-not-remembered': remembered('failed'),
  help: { view: WAIT, overlay: 'help' },
  settings: { view: WAIT, overlay: 'settings' },
};
/** Every screen of the home box, by name. */
export const SHOWN: Readonly<Record<string, Shown>> = {
  // Staff take cash at kiosks alone.
  ...Object.fromEntries(
    Object.entries(SAMPLE_VIEWS)
      .filter(([name, view]) => !name.includes('cash') && !('cash' in view))
      .map(([name, view]): [string, Shown] => [name, { view }]),
  ),
  ...OF_THE_BOX,
};
