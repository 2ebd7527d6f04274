import { isAxiosError, type AxiosResponse } from 'axios';
import { answeredAt } from '../answered.ts';
import { PaymentError } from '../error.ts';
import { UNSENT_ERRORS } from '../unsent.ts';
import { refusalAnswer } from './wire.ts';

/** Refusals that only ask for patience: nothing was done. */
const NOT_NOW = new Set(['FREQUENCY_LIMITED', 'RATELIMIT_EXCEEDED']);

/**
 * What a failed call means. An answer that its signature does not prove is `payment.unknown`, as if there had
 * been none: it says nothing about what the channel did.
 */
export function wechatFailure(error: unknown, operation: string): PaymentError {
  if (error instanceof PaymentError) return error;
  const context = { channel: 'wechat', operation };
  if (!isAxiosError(error)) {
    return new PaymentError({
      code: 'payment.unknown',
      message: 'The call to WeChat Pay ended without a clear outcome. Query before anything else.',
      context: { ...context, reason: error instanceof Error ? error.name : 'unknown' },
    });
  }
  const status = error.response?.status;
  if (status === undefined || status < 400 || status >= 500) {
    // The plugin's EV3_RES_… codes, on an answer of 2xx, say why its signature is not proof.
    const reason = error.code ?? 'no-answer';
    if (status === undefined && UNSENT_ERRORS.has(reason)) {
      return new PaymentError({
        code: 'payment.unavailable',
        message: 'WeChat Pay cannot be reached. Nothing was sent; try again later or check the connection.',
        context: { ...context, reason },
      });
    }
    return new PaymentError({
      code: 'payment.unknown',
      message:
        'WeChat Pay gave no usable answer. The request may have been carried out: query before anything else.',
      context: { ...context, reason, status },
    });
  }
  return refusalOf(error.response, { ...context, status });
}

/** What WeChat Pay refused, by its own code. */
function refusalOf(
  response: AxiosResponse<unknown> | undefined,
  said: { readonly channel: string; readonly operation: string; readonly status: number },
): PaymentError {
  const refusal = refusalAnswer.safeParse(response?.data);
  const channelCode = refusal.success ? refusal.data.code : undefined;
  const context = { ...said, channelCode };
  if (said.status === 429 || (channelCode !== undefined && NOT_NOW.has(channelCode))) {
    return new PaymentError({
      code: 'payment.unavailable',
      message: 'WeChat Pay asks for fewer calls. Nothing was done; try again in a minute.',
      context,
    });
  }
  if (channelCode === 'NOT_ENOUGH') {
    // WeChat Pay API v3, "申请退款": top up, then the same number again.
    return new PaymentError({
      code: 'payment.unavailable',
      message:
        'The merchant account at WeChat Pay does not cover this. Nothing was done; top it up, then try again.',
      context,
    });
  }
  if (channelCode === 'SIGN_ERROR') {
    // It looked at nothing but who asks: our clock is more than five minutes off, or a key is not the one it knows.
    return new PaymentError({
      code: 'payment.unavailable',
      message:
        "WeChat Pay did not accept our signature. Nothing was done; check the server's clock and the merchant's key.",
      context,
    });
  }
  return new PaymentError({
    code: 'payment.refused',
    message: `WeChat Pay refused (${channelCode ?? said.status}). See the channel's code before trying again.`,
    context: { ...context, atMs: answeredAt(response?.headers['date'])?.getTime() },
  });
}
