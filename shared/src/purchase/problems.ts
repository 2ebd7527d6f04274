import type { ProblemCode } from '../api/problem.ts';
import type { ChipErrorCode } from '../chip/error.ts';
import type { MeterCardErrorCode } from '../meter-card/error.ts';
import { isRemovalCode, type ReaderErrorCode } from '../reader/error.ts';
import type { Trouble } from './state.ts';
import type { PurchaseProblem } from './view.ts';

/** What each code of the server means to a person at the screen. */
const OF_SERVER: Record<ProblemCode, PurchaseProblem> = {
  'request.malformed': 'unexpected',
  'request.unsupported-media': 'unexpected',
  'request.too-large': 'unexpected',
  'request.not-found': 'unexpected',
  'request.method': 'unexpected',
  'request.range': 'unexpected',
  'request.rate-limited': 'server-away',
  'auth.required': 'not-enrolled',
  'auth.expired': 'server-away',
  'auth.forbidden': 'not-enrolled',
  'auth.out-of-scope': 'not-enrolled',
  'auth.bad-credentials': 'not-enrolled',
  'auth.csrf': 'unexpected',
  'auth.unfinished': 'unexpected',
  'auth.totp': 'unexpected',
  'auth.step-up': 'unexpected',
  'auth.locked': 'unexpected',
  'auth.beyond-own': 'unexpected',
  'setup.spent': 'unexpected',
  'request.changed-meanwhile': 'unexpected',
  'request.precondition-required': 'unexpected',
  'terminal.pending': 'not-enrolled',
  'terminal.rejected': 'not-enrolled',
  'terminal.suspended': 'not-enrolled',
  'terminal.retired': 'not-enrolled',
  'terminal.bad-proof': 'not-enrolled',
  'command.not-possible': 'unexpected',
  'approval.same-person': 'unexpected',
  'approval.already-decided': 'unexpected',
  'release.unsigned': 'unexpected',
  'release.bytes': 'unexpected',
  'release.state': 'unexpected',
  'rollout.state': 'unexpected',
  'user.name-taken': 'unexpected',
  'org.not-empty': 'unexpected',
  'card.unknown': 'card-unknown',
  'card.foreign': 'card-foreign',
  'card.replaced': 'card-replaced',
  'card.account-closed': 'account-closed',
  'card.damaged': 'card-damaged',
  'card.session-expired': 'unexpected',
  'card.changed': 'card-changed',
  'meter.previous-not-inserted': 'not-yet-used',
  'meter.order-open': 'order-open-elsewhere',
  'meter.not-remote': 'not-remote',
  'order.amount-out-of-range': 'amount-out-of-range',
  'order.not-found': 'unexpected',
  'order.closed': 'unexpected',
  'order.already-paid': 'unexpected',
  'order.idempotency-mismatch': 'unexpected',
  'order.not-sold': 'grid-busy',
  'order.leased-elsewhere': 'order-open-elsewhere',
  'order.lease-stale': 'unexpected',
  'order.already-written': 'unexpected',
  'order.not-for-card': 'order-open-elsewhere',
  'order.no-choice': 'unexpected',
  'filter.too-many': 'unexpected',
  'export.too-many': 'unexpected',
  'export.not-ready': 'unexpected',
  'customer.unknown': 'customer-unknown',
  'customer.not-proven': 'unexpected',
  'binding.not-offered': 'unexpected',
  'binding.code-wrong': 'unexpected',
  'binding.code-spent': 'unexpected',
  'binding.too-many': 'unexpected',
  'binding.not-found': 'home-gone',
  'binding.daily-limit': 'unexpected',
  'order.action-refused': 'unexpected',
  'case.resolved': 'unexpected',
  'case.two-persons': 'unexpected',
  'reconcile.not-ready': 'unexpected',
  'reconcile.bill-unsound': 'unexpected',
  'reconcile.too-many': 'unexpected',
  'reconcile.day-open': 'unexpected',
  'reconcile.running': 'unexpected',
  'bill.not-settled': 'unexpected',
  'reading.missing': 'unexpected',
  'reading.stale': 'unexpected',
  'reversal.other-card': 'unexpected',
  'reversal.credited': 'unexpected',
  'reversal.later-sale': 'unexpected',
  'reversal.counters-differ': 'unexpected',
  'reversal.card-inserted': 'unexpected',
  'reversal.day-over': 'unexpected',
  'reversal.plan-released': 'unexpected',
  'reversal.not-sold': 'unexpected',
  'reversal.refunded': 'unexpected',
  'reversal.refused': 'unexpected',
  'replacement.not-open': 'unexpected',
  'replacement.other-card': 'unexpected',
  'card-session.busy': 'unexpected',
  'card-session.closed': 'unexpected',
  'card-session.out-of-order': 'unexpected',
  'card-session.not-permitted': 'unexpected',
  'card-session.not-yours': 'unexpected',
  'payment.channel-unavailable': 'channel-down',
  'payment.key-unusable': 'unexpected',
  'announcement.out-of-region': 'unexpected',
  'notification.bad-signature': 'unexpected',
  'notification.stale': 'unexpected',
  'notification.mismatch': 'unexpected',
  'grid.unavailable': 'grid-busy',
  'grid.refused': 'grid-busy',
  'server.unavailable': 'server-away',
  'invoice.not-offered': 'unexpected',
  'invoice.not-yet': 'unexpected',
  'complaint.finished': 'unexpected',
  'complaint.unanswered': 'unexpected',
  'pay-link.unknown': 'unexpected',
  'pay-link.ask-who': 'unexpected',
  'float.bad-pin': 'unexpected',
  'float.none': 'unexpected',
  'float.offer-stale': 'unexpected',
  'float.frozen': 'unexpected',
  'float.empty': 'unexpected',
  'float.day-limit': 'unexpected',
  'staff.session-over': 'unexpected',
  'discount.not-allowed': 'unexpected',
  'refund.not-found': 'unexpected',
  'refund.nothing-paid': 'unexpected',
  'refund.not-final': 'unexpected',
  'refund.reverse-first': 'unexpected',
  'refund.plan-released': 'unexpected',
  'refund.exceeds': 'unexpected',
  'refund.not-abnormal': 'unexpected',
  'refund.no-cash-owed': 'unexpected',
  'refund.handed-out': 'unexpected',
  'refund.slip-used': 'unexpected',
  'server.busy': 'server-away',
  'server.internal': 'server-away',
};

const OF_READER: Record<ReaderErrorCode, PurchaseProblem> = {
  'reader.none': 'no-reader',
  'reader.no-card': 'card-mute',
  'reader.mute': 'card-mute',
  'reader.removed': 'card-mute',
  'reader.timeout': 'card-mute',
  'reader.busy': 'unexpected',
  'reader.gone': 'no-reader',
  'reader.unsupported': 'card-unknown',
  'reader.protocol': 'card-mute',
  'reader.io': 'card-mute',
};

const OF_CHIP: Record<ChipErrorCode, PurchaseProblem> = {
  'chip.unknown': 'card-unknown',
  'chip.ambiguous': 'card-unknown',
  'chip.unsupported': 'card-unknown',
  'chip.out-of-range': 'card-damaged',
  'chip.unreadable': 'card-damaged',
  'chip.protected': 'card-damaged',
  'chip.code-needed': 'write-failed',
  'chip.code-wrong': 'card-protected-tries',
  'chip.too-few-tries': 'card-protected-tries',
  'chip.locked': 'card-locked',
  'chip.refused': 'card-damaged',
  'chip.malformed': 'card-damaged',
};

const OF_CARD: Record<MeterCardErrorCode, PurchaseProblem> = {
  'meter-card.other-card': 'card-changed',
  'meter-card.card-changed': 'card-changed',
  'meter-card.code-tries': 'card-protected-tries',
  'meter-card.code-wrong': 'card-protected-tries',
  'meter-card.locked': 'card-locked',
  'meter-card.protected': 'write-failed',
  'meter-card.lease-expired': 'write-failed',
  'meter-card.plan-refused': 'write-failed',
  'meter-card.read-back-differs': 'write-failed',
  'meter-card.refused': 'write-failed',
  'meter-card.unreadable': 'card-damaged',
};

const ALL: Readonly<Record<string, PurchaseProblem>> = {
  ...OF_SERVER,
  ...OF_READER,
  ...OF_CHIP,
  ...OF_CARD,
};

/** Faults of the moment: the same thing may work in a few seconds. */
const PASSING: ReadonlySet<PurchaseProblem> = new Set<PurchaseProblem>([
  'server-away',
  'grid-busy',
  'channel-down',
  'order-open-elsewhere',
  'not-enrolled',
  'card-mute',
  'no-reader',
]);

/** Another terminal may be writing the card: of this one it is known how long it lasts. */
export const LEASED_ELSEWHERE = 'order.leased-elsewhere' satisfies ProblemCode;

/** Without its journal a terminal sells nothing. */
export function isOfJournal(code: string): boolean {
  return code.startsWith('journal.');
}

/** Words for the code of any error, with the code itself for staff. */
export function troubleOf(code: string, waitMs?: number): Trouble {
  if (isOfJournal(code)) return { code: 'journal-broken', staffCode: code };
  const trouble: Trouble = { code: ALL[code] ?? 'unexpected', staffCode: code };
  return code === LEASED_ELSEWHERE && waitMs !== undefined ? { ...trouble, waitMs } : trouble;
}

/** The same for a write that was given up: what has no words of its own is a failed write. */
export function writeTroubleOf(code: string): Trouble {
  const trouble = troubleOf(code);
  return trouble.code === 'unexpected' ? { ...trouble, code: 'write-failed' } : trouble;
}

export function isPassing(problem: PurchaseProblem): boolean {
  return PASSING.has(problem);
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
