import { told } from '../../bill-lies.ts';
import type { AnsweringBook } from '../dialect.ts';
import type { Trade } from '../model.ts';
import { chinaDay, chinaTime } from '../time.ts';
import { tradeBill } from './bill.ts';
import type { BillRow } from './bill.ts';
import { BILL_HOUR } from './constants.ts';
import { Refusal } from './refusal.ts';
import { billRequest, contentOf } from './requests.ts';
import { tradeNoOf } from './views.ts';
import type { Fields, MethodContext } from './method.ts';

export function bill(fields: Fields, context: MethodContext): Record<string, string> {
  const { book, merchant, bills, now, baseUrl } = context;
  const { bill_type, bill_date: day } = contentOf(billRequest, fields.get('biz_content'));
  if (bill_type !== 'trade') throw new Refusal('isp.bill_not_exist');
  if (!book.faults.settings.billsAtOnce) {
    if (day >= chinaDay(now())) throw new Refusal('isv.invalid_arguments');
    const yesterday = chinaDay(now() - 24 * 60 * 60 * 1000);
    const hour = Number(chinaTime(now()).slice(11, 13));
    if (day === yesterday && hour < BILL_HOUR) throw new Refusal('isp.bill_not_exist');
  }
  const packed = tradeBill(merchant.sellerId, day, rowsOf(book));
  if (packed === undefined) throw new Refusal('isp.bill_not_exist');
  return { bill_download_url: bills.offer(packed, baseUrl()) };
}

function rowsOf({ ledger, faults }: AnsweringBook): BillRow[] {
  const base = (trade: Trade): Omit<BillRow, 'at' | 'fen'> => ({
    tradeNo: tradeNoOf(trade),
    outTradeNo: trade.outTradeNo,
    subject: trade.description,
    createdAt: trade.scannedAt ?? trade.createdAt,
    ...(trade.attach === undefined ? {} : { terminalId: trade.attach }),
  });
  const payments = ledger.trades.flatMap((trade) =>
    trade.transactions.map(({ paidAt, totalFen }) => ({
      ...base(trade),
      number: trade.outTradeNo,
      at: paidAt,
      fen: totalFen,
    })),
  );
  const refunds = ledger.refunds
    .filter(({ status }) => status === 'SUCCESS')
    .map((each) => ({
      ...base(ledger.find({ transactionId: each.transactionId }).trade),
      number: each.outRefundNo,
      at: each.successAt ?? each.createdAt,
      fen: each.refundFen,
    }));
  const { billLies } = faults.settings;
  return [
    ...told(payments, billLies).map(({ number, ...row }) => ({ ...row, outTradeNo: number })),
    ...told(refunds, billLies).map(({ number, ...row }) => ({ ...row, outRequestNo: number })),
  ];
}
