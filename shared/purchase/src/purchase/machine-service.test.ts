import { describe, expect, it } from 'vitest';
import { INIT, NO, order, PHASES, SLOT, ticket, timer, TURN } from '../testing/card-purchase-states.ts';
import {
  offers,
  cash,
  order as cashOrder,
  PHASES as CASH,
  receipt,
} from '../testing/cash-purchase-states.ts';
import { phasesBut, stateIn } from '../testing/purchase-phases.ts';
import type { PurchaseEvent } from './event.ts';
import { INITIAL_STATE, reduce } from './machine.ts';
import type { Phase } from './state.ts';
import { also, enter, stay } from './step.ts';

const trouble = { code: 'journal-broken', staffCode: 'journal.not-durable' } as const;
const slots = (...present: string[]): PurchaseEvent => ({ type: 'slots', readers: ['R'], present });
const pressed = (type: 'stay' | 'confirm-card' | 'finish'): PurchaseEvent => ({
  ...{ type: 'command', command: { type }, key: 'k' },
});

describe('a machine that starts', () => {
  it('knows nothing before its readers', () => {
    expect(INITIAL_STATE).toEqual({ turn: 0, phase: { name: 'starting' }, readers: [], present: [] });
  });

  it('is idle once it knows them, and reads the card that is in', () => {
    const idle = { ...INITIAL_STATE, phase: PHASES.idle, readers: ['R'] };
    expect(reduce(INITIAL_STATE, slots(), INIT)).toEqual(stay(idle));
    const { state, effects } = reduce(INITIAL_STATE, slots(SLOT), INIT);
    expect(state).toEqual({ ...idle, turn: 1, present: [SLOT], phase: PHASES.reading });
    expect(effects).toEqual([{ do: 'read', turn: 1, slot: SLOT, afterMs: 0 }]);
  });
});

describe('a machine that is out of service', () => {
  const over = (of: ReturnType<typeof ticket> | null): Phase => ({
    name: 'out-of-service',
    trouble,
    ticket: of,
  });

  it('is so from any phase, and with a question whether anybody is here no more', () => {
    for (const phase of phasesBut()) {
      const before = stateIn(phase, { asking: 5 });
      const { asking: _, ...known } = before;
      const { state, effects } = reduce(before, { type: 'out-of-service', trouble }, INIT);
      expect(state).toMatchObject({ ...known, turn: TURN + 1, phase: over(null) });
      expect(state).not.toHaveProperty('asking');
      expect(effects).toEqual([]);
    }
  });

  it('does nothing any more but to know its readers', () => {
    const before = stateIn(over(ticket('sold')), { present: [SLOT] });
    const others = [timer, pressed('finish'), { type: 'order', order: order('done', 9) } as const];
    for (const event of others) expect(reduce(before, event, INIT)).toEqual(stay(before));
    const two = { ...before, readers: ['R', 'S'], present: [SLOT, 'slot-2'] };
    const event = { type: 'slots', readers: ['R', 'S'], present: [SLOT, 'slot-2'] } as const;
    expect(reduce(before, event, INIT)).toEqual(stay(two));
  });

  it('shows what a household has paid until its card is out', () => {
    const before = stateIn(over(ticket('sold')), { present: [SLOT] });
    const gone = { ...before, present: [], phase: over(null) };
    expect(reduce(before, slots(), INIT)).toEqual(stay(gone));
    expect(reduce(gone, slots(SLOT), INIT)).toEqual(stay({ ...gone, present: [SLOT] }));
  });
});

describe('an event', () => {
  it('of an earlier turn changes nothing, but for an order of a household that has left', () => {
    const before = stateIn(PHASES.identifying);
    const answer = { type: 'failed', turn: TURN - 1, code: 'server.unavailable' } as const;
    expect(reduce(before, answer, INIT)).toEqual(stay(before));
    const late = { type: 'ordered', turn: TURN - 1, order: order('created'), at: 0 } as const;
    expect(reduce(before, late, INIT)).toEqual(also(stay(before), { do: 'abandon', orderNo: NO }));
  });

  it('that is a command answers whether anybody is here; nothing else does', () => {
    const before = stateIn(PHASES.who, { asking: 5 });
    const { asking: _, ...rest } = before;
    expect(reduce(before, pressed('stay'), INIT)).toEqual(stay(rest));
    const { order: of } = CASH.pay;
    expect(reduce(before, { type: 'order', order: of }, INIT)).toEqual(stay(before));
  });

  it('that frees the kiosk has a card read that waits already', () => {
    const before = stateIn(PHASES.pulled, { present: [SLOT, 'slot-2'], asking: 5 });
    const idle = reduce(before, timer, INIT);
    expect(idle.state.phase).toEqual(PHASES.idle);
    const other = stateIn({ ...PHASES.done, slot: null }, { present: [] });
    const { state, effects } = reduce(other, slots('slot-2'), INIT);
    expect(state.phase).toEqual({ ...PHASES.reading, slot: 'slot-2' });
    expect(effects.map((effect) => effect.do)).toEqual(['read']);
    const freed = stateIn(PHASES.amount, { present: ['slot-2'] });
    const back = reduce(freed, pressed('finish'), INIT);
    expect(back.state.phase).toEqual({ ...PHASES.reading, slot: 'slot-2' });
    expect(back.effects).toEqual([{ do: 'read', turn: TURN + 2, slot: 'slot-2', afterMs: 0 }]);
  });

  it('is brought to its move, with what staff with cash must know', () => {
    const written = { type: 'write-ended', turn: TURN, outcome: { result: 'written' } } as const;
    const paid = { ...ticket('sold'), order: cashOrder('sold', cash) };
    const { state, effects } = reduce(stateIn({ ...PHASES.writing, ticket: paid }), written, INIT);
    expect(state.cash).toEqual({ orderNo: NO, says: 'paid', receipt: null, asOf: 'done sold ' });
    expect(effects).toEqual([{ do: 'cash-receipt', orderNo: NO }]);
    const told = reduce(state, { type: 'cash-receipt', receipt }, INIT).state;
    expect(told.cash?.receipt).toBe(receipt);
    const progress = { type: 'progress', turn: TURN, phase: 'write', fraction: 0.5 } as const;
    const half = { ...PHASES.writing, at: { phase: 'write', fraction: 0.5 } };
    expect(reduce(stateIn(PHASES.writing), progress, INIT).state.phase).toEqual(half);
    const asked = { type: 'cash-asked', turn: TURN, receipt: null } as const;
    const unsure = stateIn(CASH.unsure);
    const again: Phase = {
      ...CASH.unsure,
      step: { is: 'taking', offer: offers.offer, tries: 1, unrecorded: 1 },
    };
    expect(reduce(unsure, asked, INIT)).toEqual(enter(unsure, again, INIT.timings));
  });
});
