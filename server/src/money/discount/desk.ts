import { randomUUID } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import type { NoDiscount } from '@bianmin/purchase/api/no-discount';
import type { Logger } from 'pino';
import type {
  DiscountAnswer,
  DiscountRequest,
  DiscountSource,
  OrderDiscount,
} from '../../orders/model/discount-source.ts';
import type { BudgetStore } from './budget-store.ts';
import { capIdOf, type CapStore } from './cap-store.ts';
import { inNotes } from '../../kernel/cash.ts';
import { STOOD_TOO_LONG_MS } from '../../kernel/limits.ts';
import { KeyedDigest } from '../../kernel/keyed-digest.ts';
import type { KeySource } from '../../kernel/key-ring.ts';
import { offeredFen, type DiscountRule, type Household } from './rule.ts';
import type { DiscountRuleStore } from './rule-store.ts';
import { nearest, refusal } from './why-none.ts';

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
export interface HouseholdKey {
  (grid: string, customerNo: string): string;
  /** Its names under other versions of the key, while that is being changed; absent: none. */
  former?(grid: string, customerNo: string): string[];
  /** Whether new names are made under the version that this one is of; absent: there is one version. */
  isCurrent?(name: string): boolean;
}

export function householdKey(keys: KeySource): HouseholdKey {
  const digest = new KeyedDigest(keys, 'bianmin households', { encoding: 'base64url' });
  const textOf = (grid: string, customerNo: string): string => `household:${grid}:${customerNo}`;
  const key = (grid: string, customerNo: string): string => digest.of(textOf(grid, customerNo));
  return Object.assign(key, {
    former: (grid: string, customerNo: string) => digest.spellings(textOf(grid, customerNo)).slice(1),
    isCurrent: (name: string) => digest.isCurrent(name),
  });
}

/** Gives each order the best discount that its household can have now, and holds it in budget and cap. */
export class DiscountDesk implements DiscountSource {
  readonly #init: DiscountDeskInit;

  constructor(init: DiscountDeskInit) {
    this.#init = init;
  }

  async reserve(request: DiscountRequest): Promise<DiscountAnswer> {
    const { rules, clock, log } = this.#init;
    try {
      const now = new Date(clock.now());
      const active = await rules.active(now);
      if (active.length === 0) return { why: 'no-rule' };
      return await this.#best(active, { ...request, now });
    } catch (error) {
      // What may be held by now is found by the settler.
      log.error({ err: error, orderNo: request.orderNo }, 'no discount could be looked for');
      return {};
    }
  }

  async release(orderNo: string, rule: string): Promise<void> {
    const { budgets, caps } = this.#init;
    for (const hold of await budgets.holdsOf(orderNo, rule)) {
      await caps.settle(hold.capId, hold, 'left');
      // Where another batch comes between, the settler finds that the order was never made.
      await budgets.endThose(rule, [{ hold, as: 'left' }]);
    }
  }

  /** Of these rules the one that gives most and can be held, or why none is. */
  async #best(
    active: readonly DiscountRule[],
    { orderNo, grid, customerNo, faceFen, now }: DiscountRequest & { now: Date },
  ): Promise<DiscountAnswer> {
    const { key: name } = this.#init;
    const key = name(grid, customerNo);
    const former = name.former?.(grid, customerNo) ?? [];
    const purchase = { household: await this.#known([key, ...former]), faceFen, now };
    const whys: (NoDiscount | 'raced')[] = active.flatMap((rule) => refusal(rule, purchase) ?? []);
    const offers = active
      .map((rule) => ({ rule, fen: offeredFen(rule, purchase) }))
      .filter(({ fen }) => fen > 0)
      .sort((a, b) => b.fen - a.fen || (a.rule._id < b.rule._id ? -1 : 1));
    for (const { rule, fen } of offers) {
      const got = await this.#hold(rule, { orderNo, fen, key, former, now });
      if (typeof got === 'number') return { given: { fen: got, discount: discountOf(rule) } };
      whys.push(got);
    }
    const why = nearest(whys);
    return why === undefined ? {} : { why };
  }

  /** What is known of a household, by the first of its names that is known. */
  async #known(names: readonly string[]): Promise<Household | null> {
    for (const name of names) {
      const found = await this.#init.rules.household(name);
      if (found !== null) return found;
    }
    return null;
  }

  /** The month's cap: one that was begun under another version of the key goes on, so that nobody has two. */
  async #capOf(
    rule: DiscountRule,
    { key, former, now }: { key: string; former: readonly string[]; now: Date },
  ): Promise<string> {
    const { caps } = this.#init;
    const idOf = (name: string): string => capIdOf(rule, name, now);
    for (const name of [key, ...former]) if ((await caps.get(idOf(name))) !== null) return idOf(name);
    await caps.make(idOf(key), rule.capFen);
    return idOf(key);
  }

  /**
   * What is held in both, fen; or which of them is spent, `raced` where others were quicker or it took too long. The budget first,
   * naming the cap: by it everything that is held can be found.
   */
  async #hold(
    rule: DiscountRule,
    wanted: { orderNo: string; fen: number; key: string; former: readonly string[]; now: Date },
  ): Promise<number | 'budget-spent' | 'cap-spent' | 'raced'> {
    const { budgets, caps, clock } = this.#init;
    const { orderNo, now } = wanted;
    const capId = await this.#capOf(rule, wanted);
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const [budget, cap] = await Promise.all([budgets.get(rule._id), caps.get(capId)]);
      // What is left for the payer can be laid down in notes.
      const fen = inNotes(Math.min(wanted.fen, budget?.leftFen ?? 0, cap?.leftFen ?? 0));
      if (fen <= 0) return inNotes(budget?.leftFen ?? 0) > 0 ? 'cap-spent' : 'budget-spent';
      const hold = { _id: randomUUID(), orderNo, fen, at: now, capId };
      if (!(await budgets.reserve(rule._id, hold))) continue;
      if (await caps.reserve(capId, hold)) {
        if (clock.now() - now.getTime() < STOOD_TOO_LONG_MS) return fen;
        // Meanwhile the budget may have it again as of an order that never came, and it would not be looked for in
        // the cap.
        await caps.settle(capId, hold, 'left');
        await budgets.endThose(rule._id, [{ hold, as: 'left' }]);
        return 'raced';
      }
      await budgets.endThose(rule._id, [{ hold, as: 'left' }]);
    }
    return 'raced';
  }
}

function discountOf({ _id, names, funder }: DiscountRule): OrderDiscount {
  return { rule: _id, names, funder };
}
