import type { Deps } from '../config/deps.ts';
import { PaymentClosing } from '../orders/desk/payment-closing.ts';
import { PaymentDesk } from '../orders/desk/payment-desk.ts';
import { PaymentReceiving, type PaymentReceivingInit } from '../orders/desk/payment-receiving.ts';
import { PaymentSettling } from '../orders/desk/payment-settling.ts';
import { PaymentSources } from '../orders/desk/payment-sources.ts';
import type { OrderParts } from './order-parts.ts';
import { siteUrl } from '../kernel/site-url.ts';

/** How an order is paid: a code asked for, the money taken in, a payment ended. */
export interface PaymentServices {
  readonly sources: PaymentSources;
  readonly payments: PaymentDesk;
  readonly receiving: PaymentReceiving;
  readonly closing: PaymentClosing;
}

/** `funded`: what becomes of an order that has its money. */
export function paymentsOn(
  { log, config }: Pick<Deps, 'log' | 'config'>,
  { mover, metrics, trigger, floats, watch }: OrderParts,
  funded: Pick<PaymentReceivingInit, 'sell' | 'fulfilsLate'>,
): PaymentServices {
  const sources = new PaymentSources({ channels: watch.channels, floats });
  const receiving = new PaymentReceiving({ mover, metrics, log, ...funded });
  const settling = new PaymentSettling({ sources, mover, log });
  const publicUrl = siteUrl(config.PUBLIC_URL);
  return {
    sources,
    payments: new PaymentDesk({ mover, sources, receiving, trigger, log, publicUrl }),
    receiving,
    closing: new PaymentClosing({ mover, settling, receiving, trigger }),
  };
}
