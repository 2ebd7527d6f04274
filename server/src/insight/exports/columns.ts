import { brandNames, CHANNELS, type Channel } from '@bianmin/purchase/api/channels';
import type { ExportColumn, ExportRequest } from '@bianmin/purchase/api/exports';
import type { OrderState } from '@bianmin/purchase/api/order';
import { chinaClock } from '../../kernel/china-time.ts';
import type { Order, PaymentMeans } from '../../orders/model/order.ts';
import { fundingOf } from '../../orders/model/state.ts';

type Language = ExportRequest['language'];
type Words = readonly [zh: string, en: string];

/** A cell: words, or a number that can be added up. */
export type CellValue = string | { readonly yuan: string };

interface ColumnOf {
  readonly head: Words;
  readonly value: (order: Order, language: Language) => CellValue;
}

const STATES: Readonly<Record<OrderState, Words>> = {
  created: ['未支付', 'Not paid'],
  paying: ['支付中', 'Being paid'],
  paid: ['已支付', 'Paid'],
  'grid-silent': ['等待电网答复', 'Waiting for the grid'],
  sold: ['已售电', 'Sold'],
  writing: ['写卡中', 'Being written'],
  'write-failed': ['写卡失败', 'Write failed'],
  crediting: ['远程下发中', 'Being credited'],
  'credit-failed': ['远程下发失败', 'Credit failed'],
  done: ['已完成', 'Done'],
  refunding: ['退款中', 'Being refunded'],
  refunded: ['已退款', 'Refunded'],
  closed: ['已关闭', 'Closed'],
  attention: ['待人工处理', 'Waits for a person'],
};
const MEANS: Readonly<Record<PaymentMeans, Words>> = {
  ...wallets(),
  cash: ['现金', 'Cash'],
};
/** Every wallet in both languages. */
function wallets(): Record<Channel, Words> {
  const [zh, en] = [brandNames('zh-CN'), brandNames('en')];
  const names = CHANNELS.map((name) => [name, [zh[name], en[name]]]);
  return Object.fromEntries(names) as Record<Channel, Words>;
}

const ENTRIES: Readonly<Record<Order['entry'], Words>> = {
  kiosk: ['自助终端', 'Kiosk'],
  community: ['社区', 'Community'],
  iptv2: ['IPTV 2.0', 'IPTV 2.0'],
  iptv3: ['IPTV 3.0', 'IPTV 3.0'],
  phone: ['手机', 'Phone'],
};
const KINDS: Readonly<Record<Order['kind'], Words>> = {
  card: ['电卡', 'Card'],
  remote: ['远程', 'From afar'],
  account: ['账户', 'Account'],
};

const COLUMNS: Readonly<Record<ExportColumn, ColumnOf>> = {
  orderNo: { head: ['订单号', 'Order'], value: ({ _id }) => _id },
  createdAt: { head: ['下单时间', 'Made at'], value: ({ createdAt }) => time(createdAt) },
  state: { head: ['状态', 'State'], value: ({ state }, language) => said(STATES[state], language) },
  attention: { head: ['待处理原因', 'Why a person must decide'], value: ({ attention }) => attention ?? '' },
  kind: { head: ['方式', 'Way'], value: ({ kind }, language) => said(KINDS[kind], language) },
  entry: { head: ['入口', 'Entry'], value: ({ entry }, language) => said(ENTRIES[entry], language) },
  terminalId: { head: ['终端', 'Terminal'], value: terminalOf },
  customerName: { head: ['户名(已脱敏)', 'Name (masked)'], value: ({ masked }) => masked.name },
  customerAddress: { head: ['地址(已脱敏)', 'Address (masked)'], value: ({ masked }) => masked.address },
  customerNo: { head: ['用户号(已脱敏)', 'Customer (masked)'], value: ({ masked }) => masked.customerNo },
  serial: { head: ['卡号末四位', "Card's last four"], value: ({ serial }) => serial.slice(-4) },
  faceYuan: { head: ['购电金额(元)', 'Face (yuan)'], value: ({ faceFen }) => yuan(faceFen) },
  discountYuan: { head: ['优惠(元)', 'Discount (yuan)'], value: ({ discountFen }) => yuan(discountFen) },
  paidYuan: { head: ['应付(元)', 'To pay (yuan)'], value: ({ paidFen }) => yuan(paidFen) },
  channel: {
    head: ['支付渠道', 'Channel'],
    value(order, language) {
      const funding = fundingOf(order);
      return funding === undefined ? '' : said(MEANS[funding.channel], language);
    },
  },
  transactionId: {
    head: ['渠道流水号', 'Transaction'],
    value: (order) => fundingOf(order)?.transactionId ?? '',
  },
  paidAt: { head: ['支付时间', 'Paid at'], value: (order) => time(fundingOf(order)?.paidAt) },
  saleNo: { head: ['电网售电号', "Grid's sale"], value: ({ sale }) => sale.saleNo ?? '' },
  writtenAt: {
    head: ['写卡时间', 'Written at'],
    value: ({ write }) => (write.status === 'written' ? time(write.at) : ''),
  },
  refundedYuan: {
    head: ['已退(元)', 'Refunded (yuan)'],
    value: ({ refunds }) =>
      yuan(refunds.reduce((sum, { fen, status }) => (status === 'done' ? sum + fen : sum), 0)),
  },
  updatedAt: { head: ['最后变动', 'Changed at'], value: ({ updatedAt }) => time(updatedAt) },
};

export function headsOf(columns: readonly ExportColumn[], language: Language): string[] {
  return columns.map((column) => said(COLUMNS[column].head, language));
}

export function rowOf(order: Order, columns: readonly ExportColumn[], language: Language): CellValue[] {
  return columns.map((column) => COLUMNS[column].value(order, language));
}

/** A resident's phone is no terminal, and whose it is stays here. */
function terminalOf({ terminalId }: Order): string {
  return terminalId.startsWith('payer:') ? '' : terminalId;
}

function said([zh, en]: Words, language: Language): string {
  return language === 'en' ? en : zh;
}

/** As China's clocks show it. */
function time(at: Date | undefined): string {
  return at === undefined ? '' : chinaClock(at).replace('T', ' ');
}

function yuan(fen: number): CellValue {
  return { yuan: (fen / 100).toFixed(2) };
}
