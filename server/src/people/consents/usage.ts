import type { Clock } from '@bianmin/card/clock';
import { NEVER_MADE_MS, STOOD_TOO_LONG_MS } from '../../kernel/limits.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { isUnpaid } from '../../orders/model/state.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import {
  monthOf,
  stateOf,
  usedFenOf,
  withHold,
  within,
  type ConsentHold,
  type ConsentLimits,
  type LookedAt,
  type StoredConsent,
} from './consent.ts';
import type { ConsentStore } from './consent-store.ts';

/** Another order of the same household took its hold in between: looked at again so often. */
const RACES = 8;

export interface ConsentUsageInit {
  readonly store: Pick<ConsentStore, 'get' | 'setHolds'>;
  readonly orders: Pick<OrderStore, 'byIdempotencyKey'>;
  readonly bounds: ConsentLimits;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * What of a consent's month is used. Each order takes its sum by compare-and-set on the consent before it is made, under the key that
 * it is made by. Whether it still counts is asked of the order each time: nothing is told to the consent that a crash could lose.
 */
export class ConsentUsage {
  readonly #init: ConsentUsageInit;

  constructor(init: ConsentUsageInit) {
    this.#init = init;
  }

  /** In this month, fen. `besides`: without what a new order of this terminal's takes the place of. */
  async usedFen(consent: StoredConsent, besides?: string): Promise<number> {
    const now = new Date(this.#init.clock.now());
    const month = monthOf(now);
    const holds = consent.holds.filter((hold) => hold.month === month);
    return usedFenOf(await this.#looked({ holds }, now, besides), month);
  }

  /** Takes an order's sum; the same key again takes nothing more, and what follows the consent nothing at all. Throws `consent.none`, `consent.over`, `consent.over-limit`. */
  async hold(of: StoredConsent, order: Pick<ConsentHold, 'terminalId' | 'key' | 'fen'>): Promise<void> {
    const { store, bounds, clock } = this.#init;
    for (let race = 0; race < RACES; race += 1) {
      const there = await store.get(of._id);
      const at = new Date(clock.now());
      const isSame = there?.recordedAt.getTime() === of.recordedAt.getTime();
      const consent = demandLive(isSame ? there : null, at);
      const limits = within(consent, bounds);
      const hold = { ...order, month: monthOf(at), at };
      const { holds, usedFen } = withHold(await this.#looked(consent, at), hold);
      if (order.fen > limits.perPurchaseFen || usedFen > limits.perMonthFen) {
        throw overLimit(limits, Math.max(0, limits.perMonthFen - usedFen + order.fen));
      }
      if (!(await store.setHolds(consent, holds))) continue;
      if (clock.now() - at.getTime() < STOOD_TOO_LONG_MS) return;
      throw tryAgain('This took too long. Nothing was ordered. Try again.');
    }
    throw tryAgain('Too many orders of this household at the same moment. Try again.');
  }

  #looked({ holds }: Pick<StoredConsent, 'holds'>, now: Date, besides?: string): Promise<LookedAt[]> {
    return Promise.all(holds.map(async (hold) => ({ hold, counts: await this.#counts(hold, now, besides) })));
  }

  async #counts(hold: ConsentHold, now: Date, besides: string | undefined): Promise<boolean> {
    const order = await this.#init.orders.byIdempotencyKey(hold.terminalId, hold.key);
    if (order === null) return now.getTime() - hold.at.getTime() < NEVER_MADE_MS;
    if (isUnpaid(order.state) && hold.terminalId === besides) return false;
    return order.state !== 'closed' && order.state !== 'refunded';
  }
}

/** Throws `consent.none` for one that is not there or was ended, `consent.over` after its last day. */
export function demandLive(consent: StoredConsent | null, now: Date): StoredConsent {
  const state = consent === null ? undefined : stateOf(consent, now);
  if (consent !== null && state === 'live') return consent;
  if (state !== 'over') throw noConsent();
  throw new ProblemError({
    code: 'consent.over',
    message: 'The last day of this consent has passed. Have the household sign again.',
  });
}

export function noConsent(): ProblemError {
  return new ProblemError({
    code: 'consent.none',
    message: 'This community has no such consent any more. Record it again with the household’s card.',
  });
}

function tryAgain(message: string): ProblemError {
  return new ProblemError({ code: 'server.unavailable', message, retryAfterS: 1 });
}

/** `leftFen`: of the month. */
export function overLimit({ perPurchaseFen }: ConsentLimits, leftFen: number): ProblemError {
  return new ProblemError({
    code: 'consent.over-limit',
    message: `The household has consented to ${perPurchaseFen} fen for one purchase; ${leftFen} fen are left of this month.`,
  });
}
