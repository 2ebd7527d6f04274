import type { CreditChoice } from '@bianmin/purchase/api/order';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { FaultRequest } from '../../../server/sandbox/grid/collect/faults.ts';
import type { Link } from '../../../server/sandbox/grid/world/concentrator.ts';
import type { FaultsRequest } from '../../../server/sandbox/wallet/faults-request.ts';
import { Dice } from '@bianmin/card/testing/dice';
import type { GridTimes } from './grid-times.ts';

/** How the payer pays: `none` does not, `late` and `twice` are the wallet's own mistakes. */
export type Paying = 'once' | 'late' | 'twice' | 'none';

/**
 * What the terminal does with the released plan and says of it:
 * - `cut`: the card is pulled in the middle. `silent`: it writes and then says nothing.
 * - `false-claim`: it says "written" and wrote nothing. `says-failed`: it wrote and says that it could not.
 */
export type Writing = 'honest' | 'cut' | 'silent' | 'false-claim' | 'says-failed';

/** A purchase by customer number, from a phone. */
export interface FromAfar {
  /** The way to the meter when it is paid, and for how long. */
  readonly link: Link;
  readonly linkMs: number;
  /** What the payer chooses where the meter cannot be credited from afar. */
  readonly choice: CreditChoice;
}

/** Who buys for the same meter at the same time: a forger with a copy of the card, or a phone at home. */
export type Rival = 'copy' | 'phone';

/** How the money comes: a wallet's own code, the page behind the one code for every wallet, or cash at a counter. */
type PayingBy = 'code' | 'page' | 'cash';

/** A further payer of one order: at the same moment as the first, or this much later. */
export interface Also {
  readonly channel: Channel;
  readonly afterMs: number;
  /** Confirmed just before its code died: the wallet takes the money although the code is closed or has expired. */
  readonly insists: boolean;
  /** The server is not notified of this money, which the wallet knows of when it is asked. */
  readonly untold: boolean;
}

/** What becomes of the refunds of one order, whichever wallets they are at. */
export interface RefundPlan {
  readonly outcome: 'SUCCESS' | 'ABNORMAL' | 'CLOSED';
  readonly delayMs: number;
  /** So much less is given in the end, fen. */
  readonly shortFen: number;
}

/** Calls about one order's payments or refunds that a wallet takes its time for. */
export interface SlowCalls {
  readonly channel: Channel;
  readonly on: 'query' | 'close' | 'refund' | 'query-refund';
  readonly kind: 'slow-before' | 'slow-after';
  readonly delayMs: number;
  readonly times: number;
}

/** What differs about an order's money where wallets, counters and staff are part of the campaign. */
export interface MoneyPlan {
  readonly channel: Channel;
  readonly by: PayingBy;
  /** Further wallets that pay the same order on its page, each with a phone of its own. */
  readonly also: readonly Also[];
  /** Of cash: how long after the first of those the counter takes it, ms. */
  readonly cashAfterMs: number;
  /** The payer pays while the terminal has the order closed. */
  readonly crosses: boolean;
  readonly slow: readonly SlowCalls[];
  /** Absent: as every refund of the wallet. */
  readonly refunds: RefundPlan | undefined;
  /** Set at the wallet before its code is asked for. */
  readonly before: FaultsRequest | undefined;
  /** Staff give money back once it is done: shares of what was paid, asked for at the same moment. */
  readonly giveBack: readonly number[];
  /** They think better of it while it is on the card: staff have it taken off again at the terminal. */
  readonly undo: boolean;
}

/** Everything that goes wrong with one order. */
export interface Mishaps {
  readonly faceFen: number;
  readonly paying: Paying;
  readonly writing: Writing;
  /** Where a `cut` cuts: how many EEPROM operations happen before it. */
  readonly cutAfter: number;
  /** The card goes to its meter right after the purchase; otherwise it waits for another day. */
  readonly toMeter: boolean;
  readonly rival: Rival | undefined;
  /** Another card of the family goes in to be written first, and this one is tried in the family's other meters first. */
  readonly mixedUp: boolean;
  /**
   * The household's meter is exchanged: after it paid, before anything is on the card; or with the purchase on the card, before it is
   * in the meter. Undefined: it stays.
   */
  readonly exchange: 'before-write' | 'after-write' | undefined;
  /** Without the card; undefined: with it. */
  readonly afar: FromAfar | undefined;
  /** Armed at the grid as the order is paid. */
  readonly grid: readonly FaultRequest[];
  /** Set at the wallets then, what is about notifications for this order's alone; undefined for nothing. */
  readonly wallet: FaultsRequest | undefined;
  /** Absent: by WeChat's own code. */
  readonly money?: MoneyPlan;
}

/** Draws from a seed; the n-th order has the same mishaps in every run. */
export class MishapDraw {
  readonly #dice: Dice;
  readonly #times: GridTimes;

  constructor(random: () => number, times: GridTimes) {
    this.#dice = new Dice(random);
    this.#times = times;
  }

  next(): Mishaps {
    const rival = this.#dice.chance(0.05) ? this.#dice.pick<Rival>(['copy', 'phone']) : undefined;
    const afar = rival === undefined && this.#dice.chance(0.15) ? this.#fromAfar() : undefined;
    const paying = this.#dice.weighted<Paying>({ once: 88, late: 4, twice: 4, none: 4 });
    const writing = this.#writing(rival);
    const calm = rival === undefined && afar === undefined && paying === 'once' && writing === 'honest';
    return {
      faceFen: 100 * (10 + this.#dice.below(190)),
      paying,
      writing,
      cutAfter: this.#dice.below(60),
      toMeter: this.#dice.chance(0.8),
      rival,
      afar,
      grid: [...this.#faults(), ...(afar === undefined ? [] : this.#aboutCredit())],
      wallet: this.#dice.chance(0.1) ? this.#aboutMoney(paying) : undefined,
      mixedUp: this.#dice.chance(0.1),
      exchange:
        calm && this.#dice.chance(0.05) ? this.#dice.pick(['before-write', 'after-write']) : undefined,
    };
  }

  /** A rival may make a lie come true: then nothing contradicts it. */
  #writing(rival: Rival | undefined): Writing {
    const lies = rival === undefined ? 4 : 0;
    return this.#dice.weighted<Writing>({
      honest: 80,
      cut: 8,
      silent: 4,
      'false-claim': lies,
      'says-failed': lies,
    });
  }

  #fromAfar(): FromAfar {
    return {
      link: this.#dice.weighted<Link>({ online: 60, offline: 10, 'answer-lost': 10, slow: 10, dead: 10 }),
      linkMs: 500 + this.#dice.below(5_000),
      choice: this.#dice.pick<CreditChoice>(['card', 'refund']),
    };
  }

  #aboutCredit(): FaultRequest[] {
    return (['sendCode', 'identifyCustomer', 'remoteCredit', 'queryCredit'] as const)
      .filter(() => this.#dice.chance(0.25))
      .map((operation) => ({ operation, ...this.#edge() }));
  }

  #aboutMoney(paying: Paying): FaultsRequest {
    const lost: FaultsRequest = { notify: [{ on: 'payment', kind: 'lost' }] };
    return this.#dice.pick<FaultsRequest>([
      // Money that comes once more, or after its code was closed, and is never spoken of stands in the day's bill only.
      ...(paying === 'twice' || paying === 'late' ? [] : [lost]),
      { notify: [{ on: 'payment', kind: 'late', delayMs: 3_000 }] },
      { notify: [{ on: 'any', kind: 'duplicate' }] },
      { api: [{ on: 'refund', kind: 'reset-after' }] },
      { api: [{ on: 'refund', kind: 'error-before' }] },
      { api: [{ on: 'query', kind: 'reset-before' }] },
    ]);
  }

  #faults(): FaultRequest[] {
    const faults: FaultRequest[] = [];
    if (this.#dice.chance(0.005)) faults.push({ operation: 'sell', fault: 'day-cut' });
    if (this.#dice.chance(0.25)) faults.push(...this.#aboutSale());
    for (const operation of ['identify', 'returnData', 'writePlan', 'authorise', 'confirmWrite'] as const) {
      if (this.#dice.chance(0.05)) faults.push({ operation, ...this.#edge() });
    }
    return faults;
  }

  /** A sale that goes wrong, and then perhaps the questions about it. */
  #aboutSale(): FaultRequest[] {
    const { timeoutMs, horizonMs } = this.#times;
    const beyond = timeoutMs + horizonMs;
    const sell = this.#dice.pick<Omit<FaultRequest, 'operation'>>([
      { fault: 'before' },
      { fault: 'after' },
      { fault: 'http-500' },
      { fault: 'garbage-signature' },
      { fault: 'other-id' },
      { fault: 'duplicate' },
      { fault: 'wrong-amount' },
      { fault: 'forget-session' },
      { fault: 'delay', ms: beyond },
      // It is not found when it is first asked about, and found later.
      { fault: 'late', ms: timeoutMs + this.#dice.below(horizonMs) },
      // It is still travelling when its tombstone is there.
      { fault: 'late', ms: 3 * beyond },
    ]);
    const faults: FaultRequest[] = [{ operation: 'sell', ...sell }];
    if (this.#dice.chance(0.4)) faults.push({ operation: 'queryOriginal', ...this.#edge() });
    // Only these come to a reversal.
    if (sell.fault === 'before' || sell.fault === 'late') {
      if (this.#dice.chance(0.3)) faults.push({ operation: 'reverse', ...this.#edge() });
      if (this.#dice.chance(0.3)) faults.push({ operation: 'queryReversal', ...this.#edge() });
    }
    return faults;
  }

  /** One fault at an edge of any operation. */
  #edge(): Omit<FaultRequest, 'operation'> {
    return this.#dice.pick<Omit<FaultRequest, 'operation'>>([
      { fault: 'before' },
      { fault: 'after' },
      { fault: 'http-500' },
      { fault: 'duplicate' },
      { fault: 'other-id' },
      { fault: 'garbage-signature' },
      { fault: 'forget-session' },
      { fault: 'delay', ms: this.#times.timeoutMs + 200 },
    ]);
  }
}
