import { describe, expect, it } from 'vitest';
import { card, INIT, NO, order, PHASES, SERIAL, SLOT, ticket } from '../../testing/card-purchase-states.ts';
import { identified } from '../../testing/purchase-answers.ts';
import { movesIn, stateIn } from '../../testing/purchase-phases.ts';
import type { IdentifyResponse } from '../../api/card.ts';
import type { OrderState } from '../../api/order.ts';
import type { Phase } from '../state.ts';
import { also, enter, stay, update } from '../step.ts';
import { DEFAULT_TIMINGS as T } from '../timings.ts';
import { onFailed, onIdentified, onOrdered, onQuoted, onRead } from './answer.ts';

const entered = (phase: Phase, next: Phase) => enter(stateIn(phase), next, T);
const fails = (phase: Phase, code: string) => onFailed(stateIn(phase), { code }, T);

describe('a card that was read', () => {
  it('is asked about, with why its code may not be presented', () => {
    const { reading, identifying } = PHASES;
    const read = onRead(stateIn(reading), { serial: SERIAL }, T);
    expect(read).toEqual(entered(reading, identifying));
    expect(read.state.phase).not.toHaveProperty('codeFault');
    const codeFault = 'meter-card.locked';
    expect(onRead(stateIn(reading), { serial: SERIAL, codeFault }, T)).toEqual(
      entered(reading, { ...identifying, codeFault }),
    );
    expect(movesIn((state) => onRead(state, { serial: SERIAL }, T))).toEqual(new Set(['reading']));
  });

  it('goes on with the order that waits for it, or is another one', () => {
    const { rereading, otherCard, writing } = PHASES;
    const found = { ...writing, ticket: rereading.ticket };
    expect(onRead(stateIn(rereading), { serial: SERIAL }, T)).toEqual(entered(rereading, found));
    const other = { ...otherCard, ticket: rereading.ticket };
    expect(onRead(stateIn(rereading), { serial: '65' }, T)).toEqual(entered(rereading, other));
  });
});

describe('a card that the grid knows', () => {
  const { identifying } = PHASES;
  const answer = identified(null, null);
  const known = (over: Partial<IdentifyResponse>) =>
    onIdentified(stateIn(identifying), { ...answer, ...over }, T);
  it('is not asked about where staff help: they see whose it is beside the amounts', () => {
    const before = stateIn(identifying, { assisted: true });
    const buyer = { ...card, limits: answer.limits };
    expect(onIdentified(before, answer, T)).toEqual(enter(before, { name: 'amount', slot: SLOT, buyer }, T));
  });

  const resumed = (state: OrderState) => ({ ...ticket(state), resumed: true, order: order(state) });

  it('is shown for a yes, with what is left, owed, and waits in cash', () => {
    const { household } = card;
    const buyer = { ...card, limits: answer.limits };
    const who: Phase = { name: 'who', slot: SLOT, buyer };
    expect(known({})).toEqual(entered(identifying, who));
    expect(known({}).state.phase).not.toHaveProperty('buyer.household.cashWaitingFen');
    const meter = { balanceFen: -200, readAt: '2026-01-14T00:00:00Z', arrearsFen: 700 };
    const rich = {
      ...{ ...household, balanceFen: -200, balanceAt: '2026-01-14T00:00:00Z', arrearsFen: 700 },
      cashWaitingFen: 5000,
    };
    expect(known({ meter, cashWaitingFen: 5000 })).toEqual(
      entered(identifying, { ...who, buyer: { ...buyer, household: rich } }),
    );
    expect(movesIn((state) => onIdentified(state, answer, T))).toEqual(new Set(['identifying']));
  });

  it.each(['sold', 'writing', 'write-failed', 'done'] as const)(
    'is offered what it has paid first: %s',
    (state) => {
      const resume: Phase = { name: 'resume', slot: SLOT, ticket: resumed(state) };
      for (const blocked of [null, 'meter.order-open'] as const) {
        expect(known({ blocked, unfinished: order(state) })).toEqual(entered(identifying, resume));
      }
    },
  );

  it('waits for the grid with what it has paid, and lets an unpaid order be', () => {
    const selling: Phase = { name: 'selling', slot: SLOT, ticket: resumed('paid'), slow: false };
    expect(known({ unfinished: order('paid') })).toEqual(entered(identifying, selling));
    for (const state of ['created', 'paying'] as const) {
      expect(known({ unfinished: order(state) }).state.phase.name).toBe('who');
    }
  });

  it('waits while another terminal may be writing it, where there is something to write', () => {
    const writing = known({ unfinished: { ...order('writing'), leasedMs: 100_000 } }).state.phase;
    expect(writing).toMatchObject({ name: 'problem', slot: SLOT, auto: true, trouble: { waitMs: 100_000 } });
    const paid = known({ unfinished: { ...order('paid'), leasedMs: 100_000 } }).state.phase;
    expect(paid.name).toBe('selling');
  });

  it('buys nothing where something stands in the way, or its code may not be presented', () => {
    expect(known({ blocked: 'meter.previous-not-inserted' }).state.phase).toMatchObject({
      ...{ name: 'problem', slot: SLOT, trouble: { code: 'not-yet-used' }, moneySafe: 'nothing-taken' },
    });
    expect(known({ blocked: 'meter.previous-not-inserted', undone: true }).state.phase).toMatchObject({
      ...{ name: 'problem', trouble: { code: 'not-yet-used', staffCode: 'meter.undone' } },
    });
    const locked = stateIn({ ...identifying, codeFault: 'meter-card.locked' });
    expect(onIdentified(locked, answer, T).state.phase).toMatchObject({
      ...{ name: 'problem', slot: SLOT, trouble: { code: 'card-locked' }, moneySafe: 'nothing-taken' },
    });
  });
});

describe('an order that was made', () => {
  const made = Date.parse(order('created').createdAt);
  const { ordering, pay } = PHASES;

  it('is paid by a code, and its quote is asked for', () => {
    const event = { order: order('created'), at: made };
    const paying: Phase = { ...pay, order: order('created') };
    const step = also(entered(ordering, paying), { do: 'quote', orderNo: NO });
    expect(onOrdered(stateIn(ordering), event, INIT)).toEqual(step);
    expect(movesIn((state) => onOrdered(state, event, INIT))).toEqual(new Set(['ordering']));
  });

  it.each([
    [30_000, 0],
    [30_001, 30_001],
    [-30_000, 0],
    [-30_001, -30_001],
  ])('came by a clock that differs by %i ms: by %i', (differs, skewMs) => {
    const event = { order: order('created'), at: made + differs };
    expect(onOrdered(stateIn(ordering), event, INIT).state.phase).toMatchObject({ skewMs });
    const measured = { order: order('created'), at: made, skewMs: differs };
    expect(onOrdered(stateIn(ordering), measured, INIT).state.phase).toMatchObject({ skewMs });
    const unmeasured = { ...event, skewMs: null };
    expect(onOrdered(stateIn(ordering), unmeasured, INIT).state.phase).toMatchObject({ skewMs });
  });

  it('says what it buys while it is paid', () => {
    const quote = { creditFen: 4000, arrearsFen: 1000, feeFen: 0, energyWh: 80_000 };
    expect(onQuoted(stateIn(pay), { orderNo: NO, quote })).toEqual(update(stateIn(pay), { ...pay, quote }));
    expect(onQuoted(stateIn(pay), { orderNo: '2', quote })).toEqual(stay(stateIn(pay)));
    expect(movesIn((state) => onQuoted(state, { orderNo: NO, quote }))).toEqual(new Set(['pay']));
  });
});

describe('a question that failed', () => {
  it('is answered where one was asked, and nowhere else', () => {
    const asked = ['reading', 'identifying', 'ordering', 'pay', 'cash', 'closing', 'writing'] as const;
    const home = ['describing', 'recalling', 'choosing'] as const;
    const moved = movesIn((state) => onFailed(state, { code: 'server.unavailable' }, T));
    expect(moved).toEqual(new Set([...asked, ...home]));
  });

  it('is a reading that is tried twice more where a contact is bad', () => {
    const { reading } = PHASES;
    const again = (tries: number): Phase => ({ ...reading, tries });
    for (const tries of [0, 1]) {
      expect(fails(again(tries), 'reader.io')).toEqual(entered(again(tries), again(tries + 1)));
    }
    expect(fails(again(2), 'reader.io').state.phase).toMatchObject({
      ...{ name: 'problem', slot: SLOT, trouble: { code: 'card-mute', staffCode: 'reader.io' } },
      ...{ moneySafe: 'nothing-taken', orderNo: null, again: { name: 'reading', tries: 0 } },
    });
    // A slot that says "no card" while it reports one: the card is half in.
    expect(fails(again(2), 'reader.no-card').state.phase).toMatchObject({
      trouble: { code: 'card-mute', staffCode: 'reader.mute' },
    });
    expect(fails(PHASES.rereading, 'chip.unknown').state.phase).toMatchObject({
      ...{ name: 'problem', slot: SLOT, orderNo: NO, moneySafe: 'safe-with-order', auto: false },
    });
  });

  it('for want of a journal ends the selling before any money', () => {
    const trouble = { code: 'journal-broken', staffCode: 'journal.odd' } as const;
    const over: Phase = { name: 'out-of-service', trouble, ticket: null };
    for (const phase of [PHASES.identifying, PHASES.ordering]) {
      expect(fails(phase, 'journal.odd')).toEqual(entered(phase, over));
    }
  });

  it.each([
    ['server.unavailable', true],
    ['terminal.pending', true],
    ['grid.unavailable', false],
    ['card.foreign', false],
  ])('about a card is asked again by itself where it passes without help: %s, %s', (code, auto) => {
    expect(fails(PHASES.identifying, code).state.phase).toMatchObject({ name: 'problem', slot: SLOT, auto });
  });

  it('for an order of an amount that may not be bought leads back to the amount', () => {
    expect(fails(PHASES.ordering, 'order.amount-out-of-range').state.phase).toMatchObject({
      ...{ name: 'problem', trouble: { code: 'amount-out-of-range' }, moneySafe: 'nothing-taken' },
      again: { name: 'amount', slot: SLOT },
    });
  });

  it.each(['card.session-expired', 'card.changed'])('for an order reads the card again: %s', (code) => {
    expect(fails(PHASES.ordering, code)).toEqual(entered(PHASES.ordering, PHASES.reading));
  });

  it('for a code asks how the order stands where that is over', () => {
    const refresh = { do: 'refresh', orderNo: NO } as const;
    for (const code of ['order.closed', 'order.already-paid']) {
      expect(fails(PHASES.pay, code)).toEqual(also(stay(stateIn(PHASES.pay)), refresh));
    }
    expect(fails(PHASES.closing, 'server.busy')).toEqual(also(stay(stateIn(PHASES.closing)), refresh));
  });

  it('for a code says that the money is safe once one was out', () => {
    const { payment: _, ...rest } = order('created');
    const none: Phase = { ...PHASES.pay, order: { ...rest, payment: null } };
    const code = 'payment.channel-unavailable';
    expect(fails(none, code).state.phase).toMatchObject({ orderNo: NO, moneySafe: 'nothing-taken' });
    expect(fails(PHASES.pay, code).state.phase).toMatchObject({ orderNo: NO, moneySafe: 'safe-with-order' });
  });
});
