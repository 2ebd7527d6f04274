import type { PaymentChannel, PaymentHandle, PaymentProduct } from './contract.ts';
import { PaymentError } from './error.ts';

/** The code of a handle; `payment.unknown` for any other, since something was made all the same. */
export function codeUrlOf(handle: PaymentHandle): string {
  if (handle.kind === 'code') return handle.codeUrl;
  throw new PaymentError({
    code: 'payment.unknown',
    message: 'The channel gave no code though one was asked for. Query before anything else.',
    context: { kind: handle.kind },
  });
}

/** Throws `payment.refused` for a product that this merchant does not have at the channel. */
export function requireProduct({ channel, products }: PaymentChannel, product: PaymentProduct): void {
  if (products.has(product)) return;
  throw new PaymentError({
    code: 'payment.refused',
    message: `The channel ${channel} has no product ${product} here. Offer the payer another way to pay.`,
    context: { channel, product },
  });
}
