import { createHash } from 'node:crypto';
import type { CaseFacts, CaseKind, CaseReport } from '../orders/model/case-sink.ts';

export interface CasePerson {
  readonly id: string;
  readonly name: string;
}

/** Whoever ends a case that is over by itself. */
export const SYSTEM: CasePerson = { id: 'system', name: 'system' };

interface CaseNote {
  readonly at: Date;
  /** User id, or `system`. */
  readonly by: string;
  readonly byName: string;
  readonly text: string;
}

/** A difference between what should be and what is, with a person who answers for it. */
export interface Case {
  /** Follows from kind, order and fact: the same difference is the same case, however often it is found. */
  readonly _id: string;
  readonly kind: CaseKind;
  readonly orderNo: string;
  /** Of its order; absent: the province's. */
  readonly orgPath?: readonly string[];
  /** Which fact of the order it is about, where one order can have several: a refund's number, a lease. */
  readonly key: string;
  readonly facts: CaseFacts;
  readonly status: 'open' | 'resolved';
  readonly owner: CasePerson | null;
  readonly notes: readonly CaseNote[];
  readonly resolution: { readonly at: Date; readonly by: CasePerson; readonly text: string } | null;
  readonly openedAt: Date;
  readonly updatedAt: Date;
  /** How often it was reopened after it had been called resolved. */
  readonly reopened: number;
  /** Grows with each change; every change is a compare-and-set on it. */
  readonly version: number;
}

/** 32 hex digits. */
export function caseIdOf(report: Pick<CaseReport, 'kind' | 'orderNo' | 'key'>): string {
  return createHash('sha256')
    .update(JSON.stringify([report.kind, report.orderNo, report.key ?? '']))
    .digest('hex')
    .slice(0, 32);
}
