import type { ToldTotals } from '../bill.ts';
import type { ChannelBillRow } from '../contract.ts';
import { fenOfYuan, milliFenOfYuan } from '../yuan.ts';
import { momentOfStamp } from '../stamp.ts';

// Layout: Alipay, "业务明细" and "业务明细(汇总)" as the merchant's console and the call give them. Lines that
// begin with # are about the list; a head of column names follows the one that opens it.

const LIST = '业务明细列表';
const LIST_END = '业务明细列表结束';
const TRADE_NAME = '商品名称';

/** Sums over what the seller received, which the list tells of itself at its end. */
export interface Receipts {
  paidFen: number;
  refundedFen: number;
}

/** What a list says of itself; lists of several files add up. */
export interface ListEnd extends Receipts {
  payments: number;
  refunds: number;
}

export interface ReadRow {
  readonly row: ChannelBillRow;
  /** 商家实收: what came in for a payment, what went out for a refund. */
  readonly receivedFen: number;
}

/** Reads lists line by line. `wrong` makes the error for what it cannot read, by the column's name. */
export class ListReader {
  readonly end: ListEnd = { payments: 0, paidFen: 0, refunds: 0, refundedFen: 0 };
  readonly #wrong: (what: string) => Error;
  #columns: readonly string[] | undefined;
  #inside: 'head' | 'rows' | undefined;
  #lists = 0;

  constructor(wrong: (what: string) => Error) {
    this.#wrong = wrong;
  }

  /** The row of a line, undefined for every other line. */
  read(line: string): ReadRow | undefined {
    if (line.startsWith('#')) {
      this.#note(line);
      return undefined;
    }
    if (line.trim() === '' || this.#inside === undefined) return undefined;
    if (this.#inside === 'head') {
      this.#columns = cellsOf(line);
      this.#inside = 'rows';
      return undefined;
    }
    return this.#row(line);
  }

  /** Throws unless every list was read to its end, and there was one. */
  finish(): void {
    if (this.#lists === 0 || this.#inside !== undefined) throw this.#wrong(LIST_END);
  }

  #note(line: string): void {
    if (line.includes(LIST_END)) {
      if (this.#inside !== 'rows') throw this.#wrong(LIST_END);
      this.#inside = undefined;
      this.#lists += 1;
    } else if (line.includes(LIST)) {
      if (this.#inside !== undefined) throw this.#wrong(LIST);
      this.#inside = 'head';
    }
    const paid = /^#交易合计：(\d+)笔，商家实收共(-?[\d.]+)元/u.exec(line);
    const back = /^#退款合计：(\d+)笔，商家实收退款共(-?[\d.]+)元/u.exec(line);
    if (paid !== null) {
      this.end.payments += Number(paid[1]);
      this.end.paidFen += this.#fen(paid[2] ?? '', '交易合计');
    }
    if (back !== null) {
      this.end.refunds += Number(back[1]);
      this.end.refundedFen += Math.abs(this.#fen(back[2] ?? '', '退款合计'));
    }
  }

  #row(line: string): ReadRow {
    const cell = this.#cells(line);
    const at = momentOfStamp(cell('完成时间'));
    if (at === undefined) throw this.#wrong('完成时间');
    const fee = milliFenOfYuan(cell('服务费（元）'));
    if (fee === undefined) throw this.#wrong('服务费（元）');
    const shared = {
      paymentNo: cell('商户订单号'),
      transactionId: cell('支付宝交易号'),
      fen: Math.abs(this.#fen(cell('订单金额（元）'), '订单金额（元）')),
      // A fee is written as what it does to the seller's money: taken, it is negative.
      feeMilliFen: fee === 0 ? 0 : -fee,
      at,
    };
    const receivedFen = Math.abs(this.#fen(cell('商家实收（元）'), '商家实收（元）'));
    switch (cell('业务类型')) {
      case '交易':
        return { row: { kind: 'payment', ...shared }, receivedFen };
      case '退款':
        return {
          row: { kind: 'refund', refundNo: cell('退款批次号/请求号'), status: 'done', ...shared },
          receivedFen,
        };
      default:
        throw this.#wrong('业务类型');
    }
  }

  #cells(line: string): (name: string) => string {
    const columns = this.#columns ?? [];
    const cells = cellsOf(line);
    // Nothing is quoted: a comma in the name of what was sold makes cells too many.
    const extra = cells.length - columns.length;
    const name = columns.indexOf(TRADE_NAME);
    if (extra < 0 || (extra > 0 && name < 0)) throw this.#wrong('columns');
    if (extra > 0) cells.splice(name, extra + 1, cells.slice(name, name + extra + 1).join(','));
    return (column) => {
      const place = columns.indexOf(column);
      if (place < 0) throw this.#wrong(column);
      return cells[place] ?? '';
    };
  }

  #fen(text: string, column: string): number {
    const fen = fenOfYuan(text);
    if (fen === undefined) throw this.#wrong(column);
    return fen;
  }
}

export interface Summary extends ToldTotals {
  readonly payments: number;
  readonly refunds: number;
  readonly feeMilliFen: number;
  /** 商家实收 of the day: payments less refunds. */
  readonly receivedFen: number;
}

/** The line of the summary that is of all shops together; undefined where it cannot be read. */
export function summaryOf(text: string): Summary | undefined {
  const lines = text
    .split(/\r?\n/u)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map(cellsOf);
  const [columns, ...rows] = lines;
  const total = rows.find(([first]) => first === '合计') ?? (rows.length === 1 ? rows[0] : undefined);
  if (columns === undefined || total === undefined) return undefined;
  const cell = (name: string): string => total[columns.indexOf(name)] ?? '';
  const count = (name: string): number => (/^\d{1,9}$/u.test(cell(name)) ? Number(cell(name)) : NaN);
  const fee = milliFenOfYuan(cell('服务费（元）')) ?? NaN;
  const summary = {
    payments: count('交易订单总笔数'),
    refunds: count('退款订单总笔数'),
    feeMilliFen: fee === 0 ? 0 : -fee,
    receivedFen: fenOfYuan(cell('商家实收（元）')) ?? NaN,
  };
  return Object.values(summary).some(Number.isNaN) ? undefined : summary;
}

/** Numbers are followed by a tab, so that a spreadsheet takes them for text. */
function cellsOf(line: string): string[] {
  return line.split(',').map((cell) => cell.trim());
}
