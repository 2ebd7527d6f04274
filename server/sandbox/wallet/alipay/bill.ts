import iconv from 'iconv-lite';
import { FEE_PER_MILLE } from '../constants.ts';
import { chinaDay, chinaTime } from '../time.ts';
import { zipOf } from './zip.ts';

// Layout: Alipay, "业务明细" and "业务明细(汇总)" (bill_type=trade).
const COLUMNS =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,' +
  '商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,' +
  '卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注';
const TOTALS =
  '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,' +
  '卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）';
const DAY_MS = 24 * 60 * 60 * 1000;

export interface BillRow {
  readonly tradeNo: string;
  readonly outTradeNo: string;
  /** Of a refund; absent for a payment. */
  readonly outRequestNo?: string;
  readonly subject: string;
  readonly terminalId?: string;
  readonly createdAt: number;
  readonly at: number;
  readonly fen: number;
}

/** One day's bill as it is downloaded: two texts in GBK, packed. Undefined when nothing happened. */
export function tradeBill(sellerId: string, day: string, all: readonly BillRow[]): Buffer | undefined {
  const rows = all.filter(({ at }) => chinaDay(at) === day).sort((a, b) => a.at - b.at);
  if (rows.length === 0) return undefined;
  const paid = rows.filter((row) => row.outRequestNo === undefined);
  const back = rows.filter((row) => row.outRequestNo !== undefined);
  const [came, went] = [sum(paid.map((row) => row.fen)), sum(back.map((row) => row.fen))];
  const fees = sum(rows.map(feeOf));
  const list = [
    ...head('支付宝业务明细查询', sellerId, day),
    '#-----------------------------------------业务明细列表----------------------------------------',
    COLUMNS,
    ...rows.map(line),
    '#-----------------------------------------业务明细列表结束------------------------------------',
    `#交易合计：${paid.length}笔，商家实收共${yuan(came)}元，商家优惠共0.00元`,
    `#退款合计：${back.length}笔，商家实收退款共${yuan(-went)}元，商家优惠退款共0.00元`,
    `#导出时间：[${exportedAt(day)}]`,
  ];
  const net = yuan(came - went);
  const total = [
    ...['合计', '', String(paid.length), String(back.length), net, net, '0.00', '0.00', '0.00'],
    ...[yuan(fees), '0.00', yuan(came - went + fees)],
  ];
  const summary = [
    ...head('支付宝业务汇总查询', sellerId, day),
    '#-----------------------------------------业务汇总列表----------------------------------------',
    TOTALS,
    total.join(','),
    '#-----------------------------------------业务汇总列表结束------------------------------------',
    `#导出时间：[${exportedAt(day)}]`,
  ];
  const base = `${sellerId}0156_${day.replaceAll('-', '')}_业务明细`;
  return zipOf([
    { name: gbk(`${base}.csv`), content: text(list) },
    { name: gbk(`${base}(汇总).csv`), content: text(summary) },
  ]);
}

function head(title: string, sellerId: string, day: string): string[] {
  const next = chinaDay(Date.parse(`${day}T00:00:00+08:00`) + DAY_MS);
  return [
    `#${title}`,
    `#账号：[${sellerId}0156]`,
    `#起始日期：[${words(day)} 00:00:00]   终止日期：[${words(next)} 00:00:00]`,
  ];
}

function line(row: BillRow): string {
  const sign = row.outRequestNo === undefined ? 1 : -1;
  const amount = yuan(sign * row.fen);
  const request = row.outRequestNo === undefined ? '' : `${row.outRequestNo}\t`;
  return [
    ...[`${row.tradeNo}\t`, `${row.outTradeNo}\t`, sign > 0 ? '交易' : '退款', plain(row.subject)],
    ...[stamp(row.createdAt), stamp(row.at), '', '', '', plain(row.terminalId ?? ''), '沙箱付款人(***)'],
    ...[amount, amount, '0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00', '0.00'],
    ...[request, yuan(feeOf(row)), '0.00', ''],
  ].join(',');
}

/** Fen, as what it does to the seller's money: taken from a payment, given back with a refund. */
function feeOf({ fen, outRequestNo }: BillRow): number {
  const fee = Math.round((fen * FEE_PER_MILLE) / 1000);
  return outRequestNo === undefined ? -fee : fee;
}

function stamp(ms: number): string {
  return chinaTime(ms).slice(0, 19).replace('T', ' ');
}

function exportedAt(day: string): string {
  return `${words(chinaDay(Date.parse(`${day}T00:00:00+08:00`) + DAY_MS))} 06:00:00`;
}

function words(day: string): string {
  return `${day.slice(0, 4)}年${day.slice(5, 7)}月${day.slice(8)}日`;
}

function plain(value: string): string {
  return value.replace(/[,\r\n]/gu, ' ');
}

function yuan(fen: number): string {
  return (fen / 100).toFixed(2);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

function gbk(value: string): Buffer {
  return iconv.encode(value, 'gbk');
}

function text(lines: readonly string[]): Buffer {
  return gbk(lines.map((each) => `${each}\r\n`).join(''));
}
