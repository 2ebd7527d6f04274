import { describe, expect, it } from 'vitest';
import { order, PHASES as CARD, SLOT, ticket } from '../testing/card-purchase-states.ts';
import { PHASES as CASH } from '../testing/cash-purchase-states.ts';
import { PHASES as HOME } from '../testing/home-purchase-states.ts';
import { awaiting, openOrderOf, slotOf, ticketOf, watchedOrder } from './phase.ts';
import type { Phase } from './state.ts';

const hiding = (again: Phase | null, slot: string | null = null): Phase => ({
  ...{ name: 'problem', slot, trouble: { code: 'unexpected', staffCode: 'x' }, orderNo: null },
  ...{ moneySafe: 'nothing-taken', again, auto: false },
});
const outOf = <P extends Phase>(phase: P) => ({ ...phase, slot: null });

describe('what a phase is about', () => {
  it('is the slot it names, if any', () => {
    expect(slotOf(CARD.who)).toBe(SLOT);
    expect(slotOf(HOME.who)).toBeNull();
    expect(slotOf(CARD.idle)).toBeNull();
  });

  it('is the paid order of its card, also behind a problem', () => {
    expect(ticketOf(CARD.writing)).toEqual(ticket('writing'));
    expect(ticketOf(hiding(CARD.writing))).toEqual(ticket('writing'));
    expect(ticketOf(hiding(CARD.reading))).toBeNull();
    for (const phase of [CARD.reading, CARD.who, CARD.pay, hiding(null)]) expect(ticketOf(phase)).toBeNull();
  });

  it('is the order that may still be paid, also with staff and behind a problem', () => {
    for (const phase of [CARD.pay, CARD.closing, hiding(CARD.pay)]) {
      expect(openOrderOf(phase)).toEqual(order('paying'));
    }
    expect(openOrderOf(CASH.asking)).toEqual(CASH.pay.order);
    for (const phase of [CARD.expired, CARD.selling, HOME.crediting, hiding(null), hiding(CARD.who)]) {
      expect(openOrderOf(phase)).toBeNull();
    }
  });

  it('is the order whose changes matter, paid or not', () => {
    const own = [HOME.crediting, HOME.credited, HOME.failed, HOME.choosing, HOME.bring];
    for (const phase of [...own, CARD.expired, CARD.refund]) {
      expect(watchedOrder(phase)).toBe(phase.order);
      expect(watchedOrder(hiding(phase))).toBe(phase.order);
    }
    expect(watchedOrder(CARD.pay)).toBe(CARD.pay.order);
    expect(watchedOrder(CARD.selling)).toBe(CARD.selling.ticket.order);
    for (const phase of [CARD.who, CARD.idle, hiding(null), hiding(CARD.who)]) {
      expect(watchedOrder(phase)).toBeNull();
    }
  });
});

describe('a card that comes', () => {
  const anyCard: readonly Phase[] = [
    ...[CARD.idle, HOME.number, HOME.proof, HOME.bring, HOME.credited, HOME.slow, HOME.who, HOME.amount],
    ...[HOME.failed, outOf(CARD.done), outOf(CARD.refund), outOf(CARD.expired), outOf(CARD.silent)],
    ...[hiding(null), hiding(CARD.who)],
  ];
  const none: readonly Phase[] = [
    ...[CARD.rest, CARD.reading, CARD.identifying, CARD.who, CARD.amount, CARD.pay, CARD.done, CARD.refund],
    ...[CARD.expired, CARD.silent, CARD.writing, HOME.failedCardIn, HOME.crediting, HOME.describing],
    ...[CARD.closing, CARD.otherCard, hiding(CARD.who, SLOT), hiding(CARD.writing, SLOT)],
  ];

  it.each(anyCard.map((phase) => ({ name: phase.name, phase })))('is read, any: $name', ({ phase }) => {
    expect(awaiting(phase)).toEqual({ ticket: null });
  });

  it.each(none.map((phase) => ({ name: phase.name, phase })))('is not read: $name', ({ phase }) => {
    expect(awaiting(phase)).toBeNull();
  });

  it('is read for the order that waits for it', () => {
    expect(awaiting(CARD.pulled)).toEqual({ ticket: ticket('paid') });
    expect(awaiting(hiding(CARD.writing))).toEqual({ ticket: ticket('writing') });
  });
});
