import type { CreatePayment, PaymentHandle } from '../contract.ts';
import { cut } from '../cut.ts';
import { PaymentError } from '../error.ts';
import { chinaStamp } from '../stamp.ts';
import { yuanOfFen } from '../yuan.ts';
import type { Client } from './client.ts';
import { mismatch } from './failure.ts';
import type { Content, Signer } from './request.ts';
import { createAnswer, precreateAnswer } from './wire.ts';

/** alipay.trade.precreate: `subject` 256, `terminal_id` 32. */
const MAX_SUBJECT = 256;
const MAX_TERMINAL = 32;

export interface CreatingInit {
  readonly client: Client;
  readonly signer: Signer;
  readonly sellerId: string;
  readonly clock: { now(): number };
}

/** A code on a screen: the trade comes into being when a phone scans it. */
export async function createCode(init: CreatingInit, request: CreatePayment): Promise<PaymentHandle> {
  const answer = await init.client.ask({
    operation: 'create',
    method: 'alipay.trade.precreate',
    answer: precreateAnswer,
    content: {
      ...terms(init, request),
      product_code: 'FACE_TO_FACE_PAYMENT',
      terminal_id: cut(request.terminalId, MAX_TERMINAL),
      // Whole minutes only, rounded up: `time_expire` is the exact end, since no trade begins after it.
      qr_code_timeout_express: `${minutesLeft(request.expiresAt, init.clock.now())}m`,
    },
    common: { notify_url: request.notifyUrl },
  });
  if (answer.out_trade_no !== request.paymentNo) throw mismatch('create', 'payment number');
  return { kind: 'code', codeUrl: answer.qr_code };
}

/** A trade for one payer, whose number `payerIdentity` gave; our page inside Alipay calls `tradePay` with it. */
export async function createInWallet(init: CreatingInit, request: CreatePayment): Promise<PaymentHandle> {
  const { payerId } = request;
  if (payerId === undefined) throw lacks('payerId');
  const answer = await init.client.ask({
    operation: 'create',
    method: 'alipay.trade.create',
    answer: createAnswer,
    content: {
      ...terms(init, request),
      product_code: 'FACE_TO_FACE_PAYMENT',
      terminal_id: cut(request.terminalId, MAX_TERMINAL),
      // Older applications number payers 2088…, newer ones by an open id of their own.
      ...(/^2088\d{12}$/u.test(payerId) ? { buyer_id: payerId } : { buyer_open_id: payerId }),
    },
    common: { notify_url: request.notifyUrl },
  });
  if (answer.out_trade_no !== request.paymentNo) throw mismatch('create', 'payment number');
  return { kind: 'invoke', method: 'alipay-trade', parameters: { tradeNO: answer.trade_no } };
}

/** A signed address that a phone's browser opens. Nothing is asked of Alipay here: the trade begins over there. */
export function createInBrowser(init: CreatingInit, request: CreatePayment): PaymentHandle {
  const { returnUrl } = request;
  return {
    kind: 'redirect',
    url: init.signer.page(
      'alipay.trade.wap.pay',
      {
        ...terms(init, request),
        product_code: 'QUICK_WAP_WAY',
        ...(returnUrl === undefined ? {} : { quit_url: returnUrl }),
      },
      { notify_url: request.notifyUrl, ...(returnUrl === undefined ? {} : { return_url: returnUrl }) },
    ),
  };
}

function terms({ sellerId }: CreatingInit, request: CreatePayment): Content {
  return {
    out_trade_no: request.paymentNo,
    total_amount: yuanOfFen(request.amountFen),
    seller_id: sellerId,
    subject: cut(plain(request.description), MAX_SUBJECT),
    time_expire: chinaStamp(request.expiresAt.getTime()),
  };
}

/** Alipay refuses these three in a subject. */
function plain(text: string): string {
  return text.replace(/[/=&]/gu, ' ');
}

function minutesLeft(until: Date, now: number): number {
  return Math.max(1, Math.ceil((until.getTime() - now) / 60_000));
}

function lacks(what: string): PaymentError {
  return new PaymentError({
    code: 'payment.refused',
    message: 'Alipay needs to know who pays. Ask for consent first, then try again.',
    context: { channel: 'alipay', operation: 'create', what },
  });
}
