import type { Clock } from '@bianmin/card/clock';
import type { DiscountRule, Household } from './rule.ts';
import type { DiscountRuleStore } from './rule-store.ts';

/** So long a rule that was made or ended elsewhere may go unseen by orders, ms: its budget and caps hold meanwhile, too. */
export const REMEMBERED_MS = 2_000;

/** Rules as orders look at them: read once for all orders of a moment. */
export class RememberedRules {
  readonly #rules: Pick<DiscountRuleStore, 'active' | 'household'>;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #read: { readonly rules: Promise<DiscountRule[]>; readonly at: number } | undefined;

  constructor(rules: Pick<DiscountRuleStore, 'active' | 'household'>, clock: Pick<Clock, 'monotonic'>) {
    this.#rules = rules;
    this.#clock = clock;
  }

  /** Those that can give something at this time. */
  async active(now: Date): Promise<DiscountRule[]> {
    const rules = await this.#recent(now);
    return rules.filter(({ to }) => to > now);
  }

  household(key: string): Promise<Household | null> {
    return this.#rules.household(key);
  }

  #recent(now: Date): Promise<DiscountRule[]> {
    const at = this.#clock.monotonic();
    if (this.#read !== undefined && at - this.#read.at < REMEMBERED_MS) return this.#read.rules;
    const read = { rules: this.#rules.active(now), at };
    this.#read = read;
    read.rules.catch(() => {
      if (this.#read === read) this.#read = undefined;
    });
    return read.rules;
  }
}
