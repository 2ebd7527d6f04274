import type { MeterShown } from '@bianmin/purchase/api/meter-shown';
import type { Change } from '../change.ts';
import type { OrderEventName } from '../order-events.ts';
import type { MeterRefusal, Order, OrderEvent } from '../order.ts';

/** Events of orders from before its word was kept apart; and of accounts, where the grid's word is all there is. */
const SAID_SO: readonly OrderEventName[] = [
  ...(['write.proven', 'credit.proven', 'credit.credited'] as const),
  'account.credited',
];

/** The meter itself, or the account that it is switched by, has this purchase: whatever is on a card, nothing more is to be written. */
export function isInMeter(order: Pick<Order, 'meter' | 'events'>): boolean {
  return order.meter?.status === 'credited' || order.events.some(({ name }) => SAID_SO.includes(name));
}

/** By which event it first said so; undefined: by none. */
export function meterSaidSo({ events }: Pick<Order, 'events'>): OrderEvent | undefined {
  const by = (names: readonly OrderEventName[]) => events.find(({ name }) => names.includes(name));
  return by(['meter.credited']) ?? by(SAID_SO);
}

/** The meter has a purchase that was written or credited, and nothing had said so yet. */
export function meterCredited(order: Order, now: Date): Change | undefined {
  const claimed = order.write.status === 'written' || order.credit.status === 'credited';
  if (order.sale.status !== 'sold' || !claimed || isInMeter(order)) return undefined;
  return inMeter(order, now);
}

/** Part of each move that ends an order by the meter's word. */
export function inMeter(order: Order, now: Date): Change & { readonly set: Required<Pick<Order, 'meter'>> } {
  return {
    set: { meter: { status: 'credited', at: now } },
    events: [{ name: 'meter.credited', by: 'meter', data: { count: order.count } }],
  };
}

/** What a meter left on a card that it did not take. */
export interface Refusal {
  readonly reason: MeterRefusal;
  readonly belowFen?: number;
  /** By its own clock, ISO 8601. */
  readonly saidAt: string;
}

/** A card was written and the meter wrote back that it did not take it. The same word is heard once. */
export function meterRefused(order: Order, refusal: Refusal, now: Date): Change | undefined {
  const { reason, saidAt } = refusal;
  if (order.sale.status !== 'sold' || order.write.status !== 'written' || isInMeter(order)) return undefined;
  if (order.meter?.status === 'refused' && order.meter.saidAt === saidAt) return undefined;
  return {
    set: { meter: { status: 'refused', at: now, ...refusal } },
    events: [{ name: 'meter.refused', by: 'meter', data: { count: order.count, reason } }],
  };
}

/** As many answers of a household as an order keeps. */
const MOST_SHOWN = 20;

/** What the household says that the meter showed of its card. A word of persons: nothing follows from it. */
export function meterShown(order: Order, shown: MeterShown): Change | undefined {
  if (order.write.status !== 'written' || isInMeter(order)) return undefined;
  const told = order.events.filter(({ name }) => name === 'meter.shown');
  if (told.length >= MOST_SHOWN || told.at(-1)?.data?.['shown'] === shown) return undefined;
  return { set: {}, events: [{ name: 'meter.shown', by: 'payer', data: { shown } }] };
}
