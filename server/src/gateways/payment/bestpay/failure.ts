import { isAxiosError } from 'axios';
import { answeredOtherwise } from '../answered.ts';
import { PaymentError } from '../error.ts';
import { UNSENT_ERRORS } from '../unsent.ts';
import type { Answer } from './answer.ts';
import type { BestpayProfile } from './profile.ts';

/** What a call that gave no answer means. */
export function brokenCall(error: unknown, operation: string): PaymentError {
  const axios = isAxiosError(error);
  const reason = axios ? (error.code ?? 'no-answer') : error instanceof Error ? error.name : 'unknown';
  const status = axios ? error.response?.status : undefined;
  const context = { channel: 'bestpay', operation, reason, status };
  if (status === undefined && UNSENT_ERRORS.has(reason)) {
    return new PaymentError({
      code: 'payment.unavailable',
      message: 'Bestpay cannot be reached. Nothing was sent; try again later or check the connection.',
      context,
    });
  }
  return new PaymentError({
    code: 'payment.unknown',
    message:
      'Bestpay gave no usable answer. The request may have been carried out: query before anything else.',
    context,
  });
}

/** An answer that is not Bestpay's by its form or its signature says nothing about what Bestpay did. */
export function unproven(operation: string, reason: 'form' | 'signature'): PaymentError {
  return new PaymentError({
    code: 'payment.unknown',
    message:
      'Bestpay did not sign this answer. The request may have been carried out: query before anything else.',
    context: { channel: 'bestpay', operation, reason },
  });
}

/** The failure that an answer is, undefined where it is a success that its signature proves; `at`: Bestpay's time of it. */
export function failureOf(
  { success, code: channelCode, signed }: Answer,
  { operation, at }: { readonly operation: string; readonly at: Date | null },
  { codes }: BestpayProfile,
): PaymentError | undefined {
  const context = { channel: 'bestpay', operation, channelCode };
  const is = (list: readonly string[]): boolean => channelCode !== undefined && list.includes(channelCode);
  if (!success && is(codes.ours)) {
    return new PaymentError({
      code: 'payment.unavailable',
      message: `Bestpay rejected the request (${channelCode}). Nothing was done; check the merchant, its key and its contract.`,
      context,
    });
  }
  if (!signed) return unproven(operation, 'signature');
  if (success) return undefined;
  if (is(codes.busy)) {
    return new PaymentError({
      code: 'payment.unavailable',
      message: 'Bestpay asks for fewer calls. Nothing was done; try again in a minute.',
      context,
    });
  }
  if (is(codes.poor)) {
    return new PaymentError({
      code: 'payment.unavailable',
      message:
        'The merchant account at Bestpay does not cover this. Nothing was done; top it up, then try again.',
      context,
    });
  }
  if ([codes.notFound, codes.noRefund, codes.billNotReady, codes.refused].some(is)) {
    return new PaymentError({
      code: 'payment.refused',
      message: `Bestpay refused (${channelCode}). See the channel's code before trying again.`,
      context: { ...context, atMs: at?.getTime() },
    });
  }
  return new PaymentError({
    code: 'payment.unknown',
    message: `Bestpay answered a code that BESTPAY_PROFILE does not explain (${channelCode}). Query before anything else.`,
    context,
  });
}

/** An answer that is not about what was asked. */
export function mismatch(operation: string, what: string): PaymentError {
  return answeredOtherwise('bestpay', operation, what);
}
