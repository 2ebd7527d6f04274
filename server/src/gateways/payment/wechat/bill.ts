import { createGunzip } from 'node:zlib';
import type { z } from 'zod';
import type { BillFile } from '../../bill-file.ts';
import { keepBill } from '../../bill-file.ts';
import type { ToldTotals } from '../bill.ts';
import { billMismatch, checkedBill, emptyBill } from '../bill.ts';
import type { ChannelBill, ChannelBillRow } from '../contract.ts';
import { PaymentError } from '../error.ts';
import { fenOfYuan, milliFenOfYuan } from '../yuan.ts';
import type { WechatClient } from './client.ts';
import { channelCodeOf } from '../answered.ts';
import { billAnswer } from './wire.ts';

const TOTALS = '总交易单数';

/** WeChat Pay API v3, "申请交易账单": type ALL, compressed. The digest is of the bill, not of its packing. */
export async function downloadTradeBill(client: WechatClient, day: string): Promise<ChannelBill> {
  let answer: z.output<typeof billAnswer>;
  try {
    answer = await client.call('bill', billAnswer, {
      method: 'GET',
      url: `v3/bill/tradebill?bill_date=${encodeURIComponent(day)}&bill_type=ALL&tar_type=GZIP`,
    });
  } catch (error) {
    const code = error instanceof PaymentError ? channelCodeOf(error) : undefined;
    if (code === 'NO_STATEMENT_EXIST') return emptyBill(day);
    if (code === 'STATEMENT_CREATING') {
      throw new PaymentError({
        code: 'payment.unavailable',
        message: `WeChat Pay has not made the bill of ${day} yet. It is there from 10:00 on the next day.`,
        context: { channel: 'wechat', operation: 'bill', channelCode: code },
        cause: error,
      });
    }
    throw error;
  }
  const source = await client.download(answer.download_url);
  let file: BillFile;
  try {
    file = await keepBill(source, { unpack: createGunzip() });
  } catch (error) {
    throw new PaymentError({
      code: 'payment.unavailable',
      message: `The bill of ${day} came incomplete. Download it again.`,
      context: { channel: 'wechat', operation: 'bill' },
      cause: error,
    });
  }
  if (file.sha1 !== answer.hash_value.toLowerCase()) {
    await file.close();
    throw billMismatch('wechat', day, 'hash');
  }
  let told: ToldTotals = {};
  return checkedBill({
    channel: 'wechat',
    day,
    sha256: file.sha256,
    rows: () => rowsOf(file, day, (totals) => (told = totals)),
    told: () => told,
    close: () => file.close(),
  });
}

async function* rowsOf(
  file: BillFile,
  day: string,
  tell: (totals: ToldTotals) => void,
): AsyncGenerator<ChannelBillRow> {
  let columns: Columns | undefined;
  let totals: Columns | undefined;
  for await (const line of file.lines()) {
    if (line === '') continue;
    if (columns === undefined) {
      columns = new Columns(line, day);
    } else if (line.startsWith(TOTALS)) {
      totals = new Columns(line, day);
    } else if (totals === undefined) {
      yield rowOf(columns.read(line));
    } else {
      tell(totalsOf(totals.read(line)));
      return;
    }
  }
  // Cut off in the middle, and a digest of the cut file would still fit it.
  throw billMismatch('wechat', day, TOTALS);
}

/** Named columns of a line whose cells are each led by a backtick. New ones may come between the known ones. */
class Columns {
  readonly #places: ReadonlyMap<string, number>;
  readonly #day: string;

  constructor(header: string, day: string) {
    this.#places = new Map(header.split(',').map((name, place) => [name, place]));
    this.#day = day;
  }

  read(line: string): Cells {
    const cells = line.replace(/^`/u, '').split(',`');
    if (cells.length !== this.#places.size) throw this.#wrong('columns');
    const text = (name: string): string => cells[this.#places.get(name) ?? -1] ?? '';
    const sure = <T>(value: T | undefined, name: string): T => {
      if (value === undefined) throw this.#wrong(name);
      return value;
    };
    return {
      text,
      named: (name) => sure(text(name) === '' ? undefined : text(name), name),
      fen: (name) => sure(fenOfYuan(text(name)), name),
      milliFen: (name) => sure(milliFenOfYuan(text(name)), name),
      count: (name) => sure(/^\d{1,9}$/u.test(text(name)) ? Number(text(name)) : undefined, name),
      time: (name) => sure(timeOf(text(name)), name),
      oneOf: (name, known) => sure(known[text(name)], name),
    };
  }

  #wrong(column: string): PaymentError {
    return billMismatch('wechat', this.#day, column);
  }
}

/** One line by its columns' names; each reading throws `payment.mismatch` where the cell is not of its form. */
interface Cells {
  text(name: string): string;
  named(name: string): string;
  fen(name: string): number;
  milliFen(name: string): number;
  count(name: string): number;
  time(name: string): Date;
  oneOf<T>(name: string, known: Readonly<Record<string, T>>): T;
}

/** "交易状态"; a code on a screen cannot be revoked, so no other state is expected. */
const KIND = { SUCCESS: 'payment', REFUND: 'refund' } as const;

/** "退款状态": the bill's own words and those of the API. */
const REFUND_STATUS = {
  SUCCESS: 'done',
  PROCESSING: 'sent',
  CHANGE: 'abnormal',
  ABNORMAL: 'abnormal',
  FAIL: 'closed',
  CLOSED: 'closed',
} as const;

/** Amounts with the payer's coupons: what was asked for and what was asked back. */
function rowOf(cells: Cells): ChannelBillRow {
  const shared = {
    paymentNo: cells.named('商户订单号'),
    transactionId: cells.named('微信订单号'),
    feeMilliFen: cells.milliFen('手续费'),
    at: cells.time('交易时间'),
  };
  if (cells.oneOf('交易状态', KIND) === 'payment') {
    return { kind: 'payment', ...shared, fen: cells.fen('订单金额') };
  }
  return {
    kind: 'refund',
    ...shared,
    refundNo: cells.named('商户退款单号'),
    fen: cells.fen('申请退款金额'),
    status: cells.oneOf('退款状态', REFUND_STATUS),
  };
}

function totalsOf(cells: Cells): ToldTotals {
  return {
    rows: cells.count('总交易单数'),
    paidFen: cells.fen('订单总金额'),
    refundedFen: cells.fen('申请退款总金额'),
    feeMilliFen: cells.milliFen('手续费总金额'),
  };
}

/** `yyyy-MM-dd HH:mm:ss` in China. */
function timeOf(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/u.test(text)) return undefined;
  const at = new Date(`${text.replace(' ', 'T')}+08:00`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
