import { describe, expect, it } from 'vitest';
import { unanswered } from '../testing/unanswered.ts';
import { reduce } from './machine.ts';
import { wakeOf } from './wake.ts';
import { screenOf } from './screen.ts';
import { DEFAULT_TIMINGS } from './timings.ts';
import type { Phase, PhaseName } from './state.ts';
import type { CashStep } from './cash-step.ts';
import type { PurchaseEvent } from './event.ts';
import type { PurchaseEffect } from './effect.ts';
import {
  TURN,
  NO,
  PIN,
  INIT,
  cash,
  receipt,
  PHASES,
  pressed,
  pin,
  pinAlone,
  says,
  failed,
  asked,
  offers,
  out,
  timer,
  before,
} from '../testing/cash-purchase-states.ts';

type Where = PhaseName | CashStep['is'];
type Asks = PurchaseEffect['do'] | 'ask-cash, refresh';
type Row = readonly [from: keyof typeof PHASES, event: PurchaseEvent, to: Where, asks?: Asks];

const TABLE: readonly Row[] = [
  ['pay', pressed('cash'), 'asking'],
  ['asking', pin, 'checking', 'offer-cash'],
  ['asking', pressed('back'), 'pay', 'create-payment'],
  ['asking', timer, 'pay', 'create-payment'],
  ['asking', out, 'closing', 'cancel'],
  ['asking', pressed('cash-taken'), 'asking'],
  ['asking', says('paying'), 'asking'],
  ['asking', says('paid'), 'selling'],
  ['asking', says('sold'), 'writing', 'write'],
  ['asking', says('closed'), 'expired'],
  ['checking', offers, 'offered'],
  ['checking', pin, 'checking'],
  ['checking', pressed('back'), 'checking'],
  ['checking', failed('float.bad-pin'), 'asking'],
  ['checking', failed('request.rate-limited'), 'asking'],
  ['checking', failed('auth.forbidden'), 'asking'],
  ['checking', failed('server.unavailable'), 'asking'],
  ['checking', failed('order.already-paid'), 'asking', 'refresh'],
  ['checking', failed('float.none'), 'refused'],
  ['checking', failed('float.frozen'), 'refused'],
  ['checking', failed('float.empty'), 'refused'],
  ['checking', failed('float.day-limit'), 'refused'],
  ['checking', out, 'closing', 'cancel'],
  ['checking', failed('staff.pin-needed'), 'asking'],
  ['byShift', offers, 'offered'],
  ['byShift', pressed('back'), 'checking'],
  ['byShift', failed('staff.pin-needed'), 'asking'],
  ['byShift', failed('float.frozen'), 'refused'],
  ['byShift', failed('order.already-paid'), 'asking', 'refresh'],
  ['byShift', says('sold'), 'writing', 'write'],
  ['byShift', out, 'closing', 'cancel'],
  ['byShiftPin', failed('float.bad-pin'), 'asking'],
  ['byShiftPin', out, 'closing', 'cancel'],
  ['pinOnly', pinAlone, 'checking', 'offer-cash'],
  ['pinOnly', pin, 'checking', 'offer-cash'],
  ['pinOnly', pressed('back'), 'pay', 'create-payment'],
  ['pinOnly', timer, 'pay', 'create-payment'],
  ['pinOnly', out, 'closing', 'cancel'],
  ['asking', pinAlone, 'asking'],
  ['offered', pinAlone, 'offered'],
  ['offered', pressed('cash-taken'), 'taking', 'take-cash'],
  ['offered', pressed('back'), 'pay', 'create-payment'],
  ['offered', pressed('finish'), 'pay', 'create-payment'],
  ['offered', timer, 'pay', 'create-payment'],
  ['offered', says('sold'), 'writing', 'write'],
  ['offered', pin, 'offered'],
  ['taking', says('sold', cash), 'writing', 'write'],
  ['taking', says('paid', cash), 'selling'],
  ['taking', says('refunding', cash), 'refund', 'cash-receipt'],
  ['taking', says('paying'), 'taking'],
  ['taking', says('closed'), 'expired'],
  ['taking', pressed('back'), 'taking'],
  ['taking', pressed('cash-taken'), 'taking'],
  ['taking', timer, 'unsure', 'ask-cash'],
  ['taking', out, 'taking'],
  ['taking', failed('server.unavailable'), 'unsure', 'ask-cash'],
  ['taking', failed('server.internal'), 'unsure', 'ask-cash'],
  ['taking', failed('order.already-paid'), 'unsure', 'ask-cash, refresh'],
  ['taking', failed('float.offer-stale'), 'asking'],
  ['taking', failed('shift.none'), 'asking'],
  ['taking', failed('float.empty'), 'refused'],
  ['unsure', asked(null), 'taking', 'take-cash'],
  ['unsure', asked(receipt), 'unsure', 'ask-cash, refresh'],
  ['unsure', failed('server.unavailable'), 'unsure', 'ask-cash'],
  ['unsure', pressed('back'), 'unsure'],
  ['unsure', out, 'unsure'],
  ['unsure', says('sold', cash), 'writing', 'write'],
  ['worn', asked(null), 'closing', 'cancel'],
  ['gone', failed('server.unavailable'), 'closing', 'cancel'],
  ['gone', says('sold', cash), 'pulled'],
  ['gone', says('closed'), 'expired'],
  ['refused', pressed('back'), 'pay', 'create-payment'],
  ['refused', timer, 'pay', 'create-payment'],
  ['home', pressed('back'), 'pay', 'create-payment'],
  ['homeTaking', says('sold', cash), 'crediting'],
  ['homeTaking', says('closed'), 'expired'],
];
const whereOf = (phase: Phase): Where => (phase.name === 'cash' ? phase.step.is : phase.name);

describe('every move of staff with cash', () => {
  it.each(TABLE.map(([from, event, to, asks]) => ({ from, what: told(event), event, to, asks })))(
    '$from, $what: $to $asks',
    ({ from, event, to, asks }) => {
      const { state, effects } = unanswered(before(PHASES[from]), event, INIT);
      expect(whereOf(state.phase)).toBe(to);
      expect(effects.map((effect) => effect.do).join(', ')).toBe(asks ?? '');
    },
  );

  it('keeps no PIN: it is in the one question, and in no state and no view', () => {
    const { state, effects } = reduce(before(PHASES.asking), pin, INIT);
    const by = { staff: '104817', pin: PIN };
    expect(effects).toEqual([{ do: 'offer-cash', turn: TURN + 1, orderNo: NO, by }]);
    expect(JSON.stringify([state, screenOf(state)])).not.toContain(PIN);
  });

  it('keeps none of a shift either', () => {
    const { state, effects } = reduce(before(PHASES.pinOnly), pinAlone, INIT);
    const by = { shift: true, pin: PIN };
    expect(effects).toEqual([{ do: 'offer-cash', turn: TURN + 1, orderNo: NO, by }]);
    expect(JSON.stringify([state, screenOf(state)])).not.toContain(PIN);
  });

  it('asks the shift at once where staff help, and only there', () => {
    const { state, effects } = reduce(before(PHASES.pay, { assisted: true }), pressed('cash'), INIT);
    expect(whereOf(state.phase)).toBe('checking');
    expect(effects).toEqual([{ do: 'offer-cash', turn: TURN + 1, orderNo: NO, by: { shift: true } }]);
    expect(whereOf(reduce(before(PHASES.pay), pressed('cash'), INIT).state.phase)).toBe('asking');
  });

  it.each([
    ['byShift', 'staff.pin-needed', { fault: null, pinOnly: true }],
    ['byShift', 'server.unavailable', { fault: 'away', pinOnly: true }],
    ['byShift', 'staff.session-over', { fault: 'ended' }],
    ['byShift', 'shift.none', { fault: null }],
    ['byShift', 'auth.forbidden', { fault: 'forbidden' }],
    ['byShiftPin', 'float.bad-pin', { fault: 'wrong', pinOnly: true }],
    ['byShiftPin', 'staff.session-over', { fault: 'ended' }],
    ['checking', 'float.bad-pin', { fault: 'wrong' }],
    ['checking', 'staff.pin-needed', { fault: null, pinOnly: true }],
  ] as const)('after %s and %s asks for what is missing, and no more: %j', (from, code, asks) => {
    const { state } = reduce(before(PHASES[from]), failed(code), INIT);
    expect(state.phase).toEqual({ ...PHASES[from], step: { is: 'asking', ...asks } });
  });

  it('offers cash in hand anew by the shift where its offer is stale, and does not ask for it twice', () => {
    const helped = before(PHASES.taking, { assisted: true });
    const { state, effects } = reduce(helped, failed('float.offer-stale'), INIT);
    expect(state.phase).toMatchObject({ name: 'cash', held: true, step: { is: 'checking', by: 'shift' } });
    expect(effects).toEqual([{ do: 'offer-cash', turn: TURN + 1, orderNo: NO, by: { shift: true } }]);
    const offered = reduce(state, { ...offers, turn: state.turn }, INIT).state;
    expect(screenOf(offered)).toMatchObject({ screen: 'cash-take', held: true });
  });

  it('leaves no question to staff for ever, and no wait for an answer to a clock', () => {
    for (const phase of [PHASES.asking, PHASES.pinOnly, PHASES.offered, PHASES.refused, PHASES.taking]) {
      expect(wakeOf(phase, DEFAULT_TIMINGS)).not.toBeNull();
    }
    for (const phase of [PHASES.checking, PHASES.byShift, PHASES.unsure])
      expect(wakeOf(phase, DEFAULT_TIMINGS)).toBeNull();
  });
});

function told(event: PurchaseEvent): string {
  switch (event.type) {
    case 'command':
      return event.command.type;
    case 'order':
      return `the order is ${event.order.state} by ${event.order.payment?.channel ?? 'nothing'}`;
    case 'failed':
      return event.code;
    case 'cash-asked':
      return event.receipt === null ? 'not recorded' : 'recorded';
    case 'slots':
      return 'card out';
    default:
      return event.type;
  }
}
