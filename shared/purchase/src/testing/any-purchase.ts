import fc from 'fast-check';
import { ORDER_STATES } from '../api/order.ts';
import { PROBLEM_CODES } from '../api/problem.ts';
import type { PurchaseEvent } from '../purchase/event.ts';
import { SERIALS, OFFER, viewOf, described, identified } from './purchase-answers.ts';

const CODES = [
  ...PROBLEM_CODES,
  ...['reader.removed', 'reader.timeout', 'reader.mute', 'chip.unknown', 'chip.locked'],
  ...['meter-card.refused', 'meter-card.locked', 'journal.not-durable', 'purchase.no-slot', 'unexpected'],
];

/** What a shift is refused for, more often than anything else. */
const STAFF_CODES = ['staff.pin-needed', 'staff.session-over', 'shift.none', 'float.offer-stale'] as const;

const anyOrder = fc
  .tuple(fc.constantFrom(1, 2), fc.nat(12), fc.constantFrom(...ORDER_STATES), fc.boolean())
  .map(([n, version, state, code]) => viewOf(n, version, state, code));

/** An event, or a function of the turn: most answers are to the question just asked, some to an older one. */
const anyEvent: fc.Arbitrary<(turn: number) => PurchaseEvent> = fc.oneof(
  fc
    .subarray(['slot-1', 'slot-2'])
    .map((present) => () => ({ type: 'slots', readers: ['R'], present }) as const),
  fc.constant(() => ({ type: 'slots', readers: ['R'], present: ['slot-1'] }) as const),
  fc
    .constantFrom(
      { type: 'confirm-card' } as const,
      { type: 'choose-amount', faceFen: 5000 } as const,
      { type: 'choose-amount', faceFen: 7 } as const,
      { type: 'choose-channel', channel: 'alipay' } as const,
      { type: 'back' } as const,
      { type: 'resume' } as const,
      { type: 'retry' } as const,
      { type: 'finish' } as const,
      { type: 'stay' } as const,
      { type: 'stay' } as const,
      { type: 'without-card' } as const,
      { type: 'customer-no', customerNo: '650100001001' } as const,
      { type: 'proof', proof: '042917' } as const,
      { type: 'choose-credit', choice: 'card' } as const,
      { type: 'choose-credit', choice: 'refund' } as const,
      { type: 'cash' } as const,
      { type: 'cash-staff', staff: '104817', pin: '274913' } as const,
      { type: 'cash-pin', pin: '274913' } as const,
      { type: 'cash-taken' } as const,
    )
    .chain((command) => fc.uuid().map((key) => () => ({ type: 'command', command, key }) as const)),
  fc.boolean().map((assisted) => () => ({ type: 'assisted', assisted }) as const),
  anyOrder.map((view) => () => ({ type: 'order', order: view }) as const),
  answer(() => fc.constant({ type: 'timer', at: 0 } as const)),
  answer(() => fc.constantFrom(...SERIALS).map((serial) => ({ type: 'read', serial }) as const)),
  answer(() => anyOrder.map((view) => ({ type: 'ordered', order: view, at: 0 }) as const)),
  answer(() =>
    fc
      .constantFrom(null, null, 'meter.not-remote' as const, 'meter.order-open' as const)
      .map((blocked) => ({ type: 'described', answer: described(blocked) }) as const),
  ),
  answer(() => fc.constant({ type: 'cash-offered', offer: OFFER } as const)),
  answer(() => fc.constant({ type: 'cash-asked', receipt: null } as const)),
  answer(() => fc.constantFrom(...STAFF_CODES).map((code) => ({ type: 'failed', code }) as const)),
  answer(() => fc.constantFrom(...CODES).map((code) => ({ type: 'failed', code }) as const)),
  answer(() => fc.constant({ type: 'progress', phase: 'write', fraction: 0.5 } as const)),
  answer(() =>
    fc
      .constantFrom(
        { result: 'written' } as const,
        { result: 'removed' } as const,
        { result: 'other-card' } as const,
        { result: 'lease-expired' } as const,
        { result: 'failed', code: 'meter-card.locked' } as const,
      )
      .map((outcome) => ({ type: 'write-ended', outcome }) as const),
  ),
  answer(() =>
    fc
      .tuple(
        fc.constantFrom(null, null, 'meter.previous-not-inserted' as const, 'meter.order-open' as const),
        fc.option(anyOrder, { freq: 3 }),
      )
      .map(
        ([blocked, unfinished]) => ({ type: 'identified', answer: identified(blocked, unfinished) }) as const,
      ),
  ),
);

type WithoutTurn<E> = E extends { readonly turn: number } ? Omit<E, 'turn'> : never;

function answer(
  make: () => fc.Arbitrary<WithoutTurn<PurchaseEvent>>,
): fc.Arbitrary<(turn: number) => PurchaseEvent> {
  return fc
    .tuple(make(), fc.constantFrom(0, 0, 0, 0, 1))
    .map(([body, late]) => (turn: number) => ({ ...body, turn: turn - late }));
}

/** Nothing is done until the wait is over. */
const waiting = fc.constant((turn: number): PurchaseEvent => ({ type: 'timer', turn, at: 0 }));
export const move = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: anyEvent });
export const slowMove = fc.oneof({ weight: 3, arbitrary: move }, { weight: 1, arbitrary: waiting });
