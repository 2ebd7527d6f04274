import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IdentifyResponse } from '../api/card.ts';
import type { CashOffer } from '../api/float.ts';
import { ORDER_STATES } from '../api/order.ts';
import type { OrderView } from '../api/order.ts';
import { PROBLEM_CODES } from '../api/problem.ts';
import type { RemoteCustomer } from '../api/remote.ts';
import { INITIAL_STATE, reduce } from './machine.ts';
import { isWritable } from './moves/order.ts';
import { openOrderOf, ticketOf, waitOf } from './phase.ts';
import { screenOf } from './screen.ts';
import { DEFAULT_TIMINGS } from './state.ts';
import type { FlowSettings, PurchaseEvent, PurchaseState } from './state.ts';
import type { Step } from './step.ts';
import type { PurchaseCommand, PurchaseView } from './view.ts';
import { runs } from '../testing/property-runs.ts';

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
const SERIALS = ['6501000000000001', '6501000000000002'] as const;
const CODES = [
  ...PROBLEM_CODES,
  ...['reader.removed', 'reader.timeout', 'reader.mute', 'chip.unknown', 'chip.locked'],
  ...['meter-card.refused', 'meter-card.locked', 'journal.not-durable', 'purchase.no-slot', 'unexpected'],
];

const order = fc
  .tuple(fc.constantFrom(1, 2), fc.nat(12), fc.constantFrom(...ORDER_STATES), fc.boolean())
  .map(([n, version, state, code]) => viewOf(n, version, state, code));

const CREDITED = { status: 'credited', balanceFen: 7340, creditedAt: null } as const;
const FAILED = {
  kind: 'remote',
  credit: { status: 'failed', balanceFen: null, creditedAt: null },
  choices: ['card', 'refund'],
} satisfies Partial<OrderView>;

/** What would come next if nothing went wrong: without it chance alone hardly gets past the first question. */
function forward({ turn, phase, present }: PurchaseState): PurchaseEvent {
  const next = (state: OrderView['state'], known: OrderView): PurchaseEvent => ({
    type: 'order',
    order: { ...known, state, version: known.version + 1 },
  });
  const command = (body: PurchaseCommand): PurchaseEvent => ({ type: 'command', command: body, key: 'key' });
  switch (phase.name) {
    case 'idle':
      // Every other visitor has left the card at home.
      if (turn % 2 === 0 && present.length === 0) {
        return command(turn % 4 === 0 ? { type: 'home', homeId: 'home' } : { type: 'without-card' });
      }
      return { type: 'slots', readers: ['R'], present: present.length === 0 ? ['slot-1'] : [] };
    case 'starting':
    case 'pulled':
    case 'done':
      return { type: 'slots', readers: ['R'], present: present.length === 0 ? ['slot-1'] : [] };
    case 'reading':
      return { type: 'read', turn, serial: phase.ticket?.serial ?? SERIALS[0] };
    case 'identifying':
      return { type: 'identified', turn, answer: identified(null, null) };
    case 'who':
      return command({ type: 'confirm-card' });
    case 'amount':
      return command({ type: 'choose-amount', faceFen: 5000 });
    case 'ordering':
      return { type: 'ordered', turn, order: viewOf(1, 1, 'created', false), at: 0 };
    case 'pay':
      // Some bring cash.
      if (phase.order.state === 'paying' && turn % 3 === 0) return command({ type: 'cash' });
      return phase.order.state === 'created'
        ? { type: 'order', order: viewOf(1, phase.order.version + 1, 'paying', true) }
        : next('paid', phase.order);
    case 'cash':
      return withCash(turn, phase, command);
    case 'closing':
      return next('closed', phase.order);
    case 'selling':
      return next('sold', phase.ticket.order);
    case 'writing':
      return { type: 'write-ended', turn, outcome: { result: 'written' } };
    case 'resume':
      return command({ type: 'resume' });
    case 'problem':
      return command({ type: 'retry' });
    case 'customer-no':
      return command({ type: 'customer-no', customerNo: '650100001001' });
    case 'proof':
      return command({ type: 'proof', proof: '042917' });
    case 'describing':
    case 'recalling':
      return { type: 'described', turn, answer: described(null) };
    case 'crediting':
      if (turn % 2 === 0) return next('done', { ...phase.order, credit: CREDITED });
      return next('credit-failed', { ...phase.order, ...FAILED });
    case 'credit-failed':
      return command({ type: 'choose-credit', choice: 'card' });
    case 'choosing':
      return next(phase.choice === 'card' ? 'sold' : 'refunding', { ...phase.order, ...FAILED });
    case 'credited':
    case 'bring-card':
    case 'rest':
    case 'expired':
    case 'other-card':
    case 'refund':
    case 'out-of-service':
      return { type: 'slots', readers: ['R'], present: [] };
  }
}

const OFFER: CashOffer = {
  ...{ ticket: 'ticket', committee: '*', staff: 'zhang', takeFen: 5000 },
  ...{ balanceFen: 95_000, leftTodayFen: 45_000 },
};

/** Staff who take cash and whose network comes and goes. */
function withCash(
  turn: number,
  { step, pay }: Extract<PurchaseState['phase'], { name: 'cash' }>,
  command: (body: PurchaseCommand) => PurchaseEvent,
): PurchaseEvent {
  switch (step.is) {
    case 'asking':
      return command({ type: 'cash-staff', staff: '104817', pin: '274913' });
    case 'checking':
      return { type: 'cash-offered', turn, offer: OFFER };
    case 'offered':
      return command({ type: 'cash-taken' });
    case 'taking':
      if (turn % 2 === 0) return { type: 'failed', turn, code: 'server.unavailable' };
      return { type: 'order', order: paidInCash({ ...pay.order, version: pay.order.version + 1 }) };
    case 'unsure':
      return { type: 'cash-asked', turn, receipt: null };
    case 'refused':
      return command({ type: 'back' });
  }
}

function paidInCash(order: OrderView): OrderView {
  const payment = { no: 'p2', channel: 'cash', status: 'succeeded', codeUrl: null, expiresAt: null } as const;
  return { ...order, state: 'sold', payment };
}

function viewOf(n: number, version: number, state: OrderView['state'], code: boolean): OrderView {
  return {
    orderNo: `26011502000000000${n}`,
    version,
    state,
    entry: 'kiosk',
    faceFen: 5000,
    discountFen: 0,
    paidFen: 5000,
    createdAt: '2026-01-15T02:00:00Z',
    payment: code
      ? {
          no: 'p',
          channel: 'wechat',
          status: 'pending',
          codeUrl: 'weixin://x',
          expiresAt: '2026-01-15T02:05:00Z',
        }
      : null,
    receiptCode: null,
    refund: null,
    ...(state === 'credit-failed' ? FAILED : {}),
  };
}

function described(blocked: RemoteCustomer['blocked']): RemoteCustomer {
  const { customer, meter, limits } = identified(null, null);
  return { customer, meter, limits, blocked };
}

function identified(blocked: IdentifyResponse['blocked'], unfinished: OrderView | null): IdentifyResponse {
  return {
    cardSession: 'session',
    customer: { name: '张*', address: '*', customerNo: '****1234' },
    meter: { balanceFen: null, readAt: null, arrearsFen: 0 },
    limits: { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [] },
    blocked,
    unfinished,
  };
}

/** An event, or a function of the turn: most answers are to the question just asked, some to an older one. */
const event: fc.Arbitrary<(turn: number) => PurchaseEvent> = fc.oneof(
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
      { type: 'cash-taken' } as const,
    )
    .chain((command) => fc.uuid().map((key) => () => ({ type: 'command', command, key }) as const)),
  order.map((view) => () => ({ type: 'order', order: view }) as const),
  answer(() => fc.constant({ type: 'timer', at: 0 } as const)),
  answer(() => fc.constantFrom(...SERIALS).map((serial) => ({ type: 'read', serial }) as const)),
  answer(() => order.map((view) => ({ type: 'ordered', order: view, at: 0 }) as const)),
  answer(() =>
    fc
      .constantFrom(null, null, 'meter.not-remote' as const, 'meter.order-open' as const)
      .map((blocked) => ({ type: 'described', answer: described(blocked) }) as const),
  ),
  answer(() => fc.constant({ type: 'cash-offered', offer: OFFER } as const)),
  answer(() => fc.constant({ type: 'cash-asked', receipt: null } as const)),
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
        fc.option(order, { freq: 3 }),
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

/** What a clock ends by itself: a question to the channel, and a problem that is tried again. */
function isItsOwn({ phase }: PurchaseState): boolean {
  return phase.name === 'closing' || (phase.name === 'problem' && phase.auto);
}

/** Nobody is sent away unasked; whoever is here loses neither the screen, nor money, nor an order by saying so. */
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
    // Recorded only after staff have said that they have it, and asked for by nobody who has said so.
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
  const left = openOrderOf(before.phase);
  const isSettled = event.type === 'order' && event.order.orderNo === left?.orderNo;
  if (left !== null && openOrderOf(state.phase) === null && !isSettled) {
    expect(effects).toContainEqual({ do: 'abandon', orderNo: left.orderNo });
  }
}

/** Nobody does anything until the wait is over. */
const waiting = fc.constant((turn: number): PurchaseEvent => ({ type: 'timer', turn, at: 0 }));
const move = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: event });
const slowMove = fc.oneof({ weight: 3, arbitrary: move }, { weight: 1, arbitrary: waiting });

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

  it('asks whether anybody is here before a clock takes a screen away, and whoever says so loses nothing', () => {
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
