import type { PaymentHandle, PaymentProduct } from '../gateways/payment/contract.ts';
import { PaymentError } from '../gateways/payment/error.ts';
import type { Fault } from './faults.ts';

/** What the caller of a fake channel hears of a request that meets this fault. */
export function answerOf<T>(fault: Fault, run: () => T | Promise<T>): Promise<T> {
  try {
    if (fault === 'none') return Promise.resolve(run());
    if (fault === 'unavailable') {
      throw new PaymentError({ code: 'payment.unavailable', message: 'The channel cannot be reached.' });
    }
    // A late request is, for a channel that answers the same number the same way, one that was carried out.
    if (fault === 'lost-answer' || fault === 'late') quietly(run);
    throw new PaymentError({ code: 'payment.unknown', message: 'The channel did not answer.' });
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }
}

/** What a payer pays this product with. */
export function handleOf(product: PaymentProduct, codeUrl: string): PaymentHandle {
  switch (product) {
    case 'code':
      return { kind: 'code', codeUrl };
    case 'in-wallet':
      return { kind: 'invoke', method: 'wechat-jsapi', parameters: { code: codeUrl } };
    case 'browser':
      return { kind: 'redirect', url: codeUrl };
  }
}

export function refused(operation: string): PaymentError {
  return new PaymentError({ code: 'payment.refused', message: `The channel refused to ${operation}.` });
}

function quietly(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof PaymentError)) throw error;
  }
}
