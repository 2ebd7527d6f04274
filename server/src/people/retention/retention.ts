import type { Clock } from '@bianmin/card/clock';
import type { RetentionState } from '@bianmin/purchase/api/residents';
import type { AuditTrail } from '../../access/audit.ts';
import type { Eraser } from './erasers.ts';
import { RETENTION_RULES, type RetentionRule, type RuleId } from './rules.ts';

const DAY_MS = 24 * 3_600_000;
/** Documents of one rule that one round looks at: little enough that no payer feels it. */
export const BATCH = 200;
/** As far as a dry run counts. */
const COUNTED = 1_000;

/** Carries the rules out in small batches, and says beforehand what they would take away. */
export class Retention {
  readonly #init: {
    readonly erasers: Partial<Record<RuleId, Eraser>>;
    readonly audit: AuditTrail;
    readonly clock: Clock;
  };

  constructor(init: { erasers: Partial<Record<RuleId, Eraser>>; audit: AuditTrail; clock: Clock }) {
    this.#init = init;
  }

  /** What each rule would take away now. It takes nothing away. */
  async state(): Promise<RetentionState> {
    const rules = RETENTION_RULES.map(async (rule) => {
      const { id, action, days, ground } = rule;
      const before = this.#before(rule);
      const eraser = this.#init.erasers[id];
      const due = before === undefined ? undefined : await eraser?.due(before, COUNTED + 1);
      return {
        ...{ id, action, days, ground },
        due: due === undefined ? null : Math.min(due, COUNTED),
        more: due !== undefined && due > COUNTED,
      };
    });
    return { rules: await Promise.all(rules) };
  }

  /** One batch of every rule; gives the most that one of them found. What went is in the trail, by rule and number. */
  async round(): Promise<number> {
    let most = 0;
    for (const rule of RETENTION_RULES) {
      const before = this.#before(rule);
      const eraser = this.#init.erasers[rule.id];
      if (before === undefined || eraser === undefined) continue;
      const erased = await eraser.erase(before, BATCH);
      if (erased > 0) {
        await this.#init.audit.record({
          who: { kind: 'system', id: 'retention' },
          action: `retention.${rule.action}`,
          target: rule.id,
          where: { ip: '', traceId: '' },
          data: { erased, before: before.toISOString() },
        });
      }
      most = Math.max(most, erased);
    }
    return most;
  }

  #before({ days }: RetentionRule): Date | undefined {
    return days === null ? undefined : new Date(this.#init.clock.now() - days * DAY_MS);
  }
}
