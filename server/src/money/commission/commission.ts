import { PROVINCE } from '@bianmin/purchase/api/org';
import {
  COMMISSION_KINDS,
  type CommissionKind,
  type CommissionTerms,
} from '@bianmin/purchase/api/commission';
import type { PaymentMeans } from '../../orders/model/order.ts';
import { holdsOn, type CommissionRule } from './rule.ts';

/** Basis points in a whole. */
const WHOLE = 10_000;

/** What of an order decides what it earns. */
export interface SaleFacts {
  /** Of the sale, in China. */
  readonly day: string;
  /** From the province down to the organisation whose terminal sold, as it was when the order was made. */
  readonly orgPath: readonly string[];
  /** Absent: the order does not say how it was paid, and rules of one channel are not for it. */
  readonly channel?: PaymentMeans;
  /** Face value of the sale as it stands, fen; 0: it was undone, or there never was one. */
  readonly faceFen: number;
}

/** What a sale earns by one rule. */
export interface Earned {
  readonly kind: CommissionKind;
  readonly rule: CommissionRule;
  readonly fen: number;
}

/**
 * What a sale earns: by one rule of each kind at most. Of the rules that hold on its day, that of the nearest organisation counts,
 * its own before those above it; of one organisation that of its channel before the one of every channel. Pure.
 */
export function commissionOf(facts: SaleFacts, rules: readonly CommissionRule[]): Earned[] {
  if (facts.faceFen <= 0) return [];
  return COMMISSION_KINDS.flatMap((kind) => {
    const rule = earnerOf(kind, facts) === undefined ? undefined : ruleFor(kind, facts, rules);
    const fen = rule === undefined ? 0 : earnedFen(rule, facts.faceFen);
    return rule === undefined || fen === 0 ? [] : [{ kind, rule, fen }];
  });
}

/** By one order, in fen: so much an order and such a part of its face value, half a fen up; then the least and the most. */
export function earnedFen(
  { perOrderFen, basisPoints, leastFen, mostFen }: CommissionTerms,
  faceFen: number,
): number {
  const part = Math.floor((faceFen * basisPoints + WHOLE / 2) / WHOLE);
  const fen = Math.max(leastFen, perOrderFen + part);
  return mostFen === null ? fen : Math.min(mostFen, fen);
}

/** Who earns: we; or the organisation that sold, which the province, being ourselves, is not. */
function earnerOf(kind: CommissionKind, { orgPath }: SaleFacts): string | undefined {
  const own = orgPath.at(-1) ?? PROVINCE;
  return kind === 'agency' || own !== PROVINCE ? own : undefined;
}

function ruleFor(
  kind: CommissionKind,
  { day, orgPath, channel }: SaleFacts,
  rules: readonly CommissionRule[],
): CommissionRule | undefined {
  const holding = rules.filter((rule) => rule.kind === kind && holdsOn(rule, day));
  for (const org of orgPath.toReversed()) {
    const own = holding.filter((rule) => rule.org === org);
    const found = own.find((rule) => rule.channel === channel) ?? own.find((rule) => rule.channel === null);
    if (found !== undefined) return found;
  }
  return undefined;
}
