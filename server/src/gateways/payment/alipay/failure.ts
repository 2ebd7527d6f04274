import { isAxiosError } from 'axios';
import { answeredOtherwise } from '../answered.ts';
import { PaymentError } from '../error.ts';
import { UNSENT_ERRORS } from '../unsent.ts';
import type { Answer } from './answer.ts';

/** The gateway turned the request away before any business saw it: our account or our keys are at fault. */
const OUR_ACCOUNT = new Set(['20001', '40003', '40006']);
const OUR_ACCOUNT_WHY = new Set([
  'isv.invalid-app-id',
  'isv.invalid-signature',
  'isv.missing-signature',
  'isv.missing-signature-key',
  'isv.missing-signature-config',
  'isv.invalid-signature-type',
  'isv.invalid-timestamp',
  'isv.app-unbind-partner',
  'isv.no-active-partner',
  'ACQ.ACCESS_FORBIDDEN',
  'ACQ.SELLER_BEEN_BLOCKED',
  'ACQ.PARTNER_ERROR',
]);

/** The business was reached and cannot say what it did. Alipay, error tables of each call: "query, or the same again". */
const NOBODY_KNOWS = new Set(['10003', '20000']);

/** What a call that gave no answer, or an answer that proves nothing, means. */
export function brokenCall(error: unknown, operation: string): PaymentError {
  if (error instanceof PaymentError) return error;
  const context = { channel: 'alipay', operation };
  const reason = isAxiosError(error)
    ? (error.code ?? 'no-answer')
    : error instanceof Error
      ? error.name
      : 'unknown';
  const status = isAxiosError(error) ? error.response?.status : undefined;
  if (status === undefined && UNSENT_ERRORS.has(reason)) {
    return new PaymentError({
      code: 'payment.unavailable',
      message: 'Alipay cannot be reached. Nothing was sent; try again later or check the connection.',
      context: { ...context, reason },
    });
  }
  return new PaymentError({
    code: 'payment.unknown',
    message:
      'Alipay gave no usable answer. The request may have been carried out: query before anything else.',
    context: { ...context, reason, status },
  });
}

/** An answer that is not Alipay's by its form or its signature says nothing about what Alipay did. */
export function unproven(operation: string, reason: 'form' | 'signature'): PaymentError {
  return new PaymentError({
    code: 'payment.unknown',
    message:
      'Alipay did not sign this answer. The request may have been carried out: query before anything else.',
    context: { channel: 'alipay', operation, reason },
  });
}

/** The failure that an answer is, undefined where it is a success that its signature proves; `at`: Alipay's time of it. */
export function failureOf(answer: Answer, operation: string, at: Date | null): PaymentError | undefined {
  const { code, subCode, signed } = answer;
  const channelCode = subCode ?? code;
  const context = { channel: 'alipay', operation, channelCode };
  // The gateway cannot sign for an application that it does not know; the business behind it (ACQ) always can.
  const believed = signed || !channelCode.startsWith('ACQ.');
  if (believed && (OUR_ACCOUNT.has(code) || OUR_ACCOUNT_WHY.has(channelCode))) {
    return new PaymentError({
      code: 'payment.unavailable',
      message: `Alipay rejected the request (${channelCode}). Nothing was done; check the application, its keys and its contract.`,
      context,
    });
  }
  if (!signed) return unproven(operation, 'signature');
  if (code === '10000') return undefined;
  if (NOBODY_KNOWS.has(code) || /SYSTEM_ERROR|unknow-error/u.test(channelCode)) {
    return new PaymentError({
      code: 'payment.unknown',
      message: `Alipay does not say whether it did this (${channelCode}). Query before anything else.`,
      context,
    });
  }
  if (code === '40005' || channelCode.endsWith('call-limited')) {
    return new PaymentError({
      code: 'payment.unavailable',
      message: 'Alipay asks for fewer calls. Nothing was done; try again in a minute.',
      context,
    });
  }
  if (channelCode === 'ACQ.SELLER_BALANCE_NOT_ENOUGH') {
    return new PaymentError({
      code: 'payment.unavailable',
      message:
        'The merchant account at Alipay does not cover this. Nothing was done; top it up, then try again.',
      context,
    });
  }
  return new PaymentError({
    code: 'payment.refused',
    message: `Alipay refused (${channelCode}). See the channel's code before trying again.`,
    context: { ...context, atMs: at?.getTime() },
  });
}

/** An answer that is not about what was asked. */
export function mismatch(operation: string, what: string): PaymentError {
  return answeredOtherwise('alipay', operation, what);
}
