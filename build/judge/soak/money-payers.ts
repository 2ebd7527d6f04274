import type { Dice } from '@bianmin/card/testing/dice';
import { type Channel, CHANNELS } from '@bianmin/purchase/api/channels';
import type { Also, Paying, RefundPlan, SlowCalls } from './grid-mishaps.ts';
import { WHOLE_CAMPAIGN } from './grid-times.ts';

/** Longer than a code lives here, and than a card is written: the order is over when this payer comes. */
const LATE_FROM_MS = 26_000;
const LATE_WITHIN_MS = 20_000;
/** Of a channel's calls, from annoying to past the server's own deadline of 10 s, ms. */
const SLOW_FROM_MS = 2_000;
const SLOW_WITHIN_MS = 11_000;
/** Days, as the campaign's time goes: many sweeps and questions, ms. */
const DAYS_FROM_MS = 20_000;
const DAYS_WITHIN_MS = 20_000;
/** In a whole campaign there is time for later payers and longer refunds. */
const LONGER = 4;
/** Staff's list shows 200 refunds at once: so many a campaign may leave to a person, more or less. */
const MOST_FOR_STAFF = 100;

/** Others of the household who scanned the same code, and pay it too: at once, soon, or when it is long over. */
export function alsoPaying(
  dice: Dice,
  of: { first: Channel | undefined; paying: Paying; orders: number },
): Also[] {
  const others = CHANNELS.filter((channel) => channel !== of.first);
  const payers = dice.weighted({ none: 30, one: 44, both: 26 });
  if (payers === 'none') return [];
  const one = dice.pick(others);
  const another = dice.pick(others.filter((channel) => channel !== one));
  return (payers === 'one' ? [one] : [one, another]).map((channel) => {
    // Of an order that its first payer does not pay, it comes when the order is closed.
    const when = of.paying === 'none' ? 'late' : dice.weighted({ once: 45, soon: 27, late: 28 });
    const afterMs = {
      once: 0,
      soon: 500 + dice.below(4_500),
      late: LATE_FROM_MS + dice.below(LATE_WITHIN_MS * longer(of.orders)),
    }[when];
    const insists = when === 'late' && dice.chance(0.85);
    return { channel, afterMs, insists, untold: when !== 'late' && dice.chance(0.3) };
  });
}

/** A channel that is slow about one order: `often` where its further payments have to be closed in time. */
export function slowCalls(dice: Dice, channel: Channel, often: boolean): SlowCalls[] {
  if (!dice.chance(often ? 0.5 : 0.08)) return [];
  const on = dice.pick(['query', 'close', 'refund', 'query-refund'] as const);
  const kind = dice.pick(['slow-before', 'slow-after'] as const);
  const delayMs = SLOW_FROM_MS + dice.below(SLOW_WITHIN_MS);
  return [{ channel, on, kind, delayMs, times: 1 + dice.below(3) }];
}

/** Most refunds that take long come to their end; some cannot be made, and some are of less than was asked for. */
export function refundPlan(
  dice: Dice,
  of: { also: readonly Also[]; orders: number },
): RefundPlan | undefined {
  const likely = of.also.length > 0;
  if (!dice.chance(likely ? 0.8 : 0.15)) return undefined;
  const delayMs = DAYS_FROM_MS + dice.below(DAYS_WITHIN_MS * longer(of.orders));
  const staffed = dice.chance(Math.min(0.5, (5 * MOST_FOR_STAFF) / of.orders));
  if (!staffed) return { outcome: 'SUCCESS', delayMs, shortFen: 0 };
  const outcome = dice.weighted({ ABNORMAL: 35, CLOSED: 20, SUCCESS: 45 });
  return { outcome, delayMs: dice.chance(0.5) ? delayMs : 0, shortFen: outcome === 'SUCCESS' ? 100 : 0 };
}

function longer(orders: number): number {
  return orders >= WHOLE_CAMPAIGN ? LONGER : 1;
}
