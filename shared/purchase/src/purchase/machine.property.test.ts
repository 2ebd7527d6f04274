import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '@bianmin/card/testing/property-runs';
import { INITIAL_STATE, reduce } from './machine.ts';
import { isWritable } from './moves/order.ts';
import { openOrderOf, ticketOf } from './phase.ts';
import { waitOf } from './wake.ts';
import { screenOf } from './screen.ts';
import { DEFAULT_TIMINGS } from './timings.ts';
import type { CashStep } from './cash-step.ts';
import type { PurchaseState } from './state.ts';
import type { PurchaseEvent } from './event.ts';
import type { FlowSettings } from './timings.ts';
import type { Step } from './step.ts';
import type { PurchaseView } from './view.ts';
import { move, slowMove } from '../testing/any-purchase.ts';
import { before, PHASES, pressed } from '../testing/cash-purchase-states.ts';
import { forward } from '../testing/purchase-going-on.ts';

/** Screens on which a person decides, or reads what to take home: none is left by a clock without having asked. */
const ASKS: ReadonlySet<PurchaseView['screen']> = new Set([
  ...([
    'customer-no',
    'proof',
    'who',
    'amount',
    'resume',
    'cash-staff',
    'cash-refused',
    'credit-failed',
  ] as const),
  ...(['bring-card', 'pulled', 'done', 'credited', 'expired', 'refund', 'grid-silent', 'problem'] as const),
]);

const SETTINGS: FlowSettings = { entry: 'kiosk', channel: 'wechat' };

/** What a clock ends by itself: a question to the channel, and a problem that is tried again. */
function isItsOwn({ phase }: PurchaseState): boolean {
  return phase.name === 'closing' || (phase.name === 'problem' && phase.auto);
}

/** No household is sent away unasked; one that is here loses no screen, money or order by saying so. */
function checkAsking(before: PurchaseState, event: PurchaseEvent, { state, effects }: Step): void {
  const shown = screenOf(before);
  const isLeft = event.type === 'timer' && state.turn !== before.turn;
  const decides = ASKS.has(shown.screen) || (shown.screen === 'cash-take' && !shown.busy);
  if (isLeft && decides && !isItsOwn(before)) expect(shown.asking).toBeDefined();
  if (state.turn !== before.turn) expect(state.asking).toBeUndefined();
  if (event.type === 'command' && event.command.type === 'stay' && state.turn === before.turn) {
    const { asking: _, ...rest } = before;
    expect(state).toEqual(rest);
    expect(effects).toEqual([]);
  }
}

function check(before: PurchaseState, event: PurchaseEvent, { state, effects }: Step): void {
  expect(JSON.stringify(state)).not.toContain('274913');
  screenOf(state);
  waitOf(state, DEFAULT_TIMINGS);

  for (const effect of effects) {
    if (effect.do === 'write') {
      const ticket = ticketOf(state.phase);
      expect(ticket?.order.orderNo).toBe(effect.orderNo);
      expect(ticket !== null && isWritable(ticket.order)).toBe(true);
      expect(state.present).toContain(effect.slot);
    }
    // Nobody takes cash by a shift without its PIN but those who help.
    if (effect.do === 'offer-cash' && 'shift' in effect.by)
      expect(effect.by.pin !== undefined || before.assisted === true).toBe(true);
    // Recorded only after staff have said that they have it, and not asked for once they have said so.
    if (effect.do === 'take-cash') expect(state.phase).toMatchObject({ name: 'cash', held: true });
    if (effect.do === 'create-order') expect(effect.faceFen).toBe(5000);
    // Without a proof nothing is asked about anybody.
    if (effect.do === 'describe')
      expect(before.phase.name === 'proof' || before.phase.name === 'problem').toBe(true);
  }
  expect(effects.filter((effect) => 'turn' in effect).length).toBeLessThanOrEqual(1);

  if (state.phase.name === 'done' && before.phase.name !== 'done') {
    const readBack =
      event.type === 'write-ended' && event.outcome.result === 'written' && before.phase.name === 'writing';
    const acknowledged = ticketOf(state.phase)?.order.state === 'done';
    expect(readBack || acknowledged).toBe(true);
  }
  // Cash in the hand stays in it until it is recorded, or the order is closed or goes back to its code.
  if (before.phase.name === 'cash' && state.phase.name === 'cash' && before.phase.held)
    expect(state.phase.held).toBe(true);
  const left = openOrderOf(before.phase);
  const isSettled = event.type === 'order' && event.order.orderNo === left?.orderNo;
  if (left !== null && openOrderOf(state.phase) === null && !isSettled) {
    expect(effects).toContainEqual({ do: 'abandon', orderNo: left.orderNo });
  }
}

function cashKey(step: CashStep): string {
  if (step.is === 'asking' && step.pinOnly === true) return 'asking pinOnly';
  return step.is === 'checking' && step.by !== undefined ? `checking ${step.by}` : step.is;
}

describe('the purchase machine, whatever happens to it', () => {
  it('never throws, never writes before the sale, never shows "done" without a read-back', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (events) => {
        let state = INITIAL_STATE;
        for (const make of events) {
          const next = make === null ? forward(state) : make(state.turn);
          const step = reduce(state, next, { settings: SETTINGS, timings: DEFAULT_TIMINGS });
          check(state, next, step);
          state = step.state;
          reached.add(state.phase.name);
        }
      }),
      { numRuns: runs(3000) },
    );
    // A generator that reaches little proves little.
    expect(reached.size).toBeGreaterThanOrEqual(21);
  });

  it('keeps to all of it for a household that staff help, whose PIN may be asked for again and whose shift may end', () => {
    const reached = new Set<string>();
    const property = fc.property(fc.array(move, { maxLength: 60, size: 'max' }), (events) => {
      let state = before(PHASES.pay, { assisted: true });
      for (const make of [() => pressed('cash'), ...events]) {
        const next = make === null ? forward(state) : make(state.turn);
        const step = reduce(state, next, { settings: SETTINGS, timings: DEFAULT_TIMINGS });
        check(state, next, step);
        state = step.state;
        if (state.phase.name === 'cash') reached.add(cashKey(state.phase.step));
      }
    });
    fc.assert(property, { numRuns: runs(1000) });
    const all = ['asking', 'asking pinOnly', 'checking', 'checking shift', 'checking shift-pin', 'taking'];
    expect([...reached]).toEqual(expect.arrayContaining(all));
  });

  it('asks whether anybody is here before a clock takes a screen away, and an answer loses nothing', () => {
    const asked = new Set<string>();
    const property = fc.property(fc.array(slowMove, { maxLength: 60, size: 'max' }), (events) => {
      let state = INITIAL_STATE;
      for (const make of events) {
        const next = make === null ? forward(state) : make(state.turn);
        const step = reduce(state, next, { settings: SETTINGS, timings: DEFAULT_TIMINGS });
        checkAsking(state, next, step);
        state = step.state;
        if (state.asking !== undefined) asked.add(state.phase.name);
      }
    });
    fc.assert(property, { numRuns: runs(1500) });
    expect(asked.size).toBeGreaterThanOrEqual(9);
  });
});
