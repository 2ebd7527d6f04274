import { describe, expect, it } from 'vitest';
import type { IdentifyResponse } from '../api/card.ts';
import { reduce } from './machine.ts';
import { wakeOf } from './wake.ts';
import { screenOf } from './screen.ts';
import type { Phase, PurchaseState } from './state.ts';
import type { PurchaseEvent } from './event.ts';
import {
  TURN,
  SLOT,
  NO,
  INIT,
  order,
  household,
  card,
  ticket,
  PHASES,
  timer,
  failed,
  ended,
} from '../testing/card-purchase-states.ts';

describe('a card that another terminal may be writing', () => {
  const problem = { name: 'problem', auto: true, moneySafe: 'safe-with-order', orderNo: NO };
  const stateOf = (phase: Phase): PurchaseState => ({ turn: TURN, phase, readers: ['R'], present: [SLOT] });
  const isTold = (state: PurchaseState, minutes: number): void => {
    expect(state.phase).toMatchObject({ ...problem, again: { name: 'writing', ticket: { resumed: true } } });
    expect(screenOf(state)).toMatchObject({
      ...{ screen: 'problem', code: 'order-open-elsewhere', waitMinutes: minutes, canRetry: true },
    });
  };

  it('is told for how long as soon as it is read, and written without a press once that is over', () => {
    const answer: IdentifyResponse = {
      ...{ cardSession: 's', customer: household, limits: card.limits, blocked: 'meter.order-open' },
      meter: { balanceFen: null, readAt: null, arrearsFen: 0 },
      unfinished: { ...order('writing'), leasedMs: 100_000 },
    };
    const told = reduce(stateOf(PHASES.identifying), { type: 'identified', turn: TURN, answer }, INIT);
    isTold(told.state, 2);
    // Asked again in a minute, so that the screen says what is left; at last, when it is over.
    expect(wakeOf(told.state.phase, INIT.timings)).toEqual({ afterMs: 60_000 });
    const turn = told.state.turn;
    const again = reduce(told.state, { type: 'timer', turn, at: 0 }, INIT);
    expect(again.effects).toMatchObject([{ do: 'write' }]);
    expect(screenOf(again.state)).toMatchObject({ screen: 'problem', waitMinutes: 2 });
    const less = reduce(
      again.state,
      { type: 'failed', turn: turn + 1, code: 'order.leased-elsewhere', waitMs: 40_000 },
      INIT,
    );
    isTold(less.state, 1);
    expect(wakeOf(less.state.phase, INIT.timings)).toEqual({ afterMs: 40_000 });
  });

  it('is told so where only the release finds it', () => {
    const told = reduce(
      stateOf({ ...PHASES.writing, ticket: { ...ticket('writing'), resumed: true } }),
      { type: 'failed', turn: TURN, code: 'order.leased-elsewhere', waitMs: 125_000 },
      INIT,
    );
    isTold(told.state, 3);
  });
});

describe('an order that is being paid', () => {
  it('shows what an order buys while that order is being paid, and nothing about another', () => {
    const quote = { creditFen: 4000, arrearsFen: 1000, feeFen: 0, energyWh: 80_000 };
    const before = { turn: TURN, phase: PHASES.pay, readers: ['R'], present: [SLOT] };
    const quoted = reduce(before, { type: 'quoted', orderNo: NO, quote }, INIT).state;
    expect(screenOf(quoted)).toMatchObject({ screen: 'pay', quote });
    const newer = reduce(quoted, { type: 'order', order: order('paying', 9) }, INIT).state;
    expect(screenOf(newer)).toMatchObject({ screen: 'pay', quote });
    const stranger: PurchaseEvent = { type: 'quoted', orderNo: '260115020000000002', quote };
    expect(reduce(before, stranger, INIT)).toEqual({ state: before, effects: [] });
    const sold = { ...before, phase: PHASES.done };
    expect(reduce(sold, { type: 'quoted', orderNo: NO, quote }, INIT).state).toEqual(sold);
  });

  it('takes a code by the clock that the server dated it with', () => {
    const before = { turn: TURN, phase: PHASES.ordering, readers: ['R'], present: [SLOT] };
    const madeAt = Date.parse(order('created').createdAt);
    for (const [at, skewMs] of [
      [madeAt + 400, 0],
      [madeAt + 3_600_000, 3_600_000],
      [madeAt - 600_000, -600_000],
    ] as const) {
      const { state } = reduce(before, { type: 'ordered', turn: TURN, order: order('created'), at }, INIT);
      expect(state.phase).toMatchObject({ name: 'pay', skewMs });
    }
  });

  it('does not take an order that a lost answer has made earlier for a wrong clock, where that is measured', () => {
    const before = { turn: TURN, phase: PHASES.ordering, readers: ['R'], present: [SLOT] };
    const at = Date.parse(order('created').createdAt) + 120_000;
    const made = { type: 'ordered', turn: TURN, order: order('created'), at } as const;
    expect(reduce(before, { ...made, skewMs: 400 }, INIT).state.phase).toMatchObject({ skewMs: 0 });
    expect(reduce(before, { ...made, skewMs: -3_600_000 }, INIT).state.phase).toMatchObject({
      skewMs: -3_600_000,
    });
  });
});

describe('an order that comes late', () => {
  it('closes an order that was made for a household that has left', () => {
    const before = { turn: TURN, phase: PHASES.idle, readers: ['R'], present: [] };
    const late: PurchaseEvent = { type: 'ordered', turn: TURN - 1, order: order('created'), at: 0 };
    expect(reduce(before, late, INIT).effects).toEqual([{ do: 'abandon', orderNo: NO }]);
  });
});

describe('a code on the screen', () => {
  it('has nothing to choose at a code for every wallet: the server would show no other', () => {
    const event: PurchaseEvent = {
      type: 'command',
      command: { type: 'choose-channel', channel: 'alipay' },
      key: 'k',
    };
    const asks = (codeFor: 'any' | 'wechat') => {
      const paying = order('paying');
      const shown = paying.payment === null ? null : { ...paying.payment, channel: codeFor };
      const phase: Phase = { ...PHASES.pay, channel: codeFor, order: { ...paying, payment: shown } };
      return reduce({ turn: TURN, phase, readers: ['R'], present: [SLOT] }, event, INIT).effects;
    };
    expect(asks('any')).toEqual([]);
    expect(asks('wechat')).toMatchObject([{ do: 'create-payment', channel: 'alipay' }]);
  });
});

describe('an answer that comes late', () => {
  it('asks nothing twice, and takes no answer to an earlier question', () => {
    for (const phase of Object.values<Phase>(PHASES)) {
      const before = { turn: TURN, phase, readers: ['R'], present: [SLOT] };
      for (const event of [failed('server.unavailable'), ended('written'), timer]) {
        const { state, effects } = reduce(before, { ...event, turn: TURN - 1 } as PurchaseEvent, INIT);
        // Only a card that waits may begin something.
        const isWaiting =
          phase.name === 'idle' || phase.name === 'pulled' || ('slot' in phase && phase.slot === null);
        if (!isWaiting) expect([state, effects]).toEqual([before, []]);
      }
    }
  });
});
