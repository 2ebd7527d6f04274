import { describe, expect, it } from 'vitest';
import { NO, order, PHASES, SLOT, ticket } from '../../testing/card-purchase-states.ts';
import { PHASES as CASH } from '../../testing/cash-purchase-states.ts';
import { NUMBER, order as homeOrder, PHASES as HOME } from '../../testing/home-purchase-states.ts';
import { out, problem, stateIn } from '../../testing/purchase-phases.ts';
import { ORDER_STATES } from '../../api/order.ts';
import type { OrderState, OrderView } from '../../api/order.ts';
import type { Phase } from '../state.ts';
import { enter, stay, update } from '../step.ts';
import { DEFAULT_TIMINGS as T } from '../timings.ts';
import { isUnpaid, isWritable, onOrder } from './order.ts';

const news = (state: OrderState, version = 4): OrderView => order(state, version);
const hears = (phase: Phase, of: OrderView) => onOrder(stateIn(phase), of, T);
const entered = (phase: Phase, next: Phase) => enter(stateIn(phase), next, T);
const updated = (phase: Phase, next: Phase) => update(stateIn(phase), next);

describe('news of an order', () => {
  it('is of this order, and not older than what is known', () => {
    const { pay } = PHASES;
    for (const older of [news('paid', 2), { ...news('paid'), orderNo: '2' }]) {
      expect(hears(pay, older)).toEqual(stay(stateIn(pay)));
    }
    expect(hears(pay, news('paid', 3)).state.phase.name).toBe('selling');
    for (const phase of [PHASES.idle, PHASES.who, PHASES.reading]) {
      expect(hears(phase, news('paid'))).toEqual(stay(stateIn(phase)));
    }
  });

  it.each(['created', 'paying'] as const)('changes nothing on the way to its money: %s', (state) => {
    const of = news(state);
    for (const phase of [PHASES.pay, PHASES.closing]) {
      expect(hears(phase, of)).toEqual(updated(phase, { ...phase, order: of }));
    }
    const paying = { ...news(state), version: 9 };
    const cash = { ...CASH.asking, pay: { ...CASH.pay, order: paying } };
    expect(hears(CASH.asking, paying)).toEqual(updated(CASH.asking, cash));
  });

  it('is kept by whatever goes on with the order', () => {
    const of = news('writing');
    for (const phase of [PHASES.writing, PHASES.resume, PHASES.otherCard, PHASES.pulled, PHASES.done]) {
      const kept = { ...phase, ticket: { ...phase.ticket, order: of } } as Phase;
      expect(hears(phase, of)).toEqual(updated(phase, kept));
    }
    const reread = { ...PHASES.rereading, ticket: { ...PHASES.rereading.ticket, order: of } };
    expect(hears(PHASES.rereading, of)).toEqual(updated(PHASES.rereading, reread));
    const refunded = news('refunded');
    expect(hears(PHASES.refund, refunded)).toEqual(
      updated(PHASES.refund, { ...PHASES.refund, order: refunded }),
    );
    const closed = news('closed');
    expect(hears(PHASES.expired, closed)).toEqual(
      updated(PHASES.expired, { ...PHASES.expired, order: closed }),
    );
  });

  it.each(['refunding', 'refunded'] as const)('says that the money goes back: %s', (state) => {
    const of = news(state);
    const back = (slot: string | null): Phase => ({ name: 'refund', slot, order: of });
    expect(hears(PHASES.pulled, of)).toEqual(entered(PHASES.pulled, back(null)));
    expect(hears(PHASES.expired, of)).toEqual(entered(PHASES.expired, back(SLOT)));
    expect(hears(PHASES.pay, of)).toEqual(entered(PHASES.pay, back(SLOT)));
    expect(hears(out(PHASES.silent), of)).toEqual(entered(out(PHASES.silent), back(null)));
  });

  it('does not disturb a write that is under way', () => {
    expect(hears(PHASES.writing, news('refunding')).state.turn).toBe(stateIn(PHASES.writing).turn);
  });
});

describe('an order that is closed', () => {
  const closed = news('closed');

  it('has run out, or its household has gone back', () => {
    const expired: Phase = { name: 'expired', slot: SLOT, order: closed };
    expect(hears(PHASES.pay, closed)).toEqual(entered(PHASES.pay, expired));
    expect(hears(PHASES.expiring, closed)).toEqual(entered(PHASES.expiring, expired));
    expect(hears(PHASES.closing, closed)).toEqual(entered(PHASES.closing, PHASES.amount));
  });

  it('is forgotten where the household has gone', () => {
    const gone: Phase = { ...PHASES.closing, then: 'gone' };
    const away: readonly Phase[] = [out(PHASES.closing), out(PHASES.pay), out(PHASES.expiring)];
    for (const phase of [gone, PHASES.leaving, ...away]) {
      expect(hears(phase, closed)).toEqual(entered(phase, PHASES.idle));
    }
  });

  it('is told to staff who hold cash, also where the card is gone', () => {
    const of = { ...closed, version: 9 };
    expect(hears(CASH.taking, of)).toEqual(entered(CASH.taking, { name: 'expired', slot: SLOT, order: of }));
    expect(hears(CASH.gone, of)).toEqual(entered(CASH.gone, { name: 'expired', slot: null, order: of }));
    const without = out(CASH.asking);
    expect(hears(without, of)).toEqual(entered(without, PHASES.idle));
  });

  it('leaves its household with what it bought by', () => {
    const of = homeOrder('closed', { version: 4 });
    const expired = { name: 'expired', slot: null, order: of } as const;
    const home: Phase = { ...expired, customerNo: NUMBER };
    const used: Phase = { name: 'proof', customerNo: NUMBER, fault: 'used' };
    expect(hears(HOME.pay, of)).toEqual(entered(HOME.pay, home));
    expect(hears(HOME.expiring, of)).toEqual(entered(HOME.expiring, home));
    expect(hears(HOME.closing, of)).toEqual(entered(HOME.closing, used));
    expect(hears(HOME.keptClosing, of)).toEqual(entered(HOME.keptClosing, HOME.keptAmount));
    const kept: Phase = { ...HOME.keptClosing, then: 'expired' };
    expect(hears(kept, of)).toEqual(entered(kept, { ...expired, homeId: HOME.recalling.homeId }));
    const held = { ...CASH.homeTaking, held: true };
    const late = { ...of, version: 9 };
    expect(hears(held, late).state.phase).toMatchObject({ name: 'expired', customerNo: NUMBER });
  });
});

describe('a paid order of a card', () => {
  const after = (state: OrderState) => ({ ...ticket(state), order: news(state) });

  it.each(['paid', 'grid-silent', 'crediting'] as const)('waits for the grid: %s', (state) => {
    const of = news(state);
    const selling: Phase = { name: 'selling', slot: SLOT, ticket: after(state), slow: false };
    expect(hears(PHASES.pay, of)).toEqual(entered(PHASES.pay, selling));
    // No new turn: the wait goes on.
    for (const phase of [PHASES.selling, out(PHASES.silent)]) {
      expect(hears(phase, of)).toEqual(updated(phase, { ...phase, ticket: after(state) }));
    }
  });

  it.each(['paid', 'grid-silent', 'sold', 'writing', 'write-failed'] as const)(
    'waits for its card where that is out: %s',
    (state) => {
      const pulled: Phase = { name: 'pulled', ticket: after(state) };
      expect(hears(PHASES.leaving, news(state))).toEqual(entered(PHASES.leaving, pulled));
      const taken = stateIn(PHASES.pay, { present: ['slot-2'] });
      expect(onOrder(taken, news(state), T)).toEqual(enter(taken, pulled, T));
    },
  );

  it.each(['sold', 'writing', 'write-failed'] as const)('is written: %s', (state) => {
    const writing: Phase = { name: 'writing', slot: SLOT, ticket: after(state), at: null, trouble: null };
    for (const phase of [PHASES.pay, PHASES.selling, PHASES.silent]) {
      expect(hears(phase, news(state))).toEqual(entered(phase, writing));
    }
  });

  it('was written here or elsewhere', () => {
    const resumed = { ...after('done'), resumed: true };
    const done: Phase = { name: 'done', slot: SLOT, ticket: resumed };
    expect(hears(PHASES.selling, news('done'))).toEqual(entered(PHASES.selling, done));
    const gone = out(PHASES.silent);
    expect(hears(gone, news('done'))).toEqual(entered(gone, { ...done, slot: null }));
  });

  it('is not paid after all', () => {
    for (const state of ['created', 'paying'] as const) {
      expect(hears(PHASES.selling, news(state))).toEqual(stay(stateIn(PHASES.selling)));
    }
  });

  it('whose credit failed is to be decided about, with its card where that is in', () => {
    const of = { ...news('credit-failed'), choices: ['card' as const] };
    const { serial, household } = ticket('paid');
    const failed = { name: 'credit-failed', order: of, offers: ['card'] } as const;
    expect(hears(PHASES.selling, of)).toEqual(
      entered(PHASES.selling, { ...failed, slot: SLOT, card: { serial, household } }),
    );
    const gone = out(PHASES.silent);
    expect(hears(gone, of)).toEqual(entered(gone, { ...failed, slot: null, card: null }));
  });

  it.each(['closed', 'attention'] as const)('is for a person to look at: %s', (state) => {
    const trouble = { code: 'unexpected', staffCode: `order.${state}` } as const;
    const told = problem({ trouble, orderNo: NO, moneySafe: 'safe-with-order' });
    expect(hears(PHASES.selling, news(state))).toEqual(entered(PHASES.selling, told));
  });
});

describe('a paid order without a card', () => {
  it('goes on by itself, and is credited', () => {
    const of = homeOrder('paid', { version: 4 });
    const crediting: Phase = { name: 'crediting', order: of, slow: false };
    expect(hears(HOME.pay, of)).toEqual(entered(HOME.pay, crediting));
    expect(hears(HOME.crediting, of)).toEqual(updated(HOME.crediting, crediting));
    const back = homeOrder('refunding', { version: 4 });
    const refund: Phase = { name: 'refund', slot: null, order: back };
    expect(hears(HOME.credited, back)).toEqual(entered(HOME.credited, refund));
    const done = homeOrder('done', { version: 4, credit: 'credited' });
    expect(hears(HOME.bring, done)).toEqual(entered(HOME.bring, { name: 'credited', order: done }));
  });

  it('is decided about, and goes on with its card where that is in', () => {
    const still = homeOrder('credit-failed', { version: 4, choices: ['refund'] });
    for (const phase of [HOME.failed, HOME.choosing]) {
      expect(hears(phase, still)).toEqual(updated(phase, { ...phase, order: still, offers: ['refund'] }));
    }
    const sold = homeOrder('sold', { version: 4, credit: 'failed' });
    expect(hears(HOME.choosing, sold)).toEqual(entered(HOME.choosing, { name: 'bring-card', order: sold }));
    const written = hears(HOME.choosingCardIn, sold).state.phase;
    expect(written).toMatchObject({
      ...{ name: 'writing', slot: SLOT, ticket: { order: sold, resumed: true, tries: 0 } },
    });
  });
});

describe('an order behind a problem', () => {
  const hiding = (again: Phase | null) => problem({ orderNo: NO, again });

  it('goes on behind it, and money that comes in ends it', () => {
    const paid = hears(hiding(PHASES.pay), news('paid'));
    expect(paid.state.phase).toMatchObject({ name: 'selling', ticket: { order: news('paid') } });
    const paying = hears(hiding(PHASES.pay), news('paying'));
    const behind = { ...PHASES.pay, order: news('paying') };
    expect(paying).toEqual(updated(hiding(PHASES.pay), hiding(behind)));
    const none = hiding(null);
    expect(hears(none, news('paid'))).toEqual(stay(stateIn(none)));
  });
});

describe('the state of an order', () => {
  it('is unpaid, or may be written, or neither', () => {
    const all = ORDER_STATES.map((state) => order(state));
    expect(all.filter(isUnpaid).map(({ state }) => state)).toEqual(['created', 'paying']);
    const written = new Set(all.filter(isWritable).map(({ state }) => state));
    expect(written).toEqual(new Set(['sold', 'writing', 'write-failed', 'done']));
  });
});
