import type { AbortSignalLike, Clock } from '@bianmin/card/clock';
import { CodedError, codeOf } from '@bianmin/card/errors';
import type { OfferCash, PurchaseApi } from './ports.ts';
import type { PurchaseEvent } from './event.ts';
import type { CashEffect } from './effect.ts';

/** Asks the server about cash, for a machine that waits for the answer. */
export async function askCash(
  effect: Extract<CashEffect, { turn: number }>,
  tools: {
    readonly api: Pick<PurchaseApi, 'takeCash' | 'cashReceipt'>;
    readonly offerCash?: OfferCash;
    readonly clock: Clock;
    readonly signal: AbortSignalLike;
  },
): Promise<PurchaseEvent> {
  const { api, clock, signal } = tools;
  const { turn, orderNo } = effect;
  switch (effect.do) {
    case 'offer-cash':
      if (tools.offerCash === undefined) throw noneHere();
      return { type: 'cash-offered', turn, offer: await tools.offerCash(orderNo, effect.by) };
    case 'take-cash':
      return { type: 'order', order: await api.takeCash(orderNo, { ticket: effect.ticket }) };
    case 'ask-cash':
      if (effect.afterMs > 0) await clock.sleep(effect.afterMs, signal);
      try {
        return { type: 'cash-asked', turn, receipt: await api.cashReceipt(orderNo) };
      } catch (error) {
        if (codeOf(error) !== 'request.not-found') throw error;
        return { type: 'cash-asked', turn, receipt: null };
      }
  }
}

function noneHere(): CodedError {
  return new CodedError({ code: 'float.none', message: 'No cash is taken at this terminal. Pay by phone.' });
}
