import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { keepBill } from '../../bill-file.ts';
import type { BillFile } from '../../bill-file.ts';
import { billMismatch, checkedBill } from '../bill.ts';
import type { ChannelBill, ChannelBillRow } from '../contract.ts';
import { PaymentError } from '../error.ts';
import type { FormTransport } from '../form-transport.ts';
import { momentOfStamp } from '../stamp.ts';
import type { Client } from './client.ts';
import { channelCodeOf } from '../answered.ts';
import { brokenCall, mismatch } from './failure.ts';
import type { BestpayProfile } from './profile.ts';
import type { Shapes } from './wire.ts';

export interface BillInit {
  readonly client: Client;
  readonly transport: FormTransport;
  readonly shapes: Shapes;
  readonly profile: BestpayProfile;
  readonly gateway: string;
  readonly merchantNo: string;
}

const HEAD = 'outTradeNo|outRefundNo|tradeNo|amt|feeMilli|finishedDate';
const ROW =
  /^(?<paymentNo>\w{1,64})\|(?<refundNo>\w{0,64})\|(?<tradeNo>[\w-]{1,64})\|(?<fen>\d{1,12})\|(?<fee>-?\d{1,14})\|(?<at>[\d :-]{19})$/u;

/**
 * The bill of one day, in the layout of our own sandbox: no report says how Bestpay's looks or is asked for, so
 * without `paths.bill` this is `payment.refused`. The signed answer tells the file's digest and its totals.
 */
export async function downloadBestpayBill(init: BillInit, day: string): Promise<ChannelBill> {
  const told = await announced(init, day);
  let file: BillFile;
  try {
    file = await keepBill(await opened(init, told.fileUrl));
  } catch (error) {
    if (error instanceof PaymentError) throw error;
    throw unavailable(`The bill of ${day} came incomplete. Download it again.`, error);
  }
  if (file.sha256 !== told.sha256) {
    await file.close();
    throw billMismatch('bestpay', day, 'hash');
  }
  const { payments, paidFen, refunds, refundedFen, feeMilliFen } = told;
  return checkedBill({
    channel: 'bestpay',
    day,
    sha256: file.sha256,
    rows: () => rowsOf(file, day),
    told: () => ({ payments, paidFen, refunds, refundedFen, feeMilliFen }),
    close: () => file.close(),
  });
}

async function announced(init: BillInit, day: string): Promise<z.output<Shapes['bill']>> {
  const { client, shapes, profile, merchantNo, gateway } = init;
  const path = profile.paths.bill;
  if (path === null) throw noBills();
  try {
    const told = await client.ask({
      operation: 'bill',
      call: 'bill',
      path,
      answer: shapes.bill,
      content: { merchantNo, billDate: day },
    });
    if (new URL(told.fileUrl).protocol !== new URL(gateway).protocol) throw mismatch('bill', 'protocol');
    return told;
  } catch (error) {
    if (!profile.codes.billNotReady.includes(channelCodeOf(error) ?? '')) throw error;
    throw unavailable(`Bestpay has not made the bill of ${day} yet. Try again later.`, error);
  }
}

async function opened({ transport }: BillInit, url: string): Promise<Readable> {
  try {
    return await transport.download(url);
  } catch (error) {
    throw brokenCall(error, 'bill');
  }
}

async function* rowsOf(file: BillFile, day: string): AsyncGenerator<ChannelBillRow> {
  let begun = false;
  for await (const line of file.lines()) {
    if (line === '') continue;
    if (begun) yield rowOf(line, day);
    else if (line !== HEAD) throw billMismatch('bestpay', day, 'columns');
    begun = true;
  }
}

function rowOf(line: string, day: string): ChannelBillRow {
  const row = ROW.exec(line)?.groups;
  const at = momentOfStamp(row?.['at'] ?? '');
  if (row === undefined || at === undefined) throw billMismatch('bestpay', day, 'row');
  const { paymentNo = '', refundNo = '', tradeNo: transactionId = '', fen, fee } = row;
  const common = { paymentNo, transactionId, fen: Number(fen), feeMilliFen: Number(fee), at };
  return refundNo === ''
    ? { kind: 'payment', ...common }
    : { kind: 'refund', ...common, refundNo, status: 'done' };
}

function noBills(): PaymentError {
  return new PaymentError({
    code: 'payment.refused',
    message: 'BESTPAY_PROFILE names no call for bills. Take them from the merchant platform by hand.',
    context: { channel: 'bestpay', operation: 'bill' },
  });
}

function unavailable(message: string, cause?: unknown): PaymentError {
  const context = { channel: 'bestpay', operation: 'bill', channelCode: channelCodeOf(cause) };
  return new PaymentError({ code: 'payment.unavailable', message, context, cause });
}
