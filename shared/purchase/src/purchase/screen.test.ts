import { describe, expect, it } from 'vitest';
import { household, NO, PHASES as CARD, SLOT, ticket } from '../testing/card-purchase-states.ts';
import { PHASES as CASH, receipt } from '../testing/cash-purchase-states.ts';
import { PHASES as HOME } from '../testing/home-purchase-states.ts';
import { screenOf } from './screen.ts';
import type { Phase, PurchaseState } from './state.ts';

const at = (phase: Phase, over: Partial<PurchaseState> = {}): PurchaseState => ({
  ...{ turn: 1, phase, readers: ['R', 'S'], present: [], ...over },
});
const unsold = { orderNo: null, moneySafe: 'nothing-taken', canRetry: false };

describe('the screen of a state', () => {
  it('waits for a card at the first reader, or for a household without one', () => {
    const wait = { screen: 'wait', reader: 'R' };
    expect(screenOf(at(CARD.idle))).toEqual({ ...wait, withoutCard: true });
    expect(screenOf(at(CARD.idle, { present: [SLOT] }))).toEqual({ ...wait, withoutCard: true });
    expect(screenOf(at(CARD.rest))).toEqual(wait);
    expect(screenOf(at(CARD.rest, { readers: [] }))).toEqual({ screen: 'wait', reader: '' });
  });

  it('says that there is no reader, and that there are two cards', () => {
    expect(screenOf(at(CARD.idle, { readers: [] }))).toEqual({
      ...{ screen: 'problem', code: 'no-reader', staffCode: 'reader.none', ...unsold, withoutCard: true },
    });
    expect(screenOf(at(CARD.idle, { present: [SLOT, 'slot-2'] }))).toEqual({
      ...{ screen: 'problem', code: 'two-readers', staffCode: 'reader.two-cards', ...unsold },
    });
  });

  it('reads, and keeps the trouble of the last question until the next is answered', () => {
    for (const phase of [{ name: 'starting' }, CARD.reading, CARD.identifying] as const) {
      expect(screenOf(at(phase))).toEqual({ screen: 'reading' });
    }
    const trouble = { code: 'server-away', staffCode: 'server.unavailable' } as const;
    expect(screenOf(at({ ...CARD.identifying, trouble }))).toEqual({
      ...{ screen: 'problem', ...trouble, ...unsold, canRetry: true },
    });
  });

  it('says that it is out of service, and that paid money is safe with its order', () => {
    const trouble = { code: 'journal-broken', staffCode: 'journal.not-durable' } as const;
    const shown = { screen: 'problem', ...trouble, canRetry: false };
    expect(screenOf(at({ name: 'out-of-service', trouble, ticket: ticket('sold') }))).toEqual({
      ...{ ...shown, orderNo: NO, moneySafe: 'safe-with-order' },
    });
    expect(screenOf(at({ name: 'out-of-service', trouble, ticket: null }))).toEqual({ ...shown, ...unsold });
  });

  it('says that staff help, wherever somebody is served', () => {
    expect(screenOf(at(CARD.amount, { assisted: true }))).toMatchObject({ screen: 'amount', assisted: true });
    expect(screenOf(at(CARD.done, { assisted: true }))).toMatchObject({ screen: 'done', assisted: true });
    expect(screenOf(at(CARD.idle, { assisted: true }))).not.toHaveProperty('assisted');
    expect(screenOf(at(CARD.amount))).not.toHaveProperty('assisted');
  });

  it('is that of its phase', () => {
    const screens: readonly (readonly [phase: Phase, screen: string])[] = [
      [HOME.number, 'customer-no'],
      [HOME.proof, 'proof'],
      [HOME.describing, 'proof'],
      [HOME.recalling, 'recalling'],
      [CARD.who, 'who'],
      [CARD.amount, 'amount'],
      [CARD.ordering, 'amount'],
      [CARD.pay, 'pay'],
      [CARD.closing, 'pay'],
      [CARD.expired, 'expired'],
      [CASH.asking, 'cash-staff'],
      [HOME.crediting, 'crediting'],
      [HOME.credited, 'credited'],
      [HOME.failed, 'credit-failed'],
      [HOME.choosing, 'credit-failed'],
      [HOME.bring, 'bring-card'],
      [CARD.done, 'done'],
    ];
    for (const [phase, screen] of screens) expect(screenOf(at(phase)).screen).toBe(screen);
  });

  it('calls a card out, and asks whether anybody is here', () => {
    const who = { screen: 'who', household };
    expect(screenOf(at(CARD.who))).toEqual(who);
    expect(screenOf(at(CARD.who, { asking: 42 }))).toEqual({ ...who, asking: 42 });
    expect(screenOf(at({ ...CARD.rest, forgotten: true }))).toEqual({
      ...{ screen: 'wait', reader: 'R', forgotten: true },
    });
  });

  it('tells staff of the cash of its own order, and of no other', () => {
    const cash = { orderNo: NO, says: 'paid', receipt, asOf: 'done done' } as const;
    expect(screenOf(at(CARD.done, { cash }))).toMatchObject({ cash: { says: 'paid', receipt } });
    expect(screenOf(at(CARD.done, { cash }))).not.toHaveProperty('cash.asOf');
    for (const state of [
      at(CARD.done, { cash: { ...cash, orderNo: '2' } }),
      at(CARD.idle, { cash }),
      at(CARD.done),
    ]) {
      expect(screenOf(state)).not.toHaveProperty('cash');
    }
  });
});
