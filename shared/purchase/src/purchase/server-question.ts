import type { AbortSignalLike, Clock } from '@bianmin/card/clock';
import type { Journal } from '@bianmin/card/meter-card/journal';
import type { CardImageMessage } from '../api/card-image.ts';
import { askCash } from './cash-work.ts';
import type { PurchaseEffect } from './effect.ts';
import { noSlot } from './error.ts';
import type { PurchaseEvent } from './event.ts';
import type { OfferCash, PurchaseApi } from './ports.ts';
import type { FlowSettings } from './timings.ts';

/** What is asked of the server alone. */
type ServerEffect = Exclude<PurchaseEffect, { do: 'read' | 'write' | 'abandon' }>;
type Of<Name extends ServerEffect['do']> = Extract<ServerEffect, { do: Name }>;

export interface ServerTools {
  readonly api: PurchaseApi;
  readonly offerCash?: OfferCash;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly signal: AbortSignalLike;
  readonly settings: FlowSettings;
  readonly skewMs?: () => number | null;
  /** Of the card that was read last. */
  readonly image: CardImageMessage | undefined;
}

/** Asks the server; gives the event that its answer is, or fails as the call did. */
export function askServer(effect: ServerEffect, tools: ServerTools): Promise<PurchaseEvent> {
  const { api } = tools;
  switch (effect.do) {
    case 'identify':
      return identify(effect, tools);
    case 'create-order':
      return createOrder(effect, tools);
    case 'describe':
    case 'recall':
      return describe(effect, tools);
    case 'choose':
      return ordered(() => api.choose(effect.orderNo, { choice: effect.choice }));
    case 'create-payment':
      return ordered(() => api.createPayment(effect.orderNo, { channel: effect.channel }));
    case 'cancel':
      return ordered(() => api.cancel(effect.orderNo));
    case 'refresh':
      return ordered(() => api.order(effect.orderNo));
    case 'tell-shown':
      return ordered(() => api.tellMeterShown(effect.orderNo, { shown: effect.shown }));
    case 'quote':
      return quote(effect, tools);
    case 'offer-cash':
    case 'take-cash':
    case 'ask-cash':
      return askCash(effect, tools);
    case 'cash-receipt':
      return cashReceipt(effect, tools);
  }
}

async function identify({ turn }: Of<'identify'>, tools: ServerTools): Promise<PurchaseEvent> {
  if (tools.image === undefined) throw noSlot();
  const { settings, api, journal } = tools;
  await journal.ready?.();
  const answer = await api.identify({ image: tools.image, entry: settings.entry });
  return { type: 'identified', turn, answer };
}

async function createOrder(effect: Of<'create-order'>, tools: ServerTools): Promise<PurchaseEvent> {
  const { of, faceFen, billNo, key: idempotencyKey, turn } = effect;
  const { api, settings, journal } = tools;
  await journal.ready?.();
  const bill = billNo === undefined ? {} : { billNo };
  const asked = { idempotencyKey, faceFen, entry: settings.entry, ...bill };
  const order = await ('homeId' in of
    ? api.createHomeOrder(of.homeId, asked)
    : 'proof' in of
      ? api.createRemoteOrder({ ...asked, ...of })
      : api.createOrder({ ...asked, ...of }));
  const skewMs = tools.skewMs?.() ?? null;
  return { type: 'ordered', turn, order, at: tools.clock.now(), skewMs };
}

async function describe(effect: Of<'describe' | 'recall'>, { api }: ServerTools): Promise<PurchaseEvent> {
  const answer = await (effect.do === 'recall'
    ? api.describeHome(effect.homeId)
    : api.describeRemote({ customerNo: effect.customerNo, proof: effect.proof }));
  return { type: 'described', turn: effect.turn, answer };
}

async function quote({ orderNo }: Of<'quote'>, { api }: ServerTools): Promise<PurchaseEvent> {
  return { type: 'quoted', orderNo, quote: await api.quote(orderNo) };
}

async function cashReceipt({ orderNo }: Of<'cash-receipt'>, { api }: ServerTools): Promise<PurchaseEvent> {
  return { type: 'cash-receipt', receipt: await api.cashReceipt(orderNo) };
}

/** A question whose answer is how the order stands. */
async function ordered(ask: () => ReturnType<PurchaseApi['order']>): Promise<PurchaseEvent> {
  return { type: 'order', order: await ask() };
}
