import type { Channel } from '@bianmin/purchase/api/channels';
import type { FaultRequest } from '../../../server/sandbox/grid/collect/faults.ts';
import type { FaultsRequest } from '../../../server/sandbox/wallet/faults-request.ts';
import { Dice } from '@bianmin/card/testing/dice';
import { MishapDraw, type Mishaps, type MoneyPlan, type Paying } from './grid-mishaps.ts';
import type { GridTimes } from './grid-times.ts';
import { alsoPaying, refundPlan, slowCalls } from './money-payers.ts';

/** A grid's day may be cut so often in a campaign: each is a day more to reconcile. */
const DAY_CUTS = 3;

/** Notifications as a wallet, its network, or a forger sends them. None of the last kinds may change anything. */
const NOTICES = [
  ...(['lost', 'late', 'out-of-order', 'duplicate', 'replay'] as const),
  ...(['bad-signature', 'tampered', 'unknown-serial', 'wrong-amount', 'foreign-merchant'] as const),
  ...(['foreign-app', 'foreign-currency', 'stale', 'other-key', 'signtest'] as const),
] as const;
/** How a call at a wallet goes wrong; what takes its time to be noticed comes less often. */
const CALLS = {
  ...{ 'reset-before': 5, 'reset-after': 5, 'error-before': 5, 'error-after': 5 },
  ...{ 'frequency-limited': 3, 'bad-signature': 3, unsigned: 2, 'unknown-serial': 2, 'old-clock': 2 },
  ...{ 'other-payment': 3, 'timeout-before': 1, 'timeout-after': 1 },
};

/** The grid soak's mishaps, and what can go wrong with the money. The n-th order has the same in every run of a seed. */
export class MoneyDraw {
  readonly #dice: Dice;
  readonly #base: MishapDraw;
  readonly #orders: number;
  readonly #cutShare: number;

  constructor(init: { random: () => number; times: GridTimes; orders: number }) {
    this.#dice = new Dice(init.random);
    this.#base = new MishapDraw(init.random, init.times);
    this.#orders = init.orders;
    this.#cutShare = DAY_CUTS / Math.max(init.orders, DAY_CUTS);
  }

  next(): Mishaps {
    const base = this.#base.next();
    const paying = base.paying === 'none' && this.#dice.chance(0.5) ? 'once' : base.paying;
    const money = this.#plan({ ...base, paying });
    const cut: FaultRequest[] = this.#dice.chance(this.#cutShare)
      ? [{ operation: 'sell', fault: 'day-cut' }]
      : [];
    return {
      ...base,
      paying,
      grid: [...base.grid.filter(({ fault }) => fault !== 'day-cut'), ...cut],
      // What crosses sets its own.
      wallet: money.crosses ? undefined : this.#wallet(paying),
      money,
    };
  }

  #plan({ afar, rival, writing, paying }: Mishaps): MoneyPlan {
    const dice = this.#dice;
    const orders = this.#orders;
    const calm = rival === undefined && writing === 'honest' && paying === 'once';
    const crosses = calm && afar === undefined && dice.chance(0.08);
    const channel: Channel = crosses ? 'wechat' : dice.weighted({ wechat: 50, alipay: 33, bestpay: 17 });
    const cash = afar === undefined ? 12 : 0;
    const by = crosses ? ('code' as const) : dice.weighted({ code: 56, page: 32, cash });
    const shared = by !== 'code' && (paying === 'once' || paying === 'none');
    const also = shared
      ? alsoPaying(dice, { first: by === 'page' ? channel : undefined, paying, orders })
      : [];
    const shares = dice.pick([[0.3], [0.6, 0.6], [1], [1, 0.2], [0.5, 0.5, 0.5]]);
    return {
      ...{ channel, by, also, crosses },
      cashAfterMs: dice.chance(0.6) ? 0 : dice.below(2_000),
      slow: slowCalls(dice, also.length > 0 ? dice.pick(also).channel : channel, also.length > 0),
      refunds: refundPlan(dice, { also, orders }),
      before: dice.chance(0.03)
        ? { add: true, api: [{ on: 'create', kind: dice.weighted(CALLS) }] }
        : undefined,
      giveBack: dice.chance(0.08) && calm ? shares : [],
      undo: dice.chance(0.04) && calm && afar === undefined && !crosses,
    };
  }

  #wallet(paying: Paying): FaultsRequest | undefined {
    const dice = this.#dice;
    if (paying === 'none') return undefined;
    if (paying !== 'once') {
      // Never told of: it stands in the day's bill alone.
      return dice.chance(0.3)
        ? { add: true, notify: [{ on: 'payment', kind: 'lost', times: 2 }] }
        : undefined;
    }
    if (dice.chance(0.2)) {
      const kind = dice.pick(NOTICES);
      return { add: true, notify: [{ on: dice.pick(['payment', 'any']), kind, delayMs: dice.below(6_000) }] };
    }
    if (dice.chance(0.04)) {
      const on = dice.pick(['query', 'close', 'refund', 'query-refund'] as const);
      return { add: true, api: [{ on, kind: dice.weighted(CALLS) }] };
    }
    return undefined;
  }
}

/** Whether the wallet will say of this money in its bill only. */
export function isUntold({ paying, wallet, money }: Pick<Mishaps, 'paying' | 'wallet' | 'money'>): boolean {
  if (money === undefined || money.by === 'cash' || (paying !== 'late' && paying !== 'twice')) return false;
  return wallet?.notify?.some(({ kind }) => kind === 'lost') ?? false;
}
