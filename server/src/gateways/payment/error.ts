import { CodedError } from '@bianmin/card/errors';

export type PaymentErrorCode =
  | 'payment.refused'
  | 'payment.unavailable'
  | 'payment.unknown'
  | 'payment.bad-signature'
  | 'payment.mismatch';

export class PaymentError extends CodedError<PaymentErrorCode> {}
