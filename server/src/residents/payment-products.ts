import type { PaymentOffer } from '@bianmin/shared/api/payer';
import type { Channel } from '@bianmin/shared/api/scalars';

/**
 * How a phone pays what a channel has a code for. Here is the seam for a channel's products for phones (in the
 * wallet's own browser, or from any browser into the wallet): they make other requests at the channel and give the
 * phone something else than a code.
 */
export interface PaymentProducts {
  offer(payment: { readonly channel: Channel; readonly codeUrl: string }): PaymentOffer;
}

/** The code as it is, for another phone to scan. A phone cannot scan its own screen. */
export const CODES_ONLY: PaymentProducts = { offer: ({ codeUrl }) => ({ kind: 'code', codeUrl }) };

/** The sandbox's wallet: following the link is what scanning the code would be. */
export function sandboxWallet(walletUrl: string): PaymentProducts {
  return {
    offer({ codeUrl }) {
      const url = new URL('/phone', walletUrl);
      url.searchParams.set('code_url', codeUrl);
      return { kind: 'link', url: url.href };
    },
  };
}
