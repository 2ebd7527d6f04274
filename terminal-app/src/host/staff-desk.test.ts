import { describe, expect, it } from 'vitest';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import { ApiError } from '@bianmin/purchase/api/client-error';
import type { CounterOrders, CounterSession } from '@bianmin/purchase/api/counter';
import type { Diagnostics } from '@bianmin/purchase/api/diagnostics';
import type { ProblemCode } from '@bianmin/purchase/api/problem';
import type { StaffView } from '../ipc/staff.ts';
import { StaffDesk, type StaffApi } from './staff-desk.ts';

const ENTRY = { staff: '104817', pin: '274913' };
const SESSION: CounterSession = {
  ...{ ticket: 'ticket-1', staff: 'zhang', orders: 'community' as const },
  may: { orders: true, cash: true },
};
const MACHINE: Diagnostics = {
  ...{ at: '2026-01-15T02:00:00Z', fingerprint: 'Ab1-Cd2_Ef3g', terminalId: null, uptimeS: 60 },
  versions: { app: '0.1.0', node: 'v24.0.0', electron: null, chromium: null, system: 'linux x64' },
  server: { link: 'online', lastAnswerAt: null, roundTripMs: null, skewMs: null },
  ...{ readers: [], disk: null, journal: null, screen: { name: 'wait', problem: null }, faults: [] },
};
const NONE: CounterOrders = { orders: [], next: null };

function desk(over: Partial<StaffApi> = {}) {
  const clock = new ManualClock();
  const views: StaffView[] = [];
  const left: string[] = [];
  const faults: unknown[] = [];
  const machine = { away: false };
  const staff = new StaffDesk({
    api: {
      enter: () => Promise.resolve(SESSION),
      leave: (ticket) => {
        left.push(ticket);
        return Promise.resolve();
      },
      orders: () => Promise.resolve(NONE),
      order: () => Promise.reject(problem('order.not-found')),
      takings: () => Promise.reject(problem('float.none')),
      waiting: () => Promise.resolve({ waiting: { fen: 0, times: 0 }, refunds: [] }),
      handOut: () => Promise.reject(problem('refund.no-cash-owed')),
      report: () => Promise.resolve({ reportNo: '48210937' }),
      ...over,
    },
    machine: { look: () => Promise.resolve(MACHINE), isAway: () => machine.away },
    clock,
    onView: (view) => views.push(view),
    onFault: (_where, error) => faults.push(error),
  });
  return { clock, views, left, faults, staff, machine };
}

function problem(code: ProblemCode, retryAfterMs?: number): ApiError {
  return new ApiError({ code, message: 'A test.', status: 403, retryAfterMs });
}

describe('staff mode on the host', () => {
  it('keeps the ticket to itself, and no PIN', async () => {
    const tickets: string[] = [];
    const { staff, views } = desk({
      orders: (ticket) => {
        tickets.push(ticket);
        return Promise.resolve(NONE);
      },
    });
    expect(await staff.enter(ENTRY)).toEqual({ ok: true, value: null });
    expect(await staff.orders({ list: 'recent' })).toEqual({ ok: true, value: NONE });
    expect(tickets).toEqual(['ticket-1']);
    expect(views).toMatchObject([{ state: 'in', covered: false, staff: 'zhang', expecting: null }]);
    expect(JSON.stringify(views)).not.toContain('ticket-1');
    // Nothing of a desk that is looked at holds the PIN.
    expect(JSON.stringify(staff)).not.toContain(ENTRY.pin);
  });

  it.each([
    ['float.bad-pin', { ok: false, fault: 'bad-pin' }],
    ['auth.forbidden', { ok: false, fault: 'not-allowed' }],
    ['server.unavailable', { ok: false, fault: 'away' }],
    ['server.internal', { ok: false, fault: 'failed' }],
  ] as const)('says in one word why staff are not let in: %s', async (code, answer) => {
    const { staff, faults } = desk({ enter: () => Promise.reject(problem(code)) });
    expect(await staff.enter(ENTRY)).toEqual(answer);
    expect(staff.view).toEqual({ state: 'out', mayEnter: true });
    expect(faults).toHaveLength(answer.fault === 'failed' ? 1 : 0);
  });

  it('says for how many minutes a PIN is locked', async () => {
    const { staff } = desk({ enter: () => Promise.reject(problem('request.rate-limited', 610_000)) });
    expect(await staff.enter(ENTRY)).toEqual({ ok: false, fault: 'locked', waitMinutes: 11 });
  });

  it('ends with a card that was not expected, and tells the server', async () => {
    const { staff, left } = desk();
    await staff.enter(ENTRY);
    staff.serving(true);
    expect(staff.view).toEqual({ state: 'out', mayEnter: false });
    expect(left).toEqual(['ticket-1']);
    expect(await staff.enter(ENTRY)).toEqual({ ok: false, fault: 'not-allowed' });
    expect(await staff.orders({ list: 'recent' })).toEqual({ ok: false, fault: 'ended' });
    staff.serving(false);
    expect(staff.view).toEqual({ state: 'out', mayEnter: true });
  });

  it('is covered by a card that was expected, and comes back once', async () => {
    const { staff, left } = desk();
    await staff.enter(ENTRY);
    staff.expect('261127093000123456');
    staff.serving(true);
    expect(staff.view).toMatchObject({ state: 'in', covered: true, expecting: '261127093000123456' });
    staff.serving(false);
    expect(staff.view).toMatchObject({ state: 'in', covered: false, expecting: null });
    // The next one is another household's.
    staff.serving(true);
    expect(staff.view).toMatchObject({ state: 'out' });
    expect(left).toEqual(['ticket-1']);
  });

  it('lets no staff in behind a card that came while the PIN was looked at', async () => {
    let answer: (session: CounterSession) => void = () => undefined;
    const { staff, left } = desk({
      enter: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    const entering = staff.enter(ENTRY);
    staff.serving(true);
    answer(SESSION);
    expect(await entering).toEqual({ ok: false, fault: 'ended' });
    expect(staff.view).toEqual({ state: 'out', mayEnter: false });
    expect(left).toEqual(['ticket-1']);
  });

  it('ends after ten minutes without use, counted from the last', async () => {
    const { staff, clock, left } = desk();
    await staff.enter(ENTRY);
    await clock.advance(9 * 60_000);
    await staff.orders({ list: 'recent' });
    await clock.advance(9 * 60_000);
    expect(staff.view.state).toBe('in');
    await clock.advance(60_000);
    expect(staff.view).toEqual({ state: 'out', mayEnter: true });
    expect(left).toEqual(['ticket-1']);
  });

  it('ends where the server says that it has, and stays where the server is only away', async () => {
    const answers: ProblemCode[] = ['server.unavailable', 'staff.session-over'];
    const { staff, left } = desk({
      orders: () => Promise.reject(problem(answers.shift() ?? 'server.internal')),
    });
    await staff.enter(ENTRY);
    expect(await staff.orders({ list: 'recent' })).toEqual({ ok: false, fault: 'away' });
    expect(staff.view.state).toBe('in');
    expect(await staff.orders({ list: 'recent' })).toEqual({ ok: false, fault: 'ended' });
    expect(staff.view.state).toBe('out');
    await settled();
    expect(left).toEqual([]);
  });

  it('tells staff how the machine is, and anybody while the server is away; only staff send it', async () => {
    const { staff, machine } = desk();
    expect(await staff.diagnostics()).toEqual({ ok: false, fault: 'ended' });
    machine.away = true;
    expect(await staff.diagnostics()).toEqual({ ok: true, value: MACHINE });
    expect(await staff.report()).toEqual({ ok: false, fault: 'ended' });
    machine.away = false;
    await staff.enter(ENTRY);
    expect(await staff.diagnostics()).toEqual({ ok: true, value: MACHINE });
    expect(await staff.report()).toEqual({ ok: true, value: { reportNo: '48210937' } });
  });

  it('says that cash was handed out now, or by whom it was before', async () => {
    const fact = {
      ...{ refundNo: '261127093000123456p1r3', orderNo: '261127093000123456', fen: 5000, slip: '000117' },
      ...{ staff: '104817', terminalId: `t${'5'.repeat(30)}`, at: '2026-11-27T01:30:00Z' },
    };
    const answers: (() => Promise<typeof fact>)[] = [
      () => Promise.resolve(fact),
      () =>
        Promise.reject(
          new ApiError({ code: 'refund.handed-out', message: 'A test.', status: 409, present: fact }),
        ),
      () => Promise.reject(problem('refund.slip-used')),
      () => Promise.reject(problem('server.unavailable')),
    ];
    const tickets: unknown[] = [];
    const { staff } = desk({
      handOut: (ticket, request) => {
        tickets.push([ticket, request]);
        return answers.shift()?.() ?? Promise.reject(problem('server.internal'));
      },
    });
    const give = { refundNo: fact.refundNo, slip: '000118' };
    expect(await staff.handOut(give)).toEqual({ ok: false, fault: 'ended' });
    await staff.enter(ENTRY);
    expect(await staff.handOut(give)).toEqual({ ok: true, value: { is: 'written', handOut: fact } });
    expect(await staff.handOut(give)).toEqual({ ok: true, value: { is: 'before', handOut: fact } });
    expect(await staff.handOut(give)).toEqual({ ok: false, fault: 'slip-used' });
    expect(await staff.handOut(give)).toEqual({ ok: false, fault: 'away' });
    expect(tickets).toEqual(Array.from({ length: 4 }, () => ['ticket-1', give]));
  });

  it('says that a report could not be sent, so that it can be tried again', async () => {
    const { staff } = desk({ report: () => Promise.reject(problem('server.unavailable')) });
    await staff.enter(ENTRY);
    expect(await staff.report()).toEqual({ ok: false, fault: 'away' });
    expect(staff.view.state).toBe('in');
  });
});
