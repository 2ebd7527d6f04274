import type { Order } from '../../orders/model/order.ts';
import { chinaClock } from '../../kernel/china-time.ts';
import { timeClass, type Counts, type Sums } from './counts.ts';

/** What statistics need of an order. No customer, no card. */
export type CountedOrder = Pick<
  Order,
  | '_id'
  | 'terminalId'
  | 'orgPath'
  | 'entry'
  | 'chip'
  | 'faceFen'
  | 'discountFen'
  | 'paidFen'
  | 'payments'
  | 'refunds'
  | 'events'
>;

/** What one event of an order adds, or takes away again. */
export interface Movement {
  /** The event's number. */
  readonly n: number;
  /** The day in China that it counts on, YYYY-MM-DD. */
  readonly day: string;
  /** The hour of that day, two digits. */
  readonly hour: string;
  readonly counts: Counts;
  /** Of the channel that funds it, where a payment does: from then on it has all that the order has. */
  readonly channel?: { readonly name: string; readonly counts: Counts };
}

interface Standing {
  readonly made: { at: Date; day: string; hour: string };
  channel: string | undefined;
  credited: boolean;
  inMeter: boolean;
  meterRefused: boolean;
  failed: boolean;
  abandoned: boolean;
  /** Of refunds that are counted. */
  readonly refunded: Set<string>;
  /** All that the order has so far on its own day. */
  readonly sums: Sums;
}

/**
 * Every movement that an order's events make, in their order. Pure: the same events give the same movements for ever,
 * whatever came later; so what is counted of an order is told by the number of its last counted event.
 */
export function movementsOf(order: CountedOrder): Movement[] {
  const [first] = order.events;
  if (first === undefined) return [];
  const standing: Standing = {
    made: { at: first.at, ...placeOf(first.at) },
    ...{
      channel: undefined,
      credited: false,
      inMeter: false,
      meterRefused: false,
      failed: false,
      abandoned: false,
    },
    ...{ refunded: new Set(), sums: {} },
  };
  return order.events.flatMap((event) => {
    if (event.name === 'refund.done' || event.name === 'refund.elsewhere') {
      return refunded(order, event, standing);
    }
    const had = standing.channel;
    const counts = countsOf(order, event, standing);
    if (counts === undefined) return [];
    for (const [name, value] of Object.entries(counts) as [keyof Counts, number][]) {
      standing.sums[name] = (standing.sums[name] ?? 0) + value;
    }
    const { day, hour } = standing.made;
    const { channel } = standing;
    const all = had === undefined ? { ...standing.sums } : counts;
    return [
      {
        n: event.n,
        day,
        hour,
        counts,
        ...(channel === undefined ? {} : { channel: { name: channel, counts: all } }),
      },
    ];
  });
}

function countsOf(
  order: CountedOrder,
  event: CountedOrder['events'][number],
  standing: Standing,
): Counts | undefined {
  switch (event.name) {
    case 'order.created':
      return { orders: 1, faceFen: order.faceFen, discountFen: order.discountFen };
    case 'payment.succeeded': {
      if (event.data?.['funds'] !== true || standing.channel !== undefined) return undefined;
      standing.channel = order.payments.find(({ no }) => no === event.data?.['no'])?.channel ?? 'unknown';
      return { paid: 1, paidFen: order.paidFen, ...set(standing, 'abandoned', false) };
    }
    case 'write.written':
    case 'write.proven':
    case 'credit.credited':
    case 'credit.proven':
    case 'account.credited': {
      if (standing.credited) return undefined;
      const ms = event.at.getTime() - standing.made.at.getTime();
      // What an account is switched by is in no meter.
      const inMeter = event.name === 'account.credited' ? set(standing, 'inMeter', true) : {};
      return {
        ...inMeter,
        ...set(standing, 'credited', true),
        ...set(standing, 'failed', false),
        [timeClass(ms)]: 1,
      };
    }
    case 'meter.credited':
      return changed({ ...set(standing, 'inMeter', true), ...set(standing, 'meterRefused', false) });
    // Until its card is written anew or it takes it all the same.
    case 'meter.refused':
      return changed(set(standing, 'meterRefused', true));
    case 'write.reopened':
      return changed(set(standing, 'meterRefused', false));
    // It cannot be on its card any more, or never was: the sale is not, and its money goes back.
    case 'sale.rejected':
    case 'sale.undone':
      return changed({ ...set(standing, 'failed', true), ...undone(standing) });
    case 'order.closed':
      return standing.channel === undefined ? changed(set(standing, 'abandoned', true)) : undefined;
    default:
      return undefined;
  }
}

/** Counts on its own day, with the order's channel, entry, chip and place. */
function refunded(
  order: CountedOrder,
  event: CountedOrder['events'][number],
  standing: Standing,
): Movement[] {
  const { no, fen } = event.data ?? {};
  if (typeof no !== 'string' || typeof fen !== 'number' || standing.refunded.has(no)) return [];
  standing.refunded.add(no);
  const counts = { refunds: 1, refundFen: fen };
  const paymentNo = order.refunds.find((refund) => refund.no === no)?.paymentNo;
  const name = order.payments.find((payment) => payment.no === paymentNo)?.channel ?? standing.channel;
  return [
    {
      n: event.n,
      ...placeOf(event.at),
      counts,
      ...(name === undefined ? {} : { channel: { name, counts } }),
    },
  ];
}

/** What was credited and is undone: its time is not a purchase's any more. */
function undone(standing: Standing): Counts {
  if (!standing.credited) return {};
  const time = (Object.keys(standing.sums) as (keyof Counts)[]).find(
    (name) => /^t\d/u.test(name) && (standing.sums[name] ?? 0) > 0,
  );
  return {
    ...set(standing, 'credited', false),
    ...set(standing, 'inMeter', false),
    ...set(standing, 'meterRefused', false),
    ...(time === undefined ? {} : { [time]: -1 }),
  };
}

/** One more, or one less; nothing where it was so already. */
function set(
  standing: Standing,
  fact: 'credited' | 'inMeter' | 'meterRefused' | 'failed' | 'abandoned',
  to: boolean,
): Counts {
  if (standing[fact] === to) return {};
  standing[fact] = to;
  return { [fact]: to ? 1 : -1 };
}

function changed(counts: Counts): Counts | undefined {
  return Object.keys(counts).length === 0 ? undefined : counts;
}

function placeOf(at: Date): { day: string; hour: string } {
  const clock = chinaClock(at);
  return { day: clock.slice(0, 10), hour: clock.slice(11, 13) };
}
