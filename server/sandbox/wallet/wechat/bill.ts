import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { BillEntry } from '../../bill-lies.ts';
import { told } from '../../bill-lies.ts';
import type { AnsweringBook } from '../dialect.ts';
import { FEE_PER_MILLE } from '../constants.ts';
import type { Ledger } from '../ledger.ts';
import type { Refund, Trade, Transaction } from '../model.ts';
import { chinaDay, chinaTime } from '../time.ts';
import { WalletRefusal } from './refusal.ts';
import type { Merchant } from './views.ts';

// Layout: WeChat Pay, "交易账单文件格式说明" (docs/merchant/products/bill-download/format-trade.html), type ALL.
const COLUMNS =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,' +
  '应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,' +
  '手续费,费率,订单金额,申请退款金额,费率备注';
const TOTALS = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';
const BOM = '\uFEFF';
const READY_HOUR = 10;

/** Checks that a bill of `day` exists by now: yesterday's from 10:00, unless `atOnce`. */
export function checkBillDay(day: string | null, nowMs: number, atOnce: boolean): string {
  if (day === null || !/^\d{4}-\d{2}-\d{2}$/.test(day)) {
    throw new WalletRefusal('PARAM_ERROR', 'bill_date格式应为yyyy-MM-dd');
  }
  if (atOnce) return day;
  if (day >= chinaDay(nowMs)) throw new WalletRefusal('INVALID_REQUEST', '只能下载昨日及以前的账单');
  const yesterday = chinaDay(nowMs - 24 * 60 * 60 * 1000);
  if (day === yesterday && Number(chinaTime(nowMs).slice(11, 13)) < READY_HOUR) {
    throw new WalletRefusal('STATEMENT_CREATING', '账单生成中,请10点后再试');
  }
  return day;
}

interface Entry extends BillEntry {
  readonly trade: Trade;
  readonly paid: Transaction | undefined;
  /** Absent: a payment. */
  readonly refund?: Refund;
}

/** The trade bill of one day in China, type ALL: amounts in yuan; undefined when nothing happened. */
export function tradeBill(
  { ledger, faults }: AnsweringBook,
  merchant: Merchant,
  day: string,
): string | undefined {
  const entries = told(entriesOf(ledger), faults.settings.billLies)
    .filter(({ at }) => chinaDay(at) === day)
    .sort((a, b) => a.at - b.at);
  if (entries.length === 0) return undefined;
  const paid = sum(entries.filter(({ refund }) => refund === undefined));
  const back = sum(entries.filter(({ refund }) => refund !== undefined));
  const wrong = faults.settings.billFault === 'totals' ? 1 : 0;
  const totals = [
    ...[String(entries.length), yuan(paid + wrong), yuan(back), '0.00'],
    ...[feeYuan((paid - back) * FEE_PER_MILLE), yuan(paid + wrong), yuan(back)],
  ];
  const rows = entries.map((entry) => line(cellsOf(entry, merchant)));
  return BOM + [COLUMNS, ...rows, TOTALS, line(totals)].map((each) => `${each}\r\n`).join('');
}

function entriesOf(ledger: Ledger): Entry[] {
  const payments = ledger.trades.flatMap((trade) =>
    trade.transactions.map((paid) => ({
      number: trade.outTradeNo,
      at: paid.paidAt,
      fen: paid.totalFen,
      trade,
      paid,
    })),
  );
  const refunds = ledger.refunds.map((refund) => {
    const { trade, transaction } = ledger.find({ transactionId: refund.transactionId });
    const { outRefundNo: number, createdAt: at, refundFen: fen } = refund;
    return { number, at, fen, trade, paid: transaction, refund };
  });
  return [...payments, ...refunds];
}

function cellsOf({ number, at, fen, trade, paid, refund }: Entry, merchant: Merchant): string[] {
  const time = chinaTime(at).slice(0, 19).replace('T', ' ');
  const texts = [plain(trade.description), plain(trade.attach ?? '')];
  const head = [time, merchant.appid, merchant.mchid, '0', '', paid?.id ?? ''];
  const payer = paid?.payerId ?? '';
  if (refund === undefined) {
    return [
      ...[...head, number, payer, trade.tradeType, 'SUCCESS', 'OTHERS', 'CNY'],
      ...[yuan(fen), '0.00', '0', '0', '0.00', '0.00', '', '', ...texts],
      ...[feeYuan(fen * FEE_PER_MILLE), '0.60%', yuan(fen), '0.00', ''],
    ];
  }
  return [
    ...[...head, trade.outTradeNo, payer, trade.tradeType, 'REFUND', 'OTHERS', 'CNY'],
    ...['0.00', '0.00', refund.id, number, yuan(fen), '0.00', 'ORIGINAL', refund.status, ...texts],
    ...[feeYuan(-fen * FEE_PER_MILLE), '0.60%', '0.00', yuan(fen), ''],
  ];
}

function sum(entries: readonly Entry[]): number {
  return entries.reduce((total, { fen }) => total + fen, 0);
}

/** Bills that were asked for and wait for their download. */
export class BillFiles {
  readonly #files = new Map<string, Buffer>();

  /** The answer to `GET /v3/bill/tradebill`. The digest is of the bill itself, not of its compressed form. */
  offer(bill: string, init: { gzip: boolean; baseUrl: string; fault: boolean }): Record<string, string> {
    const { gzip, baseUrl, fault } = init;
    const bytes = Buffer.from(bill, 'utf8');
    const token = randomBytes(24).toString('base64url');
    this.#files.set(token, gzip ? gzipSync(bytes) : bytes);
    return {
      hash_type: 'SHA1',
      hash_value: createHash('sha1')
        .update(fault ? 'another file' : bytes)
        .digest('hex'),
      download_url: `${baseUrl}/v3/billdownload/file?token=${token}`,
    };
  }

  take(token: string | null): Buffer {
    const file = this.#files.get(token ?? '');
    if (file === undefined) throw new WalletRefusal('RESOURCE_NOT_EXISTS', '账单下载地址已失效');
    return file;
  }
}

/** Each cell is led by a backtick so that a spreadsheet does not read long numbers as numbers. */
function line(cells: readonly string[]): string {
  return cells.map((cell) => `\`${cell}`).join(',');
}

function plain(text: string): string {
  return text.replace(/[,`\r\n]/g, ' ');
}

function yuan(fen: number): string {
  return (fen / 100).toFixed(2);
}

/** Thousandths of a fen, as yuan with five places. */
function feeYuan(thousandths: number): string {
  return (thousandths / 100_000).toFixed(5);
}
