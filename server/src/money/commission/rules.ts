import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import {
  commissionTerms,
  type CommissionRuleRequest,
  type CommissionTerms,
} from '@bianmin/purchase/api/commission';
import { day } from '@bianmin/purchase/api/books';
import type { Approvals, Where } from '../../access/approvals.ts';
import type { Approval } from '../../access/store/approvals.ts';
import type { OrgStore } from '../../access/store/orgs.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import type { AdminPrincipal } from '../../kernel/principal.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { overlap, placeOf, type CommissionRule, type TwoPersons } from './rule.ts';
import type { CommissionRuleStore, PlacedRules } from './rule-store.ts';

/** A day that begins sooner than this is already being booked by a process whose clock is ahead, ms. */
const AHEAD_MS = 10 * 60_000;
const MAX_RACES = 20;

const made = z.strictObject({ ...commissionTerms.shape, reason: z.string() });
const ended = z.object({ ruleId: z.string(), until: day });

export interface CommissionRulesInit {
  readonly store: Pick<CommissionRuleStore, 'all' | 'of' | 'replace'>;
  readonly orgs: Pick<OrgStore, 'get'>;
  readonly approvals: Approvals;
  readonly clock: Clock;
}

/**
 * Who earns what: each rule is asked for by one person and allowed by another (`commission:manage`). It begins on a day that has not
 * begun when it is allowed, and ends with one that has not ended: no day that is booked ever comes to something else.
 */
export class CommissionRules {
  readonly #init: CommissionRulesInit;

  constructor(init: CommissionRulesInit) {
    this.#init = init;
    const permission = 'commission:manage';
    const { approvals } = init;
    approvals.register('commission.rule', { permission, run: (approval) => this.#make(approval) });
    approvals.register('commission.end', { permission, run: (approval) => this.#end(approval) });
  }

  /** By place, each in the order of its days. */
  async list(): Promise<CommissionRule[]> {
    const rules = await this.#init.store.all();
    return rules.toSorted((a, b) => compareTexts(placeOf(a), placeOf(b)) || compareTexts(a.from, b.from));
  }

  /** Throws `request.not-found` for an organisation that is not there, `commission.day-booked`, `commission.overlaps`. */
  async propose(request: CommissionRuleRequest, maker: AdminPrincipal, where: Where): Promise<Approval> {
    if ((await this.#init.orgs.get(request.org)) === null) {
      throw new ProblemError({ code: 'request.not-found', message: 'There is no such organisation.' });
    }
    this.#refuseBooked(request.from);
    refuseOverlap(await this.#init.store.of(placeOf(request)), request);
    return this.#init.approvals.request({ kind: 'commission.rule', content: request, maker, where });
  }

  /** `until`: the last day on which it holds. Throws `request.not-found`, `commission.day-booked`. */
  async requestEnd(
    init: { readonly ruleId: string; readonly until: string; readonly reason: string },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    const { kind, org, channel, from, until } = this.#endable(await this.#rule(init.ruleId), init.until);
    const content = { ...init, ...{ kind, org, channel, from }, before: { until } };
    return this.#init.approvals.request({ kind: 'commission.end', content, maker, where });
  }

  async #make(approval: Approval): Promise<void> {
    const { reason: _reason, ...terms } = made.parse(approval.content);
    await this.#change(placeOf(terms), (placed) => {
      // After a crash in the middle it is there already.
      if (placed?.rules.some(({ id }) => id === approval._id) === true) return undefined;
      this.#refuseBooked(terms.from);
      refuseOverlap(placed, terms);
      return [...(placed?.rules ?? []), { id: approval._id, ...terms, made: this.#personsOf(approval) }];
    });
  }

  async #end(approval: Approval): Promise<void> {
    const { ruleId, until } = ended.parse(approval.content);
    const rule = await this.#rule(ruleId);
    await this.#change(placeOf(rule), (placed) => {
      const known = placed?.rules.find(({ id }) => id === ruleId) ?? rule;
      if (known.ended !== undefined && known.until === until) return undefined;
      const after = { ...this.#endable(known, until), until, ended: this.#personsOf(approval) };
      return (placed?.rules ?? []).map((each) => (each.id === ruleId ? after : each));
    });
  }

  /** Undefined: it is as it is to be. */
  async #change(
    place: string,
    decide: (placed: PlacedRules | null) => readonly CommissionRule[] | undefined,
  ): Promise<void> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const placed = await this.#init.store.of(place);
      const rules = decide(placed);
      if (rules === undefined || (await this.#init.store.replace(place, placed, rules))) return;
    }
    throw new Error(`Commission rules of ${place} were changed by others ${MAX_RACES} times in a row.`);
  }

  async #rule(ruleId: string): Promise<CommissionRule> {
    const rule = (await this.#init.store.all()).find(({ id }) => id === ruleId);
    if (rule !== undefined) return rule;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such commission rule.' });
  }

  #endable(rule: CommissionRule, until: string): CommissionRule {
    if (until >= this.#today() && (rule.until === null || until < rule.until)) return rule;
    throw new ProblemError({
      code: 'commission.day-booked',
      message:
        'A rule ends today or later, and before it ends by itself: days that are booked stay as they are.',
    });
  }

  #refuseBooked(from: string): void {
    if (from > this.#today()) return;
    throw new ProblemError({
      code: 'commission.day-booked',
      message: 'A rule begins tomorrow or later: days that are booked stay as they are.',
    });
  }

  #today(): string {
    return chinaDay(new Date(this.#init.clock.now() + AHEAD_MS));
  }

  #personsOf({ maker, checker, decidedAt }: Approval): TwoPersons {
    return { maker, checker: checker ?? maker, at: decidedAt ?? new Date(this.#init.clock.now()) };
  }
}

function refuseOverlap(placed: PlacedRules | null, terms: CommissionTerms): void {
  const other = placed?.rules.find((rule) => overlap(rule, terms));
  if (other === undefined) return;
  throw new ProblemError({
    code: 'commission.overlaps',
    message: `Another rule of the same kind, organisation and channel holds from ${other.from} until ${other.until ?? 'it is ended'}. End it first.`,
  });
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
