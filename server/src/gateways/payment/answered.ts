import { brandNames, type Channel } from '@bianmin/purchase/api/channels';
import { PaymentError } from './error.ts';

/** What each channel is called in sentences. */
const NAMES = brandNames('en');

/** Signed, but not about what was asked. What may have been done all the same is `payment.unknown`. */
export function answeredOtherwise(channel: Channel, operation: string, what: string): PaymentError {
  const context = { channel, operation, reason: 'mismatch', what };
  if (operation === 'create' || operation === 'refund') {
    return new PaymentError({
      code: 'payment.unknown',
      message: `${NAMES[channel]} answered about something else. The request may have been carried out: query before anything else.`,
      context,
    });
  }
  return new PaymentError({
    code: 'payment.mismatch',
    message: `${NAMES[channel]} answered something that does not belong to this request. Nothing was taken from it.`,
    context,
  });
}

/** The moment of an answer's `Date`; null where it has none that is a moment. */
export function answeredAt(date: unknown): Date | null {
  const ms = typeof date === 'string' ? Date.parse(date) : NaN;
  return Number.isNaN(ms) ? null : new Date(ms);
}

/** When the channel refused, by its own clock; null where it did not say. */
export function refusedAt(error: unknown): Date | null {
  const ms = error instanceof PaymentError ? error.context['atMs'] : undefined;
  return typeof ms === 'number' ? new Date(ms) : null;
}

/** The channel's own code of a refusal, undefined for any other failure. */
export function channelCodeOf(error: unknown): string | undefined {
  if (!(error instanceof PaymentError) || error.code !== 'payment.refused') return undefined;
  const code = error.context['channelCode'];
  return typeof code === 'string' ? code : undefined;
}
