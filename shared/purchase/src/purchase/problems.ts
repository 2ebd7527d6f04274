import { isRemovalCode } from '@bianmin/card/reader/error';
import type { ProblemCode } from '../api/problem.ts';
import type { PurchaseProblem } from './view/problem-screens.ts';
import { LASTING_PROBLEMS, PASSING_PROBLEMS, PROBLEM_OF_CODE } from './problem-table.ts';

/** Another terminal may be writing the card: of this one it is known how long it lasts. */
export const LEASED_ELSEWHERE = 'order.leased-elsewhere' satisfies ProblemCode;

/** Without its journal a terminal sells nothing. */
export function isOfJournal(code: string): boolean {
  return code.startsWith('journal.');
}

/** Words for the code of any error, with the code itself for staff. */
export function troubleOf(code: string, waitMs?: number): Trouble {
  if (isOfJournal(code)) return { code: 'journal-broken', staffCode: code };
  const trouble: Trouble = { code: PROBLEM_OF_CODE[code] ?? 'unexpected', staffCode: code };
  return code === LEASED_ELSEWHERE && waitMs !== undefined ? { ...trouble, waitMs } : trouble;
}

/** The same for a write that was given up: what has no words of its own is a failed write. */
export function writeTroubleOf(code: string): Trouble {
  const trouble = troubleOf(code);
  return trouble.code === 'unexpected' ? { ...trouble, code: 'write-failed' } : trouble;
}

/** Asking again cannot help. */
export function isLasting(problem: PurchaseProblem): boolean {
  return LASTING_PROBLEMS.has(problem);
}

export function isPassing(problem: PurchaseProblem): boolean {
  return PASSING_PROBLEMS.has(problem);
}

/** Codes after which the card is simply not there any more. */
export function isGoneCode(code: string): boolean {
  return isRemovalCode(code) || code === 'purchase.no-slot';
}

/** Codes of a write that a bad contact can cause: given up only when they come back. */
export function isShakyWrite(code: string): boolean {
  return (
    isShakyReading(code) ||
    code === 'reader.mute' ||
    code === 'meter-card.read-back-differs' ||
    code === 'meter-card.refused' ||
    code === 'meter-card.unreadable'
  );
}

/** Codes of a reading that a dirty contact or a slow hand causes: worth another try before words. */
export function isShakyReading(code: string): boolean {
  return (
    isRemovalCode(code) || code === 'reader.timeout' || code === 'reader.io' || code === 'reader.protocol'
  );
}

/** Read just now, and without room for the least that is sold. */
export const METER_FULL = { code: 'meter-full', staffCode: 'meter.full' } as const satisfies Trouble;

export interface Trouble {
  readonly code: PurchaseProblem;
  readonly staffCode: string;
  /** How long it will go on, ms, where that is known. */
  readonly waitMs?: number;
}
