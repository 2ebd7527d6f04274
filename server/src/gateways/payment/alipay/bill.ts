import type { Readable } from 'node:stream';
import type { BillFile } from '../../bill-file.ts';
import { keepBill } from '../../bill-file.ts';
import { billMismatch, checkedBill, emptyBill } from '../bill.ts';
import type { ChannelBill, ChannelBillRow } from '../contract.ts';
import { PaymentError } from '../error.ts';
import { keepArchive } from './archive.ts';
import { ListReader, summaryOf } from './bill-text.ts';
import type { Receipts, Summary } from './bill-text.ts';
import type { Client } from './client.ts';
import { channelCodeOf } from '../answered.ts';
import { brokenCall, mismatch } from './failure.ts';
import type { FormTransport } from '../form-transport.ts';
import { billAnswer } from './wire.ts';

export interface BillInit {
  readonly client: Client;
  readonly transport: FormTransport;
  readonly clock: { now(): number };
  readonly gateway: string;
}

/** As the gateway says it, and as its documentation does. */
const NO_BILL: readonly (string | undefined)[] = ['isp.bill_not_exist', 'BILL_NOT_EXIST'];
/** Said of a day that is not over. */
const NOT_OVER: readonly (string | undefined)[] = [
  'isv.invalid_arguments',
  'invalid_arguments',
  'INVAILID_ARGUMENTS',
];
/** Bills are there from 10:00 on the next day; until a day later, one that is missing may still be on its way. */
const DAY_MS = 24 * 3_600_000;
const SURE_AFTER_MS = 2 * DAY_MS + 10 * 3_600_000;

/** The trade bill of one day. It has no digest: the checksums in its packing and its own totals are checked. */
export async function downloadAlipayBill(init: BillInit, day: string): Promise<ChannelBill> {
  const url = await addressOf(init, day);
  if (url === undefined) return emptyBill(day);
  const { file, summary } = await kept(init.transport, url, day);
  const wrong = (what: string): PaymentError => billMismatch('alipay', day, what);
  const received: Receipts = { paidFen: 0, refundedFen: 0 };
  let reader = new ListReader(wrong);
  const rows = async function* (): AsyncGenerator<ChannelBillRow> {
    reader = new ListReader(wrong);
    Object.assign(received, { paidFen: 0, refundedFen: 0 });
    for await (const line of file.lines()) {
      const read = reader.read(line);
      if (read === undefined) continue;
      received[read.row.kind === 'payment' ? 'paidFen' : 'refundedFen'] += read.receivedFen;
      yield read.row;
    }
    reader.finish();
  };
  return checkedBill({
    channel: 'alipay',
    day,
    sha256: file.sha256,
    rows,
    told: () => {
      const { payments, refunds, feeMilliFen } = summary;
      if (reader.end.payments !== payments || reader.end.refunds !== refunds) throw wrong('合计');
      if (reader.end.paidFen !== received.paidFen) throw wrong('交易合计');
      if (reader.end.refundedFen !== received.refundedFen) throw wrong('退款合计');
      if (summary.receivedFen !== received.paidFen - received.refundedFen) throw wrong('商家实收（元）');
      return { payments, refunds, feeMilliFen };
    },
    close: () => file.close(),
  });
}

async function addressOf({ client, clock, gateway }: BillInit, day: string): Promise<string | undefined> {
  try {
    const answer = await client.ask({
      operation: 'bill',
      method: 'alipay.data.dataservice.bill.downloadurl.query',
      answer: billAnswer,
      content: { bill_type: 'trade', bill_date: day },
    });
    const url = new URL(answer.bill_download_url);
    if (url.protocol !== new URL(gateway).protocol) throw mismatch('bill', 'protocol');
    return url.href;
  } catch (error) {
    const code = channelCodeOf(error);
    const since = clock.now() - Date.parse(`${day}T00:00:00+08:00`);
    // Alipay says the same of a day without a payment and of a bill that is not made yet.
    if (NO_BILL.includes(code) && since >= SURE_AFTER_MS) return undefined;
    if (!NO_BILL.includes(code) && !(NOT_OVER.includes(code) && since < DAY_MS)) throw error;
    throw new PaymentError({
      code: 'payment.unavailable',
      message: `Alipay has no bill of ${day} yet. It comes from 10:00 on the next day, if there was a payment.`,
      context: { channel: 'alipay', operation: 'bill', channelCode: code },
      cause: error,
    });
  }
}

async function kept(
  transport: FormTransport,
  url: string,
  day: string,
): Promise<{ file: BillFile; summary: Summary }> {
  let source: Readable;
  try {
    source = await transport.download(url);
  } catch (error) {
    throw brokenCall(error, 'bill');
  }
  let file: BillFile | undefined;
  let text: string;
  try {
    const archive = await keepArchive(source);
    try {
      text = await archive.summary();
      file = await keepBill(archive.details());
    } finally {
      await archive.close();
    }
  } catch (error) {
    throw new PaymentError({
      code: 'payment.unavailable',
      message: `The bill of ${day} came incomplete. Download it again.`,
      context: { channel: 'alipay', operation: 'bill' },
      cause: error,
    });
  }
  const summary = summaryOf(text);
  if (summary !== undefined) return { file, summary };
  await file.close();
  throw billMismatch('alipay', day, '业务明细(汇总)');
}
