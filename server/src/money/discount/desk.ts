import { createHmac, randomUUID } from 'node:crypto';
import type { Clock } from '@bianmin/shared/clock';
import type { Logger } from 'pino';
import type { DiscountRequest, DiscountSource, OrderDiscount } from '../../orders/model/discount-source.ts';
import type { BudgetStore } from './budget-store.ts';
import type { CapStore } from './cap-store.ts';
import { offeredFen, type DiscountRule } from './rule.ts';
import type { DiscountRuleStore } from './rule-store.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import { NEVER_MADE_MS } from './settler.ts';

/** Who stood still for so long may be taken for dead before the order is stored. */
const TOO_LONG_MS = NEVER_MADE_MS / 3;
/** Another order took what was left in between: looked at again so often. */
const TRIES = 3;

export interface DiscountDeskInit {
  readonly rules: Pick<DiscountRuleStore, 'active' | 'household'>;
  readonly budgets: Pick<BudgetStore, 'get' | 'reserve' | 'holdsOf' | 'endThose'>;
  readonly caps: Pick<CapStore, 'get' | 'make' | 'reserve' | 'settle'>;
  readonly key: HouseholdKey;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Names a household without its number: without the key it tells nothing. */
export type HouseholdKey = (grid: string, customerNo: string) => string;

export function householdKey(secret: Buffer): HouseholdKey {
  return (grid, customerNo) =>
    createHmac('sha256', secret).update(`household:${grid}:${customerNo}`).digest('base64url');
}

/** Gives each order the best discount that its household can have now, and holds it in budget and cap. */
export class DiscountDesk implements DiscountSource {
  readonly #init: DiscountDeskInit;

  constructor(init: DiscountDeskInit) {
    this.#init = init;
  }

  async reserve(request: DiscountRequest): Promise<{ discount: OrderDiscount; fen: number } | undefined> {
    const { rules, clock, log } = this.#init;
    try {
      const now = new Date(clock.now());
      const active = await rules.active(now);
      if (active.length === 0) return undefined;
      const key = this.#init.key(request.grid, request.customerNo);
      const household = await rules.household(key);
      const offers = active
        .map((rule) => ({ rule, fen: offeredFen(rule, { household, faceFen: request.faceFen, now }) }))
        .filter(({ fen }) => fen > 0)
        .sort((a, b) => b.fen - a.fen || (a.rule._id < b.rule._id ? -1 : 1));
      for (const { rule, fen } of offers) {
        const got = await this.#hold(rule, { orderNo: request.orderNo, fen, key, now });
        if (got > 0) return { fen: got, discount: discountOf(rule) };
      }
    } catch (error) {
      // What may be held by now is found by the settler.
      log.error({ err: error, orderNo: request.orderNo }, 'no discount could be looked for');
    }
    return undefined;
  }

  async release(orderNo: string, rule: string): Promise<void> {
    const { budgets, caps } = this.#init;
    for (const hold of await budgets.holdsOf(orderNo, rule)) {
      await caps.settle(hold.capId, hold, 'left');
      // Where another batch comes between, the settler finds that the order was never made.
      await budgets.endThose(rule, [{ hold, as: 'left' }]);
    }
  }

  /** What is held in both, or 0. The budget first, naming the cap: by it everything that is held can be found. */
  async #hold(
    rule: DiscountRule,
    wanted: { orderNo: string; fen: number; key: string; now: Date },
  ): Promise<number> {
    const { budgets, caps, clock } = this.#init;
    const { orderNo, now } = wanted;
    const capId = `${rule._id}:${wanted.key}:${monthOf(now)}`;
    if ((await caps.get(capId)) === null) await caps.make(capId, rule.capFen);
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const [budget, cap] = await Promise.all([budgets.get(rule._id), caps.get(capId)]);
      const fen = Math.min(wanted.fen, budget?.leftFen ?? 0, cap?.leftFen ?? 0);
      if (fen <= 0) return 0;
      const hold = { _id: randomUUID(), orderNo, fen, at: now, capId };
      if (!(await budgets.reserve(rule._id, hold))) continue;
      if (await caps.reserve(capId, hold)) {
        if (clock.now() - now.getTime() < TOO_LONG_MS) return fen;
        // Meanwhile the budget may have it again as of an order that never came, and it would not be looked for in
        // the cap.
        await caps.settle(capId, hold, 'left');
        await budgets.endThose(rule._id, [{ hold, as: 'left' }]);
        return 0;
      }
      await budgets.endThose(rule._id, [{ hold, as: 'left' }]);
    }
    return 0;
  }
}

function discountOf({ _id, names, funder }: DiscountRule): OrderDiscount {
  return { rule: _id, names, funder };
}

/** `yyyy-MM` in Beijing. */
function monthOf(now: Date): string {
  return chinaDay(now).slice(0, 7);
}
