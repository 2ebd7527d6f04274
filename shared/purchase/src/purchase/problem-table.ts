import type { ChipErrorCode } from '@bianmin/card/chip/error';
import type { MeterCardErrorCode } from '@bianmin/card/meter-card/error';
import type { ReaderErrorCode } from '@bianmin/card/reader/error';
import { PROBLEM_CODES, type ProblemCode } from '../api/problem.ts';
import { READER_BLIND } from './view/problem-screens.ts';
import type { PurchaseProblem } from './view/problem-screens.ts';

/** Codes of the server that no person at a screen can do anything about: a type, which the TV page does not carry. */
type Unexpected =
  | 'request.malformed'
  | 'request.unsupported-media'
  | 'request.too-large'
  | 'request.headers-too-large'
  | 'request.timed-out'
  | 'request.misdirected'
  | 'request.not-found'
  | 'request.method'
  | 'request.range'
  | 'auth.csrf'
  | 'auth.unfinished'
  | 'auth.totp'
  | 'auth.passkey'
  | 'passkey.not-offered'
  | 'passkey.too-many'
  | 'auth.step-up'
  | 'auth.step-up-factors'
  | 'auth.locked'
  | 'auth.beyond-own'
  | 'setup.spent'
  | 'invitation.spent'
  | 'invitation.waits'
  | 'request.changed-meanwhile'
  | 'request.precondition-required'
  | 'terminal.needs-second'
  | 'command.not-possible'
  | 'approval.same-person'
  | 'approval.too-new'
  | 'approval.already-decided'
  | 'release.unsigned'
  | 'release.expired'
  | 'release.bytes'
  | 'release.state'
  | 'rollout.state'
  | 'user.name-taken'
  | 'role.name-taken'
  | 'role.in-use'
  | 'user.weak-password'
  | 'user.last-checker'
  | 'org.not-empty'
  | 'card.session-expired'
  | 'order.not-found'
  | 'order.closed'
  | 'order.already-paid'
  | 'order.idempotency-mismatch'
  | 'order.lease-stale'
  | 'order.already-written'
  | 'order.no-choice'
  | 'filter.too-many'
  | 'export.too-many'
  | 'export.not-ready'
  | 'customer.not-proven'
  | 'binding.not-offered'
  | 'binding.code-wrong'
  | 'binding.code-spent'
  | 'binding.too-many'
  | 'binding.daily-limit'
  | 'consent.none'
  | 'consent.over'
  | 'consent.over-limit'
  | 'consent.exists'
  | 'consent.no-community'
  | 'order.action-refused'
  | 'case.resolved'
  | 'case.two-persons'
  | 'reconcile.not-ready'
  | 'reconcile.bill-unsound'
  | 'reconcile.too-many'
  | 'reconcile.day-open'
  | 'reconcile.running'
  | 'month.not-compared'
  | 'month.closed'
  | 'bill.not-settled'
  | 'reading.missing'
  | 'reading.stale'
  | 'reversal.other-card'
  | 'reversal.credited'
  | 'reversal.later-sale'
  | 'reversal.counters-differ'
  | 'reversal.card-inserted'
  | 'reversal.day-over'
  | 'reversal.plan-released'
  | 'reversal.not-sold'
  | 'reversal.refunded'
  | 'reversal.refused'
  | 'replacement.not-open'
  | 'replacement.other-card'
  | 'card-session.busy'
  | 'card-session.closed'
  | 'card-session.out-of-order'
  | 'card-session.not-permitted'
  | 'card-session.not-yours'
  | 'payment.key-unusable'
  | 'announcement.out-of-region'
  | 'notification.bad-signature'
  | 'notification.stale'
  | 'notification.mismatch'
  | 'invoice.not-offered'
  | 'invoice.not-yet'
  | 'complaint.finished'
  | 'repair.done'
  | 'complaint.unanswered'
  | 'pay-link.unknown'
  | 'pay-link.ask-who'
  | 'float.bad-pin'
  | 'float.none'
  | 'float.offer-stale'
  | 'float.frozen'
  | 'float.empty'
  | 'float.day-limit'
  | 'staff.session-over'
  | 'staff.pin-needed'
  | 'shift.none'
  | 'discount.not-allowed'
  | 'transfer.not-offered'
  | 'transfer.not-next'
  | 'transfer.days-open'
  | 'transfer.nothing-owed'
  | 'transfer.reference-used'
  | 'discount.file-encoding'
  | 'discount.file-header'
  | 'discount.file-part'
  | 'discount.file-unfit'
  | 'commission.day-booked'
  | 'commission.overlaps'
  | 'refund.not-found'
  | 'refund.nothing-paid'
  | 'refund.not-final'
  | 'refund.reverse-first'
  | 'refund.plan-released'
  | 'refund.value-on-card'
  | 'refund.exceeds'
  | 'refund.not-abnormal'
  | 'refund.no-cash-owed'
  | 'refund.handed-out'
  | 'refund.slip-used';

/** What each other code of the server means to a person at the screen. */
const OF_SERVER: Record<Exclude<ProblemCode, Unexpected>, PurchaseProblem> = {
  'request.rate-limited': 'server-away',
  'auth.required': 'not-enrolled',
  'auth.expired': 'server-away',
  'auth.forbidden': 'not-enrolled',
  'auth.out-of-scope': 'not-enrolled',
  'auth.bad-credentials': 'not-enrolled',
  'terminal.pending': 'not-enrolled',
  'terminal.rejected': 'not-enrolled',
  'terminal.suspended': 'not-enrolled',
  'terminal.retired': 'not-enrolled',
  'terminal.bad-proof': 'not-enrolled',
  'card.unknown': 'card-unknown',
  'card.foreign': 'card-foreign',
  'card.replaced': 'card-replaced',
  'card.account-closed': 'account-closed',
  'card.meter-exchanged': 'meter-exchanged',
  'card.damaged': 'card-damaged',
  'card.changed': 'card-changed',
  'card.key-refused': 'card-protected-tries',
  'meter.previous-not-inserted': 'not-yet-used',
  'meter.order-open': 'order-open-elsewhere',
  'meter.not-remote': 'not-remote',
  'bill.not-due': 'amount-out-of-range',
  'order.amount-out-of-range': 'amount-out-of-range',
  'order.not-sold': 'grid-busy',
  'order.leased-elsewhere': 'order-open-elsewhere',
  'order.not-for-card': 'order-open-elsewhere',
  'customer.unknown': 'customer-unknown',
  'binding.not-found': 'home-gone',
  'payment.channel-unavailable': 'channel-down',
  'grid.unavailable': 'grid-busy',
  'grid.refused': 'grid-busy',
  'grid.no-credit': 'grid-busy',
  'grid.key-refused': 'grid-busy',
  'server.unavailable': 'server-away',
  'server.busy': 'server-away',
  'server.internal': 'server-away',
};

/** The same for every code, whether or not it means anything. */
function ofEvery(codes: readonly ProblemCode[]): Record<string, PurchaseProblem> {
  const all: Record<string, PurchaseProblem> = {};
  for (const code of codes) all[code] = 'unexpected';
  return all;
}

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

export const PROBLEM_OF_CODE: Readonly<Record<string, PurchaseProblem>> = {
  ...ofEvery(PROBLEM_CODES),
  ...OF_SERVER,
  ...OF_READER,
  [READER_BLIND]: 'card-mute',
  ...OF_CHIP,
  ...OF_CARD,
};

/** Faults of the moment: the same thing may work in a few seconds. */
export const PASSING_PROBLEMS: ReadonlySet<PurchaseProblem> = new Set<PurchaseProblem>([
  'server-away',
  'grid-busy',
  'channel-down',
  'order-open-elsewhere',
  'not-enrolled',
  'card-mute',
  'no-reader',
]);

/** No question about the same card changes these: it comes out, and something else is done first. */
export const LASTING_PROBLEMS: ReadonlySet<PurchaseProblem> = new Set<PurchaseProblem>([
  'card-unknown',
  'card-foreign',
  'card-replaced',
  'account-closed',
  'meter-exchanged',
  'card-locked',
  'card-protected-tries',
  'not-yet-used',
  'meter-full',
]);
