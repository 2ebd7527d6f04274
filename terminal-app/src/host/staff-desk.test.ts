import { describe, expect, it } from 'vitest';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import { ApiError } from '@bianmin/purchase/api/client-error';
import type { CounterOrders, CounterSession } from '@bianmin/purchase/api/counter';
import type { Diagnostics } from '@bianmin/purchase/api/diagnostics';
import type { CashOffer } from '@bianmin/purchase/api/float';
import type { ProblemCode } from '@bianmin/purchase/api/problem';
import type { ClosedShift, OpenShift } from '@bianmin/purchase/api/shift';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { StaffView } from '../ipc/staff.ts';
import type { StaffApi } from './staff-api.ts';
import { StaffDesk } from './staff-desk.ts';

const ENTRY = { staff: '104817', pin: '274913' };
const SHIFT: OpenShift = {
  ...{ id: '3f0f5f5e-8f43-4f9e-9d5e-0d1f6c1b2a3d', openedAt: '2026-01-15T01:00:00Z' },
  ...{ openingFen: 0, takenFen: 0, times: 0, backFen: 0, backTimes: 0, drawerFen: 0 },
};
const SESSION: CounterSession = {
  ...{ ticket: 'ticket-1', staff: 'zhang', orders: 'community' as const },
  ...{ may: { orders: true, cash: true }, shift: SHIFT, pinAfterMs: 300_000, pinAboveFen: 20_000 },
};
const CLOSED = { ...SHIFT, closedAt: '2026-01-15T09:00:00Z' } as ClosedShift;
const OFFER: CashOffer = {
  ...{ ticket: 'an-offer', committee: '天山一社区', staff: 'zhang' },
  ...{ takeFen: 5000, balanceFen: 95_000, leftTodayFen: 45_000 },
};
const NO = '261127093000123456';
const WAIT: PurchaseView = { screen: 'wait', reader: '' };
const READING: PurchaseView = { screen: 'reading' };
const TAKE = { screen: 'cash-take', orderNo: NO } as PurchaseView;
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
  const machine = { away: false, serial: null as string | null };
  const asked: unknown[] = [];
  const staff = new StaffDesk({
    api: {
      enter: () => Promise.resolve(SESSION),
      pin: (ticket, pin) => {
        asked.push(['pin', ticket, pin]);
        return Promise.resolve();
      },
      leave: (ticket) => {
        left.push(ticket);
        return Promise.resolve();
      },
      orders: () => Promise.resolve(NONE),
      order: () => Promise.reject(problem('order.not-found')),
      takings: () => Promise.reject(problem('float.none')),
      waiting: () => Promise.resolve({ waiting: { fen: 0, times: 0 }, refunds: [] }),
      handOut: () => Promise.reject(problem('refund.no-cash-owed')),
      shift: (ticket) => {
        asked.push(['shift', ticket]);
        return Promise.resolve({ ...SHIFT, takenFen: 5000, times: 1, drawerFen: 5000 });
      },
      close: () => Promise.resolve(CLOSED),
      offerCash: (orderNo, by) => {
        asked.push(['offer', orderNo, by]);
        return Promise.resolve(OFFER);
      },
      report: () => Promise.resolve({ reportNo: '48210937' }),
      ...over,
    },
    machine: {
      look: () => Promise.resolve(MACHINE),
      isAway: () => machine.away,
      cardSerial: () => machine.serial,
    },
    clock,
    onView: (view) => views.push(view),
    onFault: (_where, error) => faults.push(error),
  });
  return { clock, views, left, faults, asked, staff, machine };
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

  it('is covered by any card, which they help with, and comes back once it is out', async () => {
    const { staff, left, asked } = desk();
    await staff.enter(ENTRY);
    staff.follow(READING, true);
    expect(staff.view).toMatchObject({ state: 'in', at: 'desk', covered: true, expecting: null });
    expect(staff.isOpen).toBe(true);
    expect(await staff.enter(ENTRY)).toEqual({ ok: false, fault: 'not-allowed' });
    staff.follow(WAIT, false);
    expect(staff.view).toMatchObject({ state: 'in', at: 'desk', covered: false });
    await settled();
    // What it took is counted.
    expect(asked).toEqual([['shift', 'ticket-1']]);
    expect(staff.view).toMatchObject({ shift: { takenFen: 5000, times: 1 } });
    expect(left).toEqual([]);
  });

  it('is covered by a card that was expected, and comes back to it', async () => {
    const { staff } = desk();
    await staff.enter(ENTRY);
    staff.expect(NO);
    staff.follow(READING, true);
    expect(staff.view).toMatchObject({ covered: true, expecting: NO });
    staff.follow(WAIT, false);
    expect(staff.view).toMatchObject({ covered: false, expecting: null });
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
    staff.follow(READING, true);
    answer(SESSION);
    expect(await entering).toEqual({ ok: false, fault: 'ended' });
    expect(staff.view).toEqual({ state: 'out', mayEnter: false });
    expect(left).toEqual(['ticket-1']);
  });

  it('steps aside after a while without use, counted from the last, and comes back by the PIN alone', async () => {
    const { staff, clock, left, asked } = desk();
    await staff.enter(ENTRY);
    await clock.advance(4 * 60_000);
    await staff.orders({ list: 'recent' });
    await clock.advance(4 * 60_000);
    staff.touch();
    await clock.advance(4 * 60_000);
    expect(staff.isOpen).toBe(true);
    await clock.advance(60_000);
    // Nothing but the name that the PIN is asked of.
    expect(staff.view).toEqual({ state: 'in', at: 'aside', mayEnter: true, staff: 'zhang' });
    expect([left, staff.isOpen]).toEqual([[], false]);
    expect(await staff.orders({ list: 'recent' })).toEqual({ ok: false, fault: 'ended' });
    expect(await staff.pin(ENTRY.pin)).toEqual({ ok: true, value: null });
    expect(staff.view).toMatchObject({ at: 'desk', covered: false });
    // Touches that asked for nothing were told to the server, too, before its own five minutes were over.
    expect(asked).toEqual([
      ['shift', 'ticket-1'],
      ['pin', 'ticket-1', ENTRY.pin],
      ['shift', 'ticket-1'],
    ]);
    expect(JSON.stringify(staff)).not.toContain(ENTRY.pin);
  });

  it('aside leaves the screen to a resident, and stays aside behind a card that comes while the PIN is looked at', async () => {
    let answer: () => void = () => undefined;
    const { staff } = desk({ pin: () => new Promise((resolve) => (answer = resolve)) });
    await staff.enter(ENTRY);
    staff.aside();
    staff.follow(READING, true);
    expect(staff.view).toMatchObject({ at: 'aside', mayEnter: false });
    expect(await staff.pin(ENTRY.pin)).toEqual({ ok: false, fault: 'not-allowed' });
    staff.follow(WAIT, false);
    const coming = staff.pin(ENTRY.pin);
    staff.follow(READING, true);
    answer();
    expect(await coming).toEqual({ ok: false, fault: 'not-allowed' });
    expect(staff.view).toMatchObject({ at: 'aside', mayEnter: false });
  });

  it('aside is told why a PIN is not taken, and is out where the sign-in is over', async () => {
    const answers: ProblemCode[] = ['float.bad-pin', 'server.unavailable', 'staff.session-over'];
    const { staff } = desk({ pin: () => Promise.reject(problem(answers.shift() ?? 'server.internal')) });
    expect(await staff.pin(ENTRY.pin)).toEqual({ ok: false, fault: 'ended' });
    await staff.enter(ENTRY);
    staff.aside();
    expect(await staff.pin('000000')).toEqual({ ok: false, fault: 'bad-pin' });
    expect(await staff.pin('000000')).toEqual({ ok: false, fault: 'away' });
    expect(staff.view).toMatchObject({ at: 'aside' });
    expect(await staff.pin('000000')).toEqual({ ok: false, fault: 'ended' });
    expect(staff.view).toEqual({ state: 'out', mayEnter: true });
  });

  it('gives way to another person, whose shift is another; the first one’s ticket is over', async () => {
    const sessions = [SESSION, { ...SESSION, ticket: 'ticket-2', staff: 'li' }];
    const { staff, left } = desk({ enter: () => Promise.resolve(sessions.shift() ?? SESSION) });
    await staff.enter(ENTRY);
    staff.aside();
    await staff.enter({ staff: '200318', pin: '381947' });
    expect(staff.view).toMatchObject({ at: 'desk', staff: 'li' });
    expect(left).toEqual(['ticket-1']);
  });

  it('asks for the PIN where the server does, but not in the middle of a purchase', async () => {
    const { staff } = desk({ orders: () => Promise.reject(problem('staff.pin-needed')) });
    await staff.enter(ENTRY);
    staff.follow(READING, true);
    expect(await staff.orders({ list: 'recent' })).toEqual({ ok: false, fault: 'pin-needed' });
    expect(staff.isOpen).toBe(true);
    staff.follow(WAIT, false);
    await staff.orders({ list: 'recent' });
    expect(staff.view).toMatchObject({ at: 'aside', mayEnter: true });
  });

  it('steps aside from a purchase that nobody goes on with, but never while cash is taken', async () => {
    const { staff, clock } = desk();
    await staff.enter(ENTRY);
    staff.follow(READING, true);
    staff.follow(TAKE, true);
    await clock.advance(11 * 60_000);
    staff.aside();
    expect(staff.view).toMatchObject({ at: 'desk', covered: true });
    staff.follow(READING, true);
    await clock.advance(5 * 60_000);
    expect(staff.view).toEqual({ state: 'in', at: 'aside', mayEnter: false, staff: 'zhang' });
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

describe('cash at the desk', () => {
  const PIN = { shift: true, pin: ENTRY.pin } as const;

  it('is offered by the ticket, which no page ever has', async () => {
    const { staff, asked, views } = desk();
    await staff.enter(ENTRY);
    expect(await staff.offerCash(NO, { shift: true })).toBe(OFFER);
    await staff.offerCash(NO, PIN);
    expect(asked).toEqual([
      ['offer', NO, { shift: 'ticket-1' }],
      ['offer', NO, { shift: 'ticket-1', pin: ENTRY.pin }],
    ]);
    expect(JSON.stringify(views)).not.toContain('ticket-1');
  });

  it('belongs to a shift also where number and PIN are said at a resident’s own purchase; the desk stays shut', async () => {
    const { staff, asked } = desk();
    await expect(staff.offerCash(NO, { shift: true })).rejects.toMatchObject({ code: 'shift.none' });
    staff.follow(READING, true);
    await staff.offerCash(NO, ENTRY);
    expect(asked).toEqual([['offer', NO, { shift: 'ticket-1', pin: ENTRY.pin }]]);
    expect(staff.view).toEqual({ state: 'in', at: 'aside', mayEnter: false, staff: 'zhang' });
    staff.follow(WAIT, false);
    expect(staff.view).toMatchObject({ at: 'aside', mayEnter: true });
  });

  it('whose sign-in is over is signed in anew in the middle of it, and the desk is back', async () => {
    let isOver = true;
    const { staff } = desk({
      offerCash: () => (isOver ? Promise.reject(problem('staff.session-over')) : Promise.resolve(OFFER)),
    });
    await staff.enter(ENTRY);
    staff.follow(READING, true);
    await expect(staff.offerCash(NO, { shift: true })).rejects.toMatchObject({ code: 'staff.session-over' });
    expect(staff.view).toEqual({ state: 'out', mayEnter: false });
    isOver = false;
    await staff.offerCash(NO, ENTRY);
    expect(staff.view).toMatchObject({ at: 'desk', covered: true });
  });

  it('is asked of nobody’s shift once that is closed', async () => {
    const { staff, asked } = desk({ offerCash: () => Promise.reject(problem('shift.none')) });
    await staff.enter(ENTRY);
    await expect(staff.offerCash(NO, { shift: true })).rejects.toMatchObject({ code: 'shift.none' });
    expect(staff.view).toMatchObject({ at: 'desk', shift: null });
    await expect(staff.offerCash(NO, PIN)).rejects.toMatchObject({ code: 'shift.none' });
    expect(asked).toEqual([]);
  });

  it('is counted once it is paid, once an order', async () => {
    const { staff, asked } = desk();
    await staff.enter(ENTRY);
    staff.follow(TAKE, true);
    const done = { screen: 'done', orderNo: NO, cash: { says: 'paid', receipt: null } } as PurchaseView;
    staff.follow(done, true);
    staff.follow({ ...done, forgotten: true }, true);
    await settled();
    expect(asked).toEqual([['shift', 'ticket-1']]);
    expect(staff.view).toMatchObject({ shift: { drawerFen: 5000 } });
  });
});

describe('beside a card', () => {
  it('are its last five purchases, by its serial, which no page has', async () => {
    const queries: unknown[] = [];
    const { staff, machine, views } = desk({
      orders: (_ticket, query) => {
        queries.push(query);
        return Promise.resolve(NONE);
      },
    });
    await staff.enter(ENTRY);
    expect(await staff.cardOrders()).toEqual({ ok: true, value: NONE });
    machine.serial = '6501000000000001';
    await staff.cardOrders();
    expect(queries).toEqual([{ list: 'recent', key: '6501000000000001', limit: 5 }]);
    expect(JSON.stringify(views)).not.toContain('6501000000000001');
  });
});

describe('the end of a shift', () => {
  const CLOSE = { shift: SHIFT.id, counted: [], leftFen: 0 };

  it('stays to be read and printed, and is over with the next card, a leave, or nobody', async () => {
    const ends: ((of: ReturnType<typeof desk>) => Promise<void> | void)[] = [
      ({ staff }) => {
        staff.leave();
      },
      ({ staff }) => {
        staff.follow(READING, true);
      },
      ({ clock }) => clock.advance(5 * 60_000),
    ];
    for (const end of ends) {
      const of = desk();
      await of.staff.enter(ENTRY);
      expect(of.staff.closed).toBe(undefined);
      expect(await of.staff.close(CLOSE)).toEqual({ ok: true, value: CLOSED });
      expect(of.staff.view).toMatchObject({ at: 'desk', shift: null });
      expect(of.staff.closed).toBe(CLOSED);
      await end(of);
      expect(of.staff.view.state).toBe('out');
      expect([of.staff.closed, of.left]).toEqual([undefined, ['ticket-1']]);
    }
  });

  it('is not known while the server is away, and is asked of it again', async () => {
    const requests: unknown[] = [];
    let isUp = false;
    const { staff } = desk({
      close: (ticket, request) => {
        requests.push([ticket, request]);
        return isUp ? Promise.resolve(CLOSED) : Promise.reject(problem('server.unavailable'));
      },
    });
    await staff.enter(ENTRY);
    expect(await staff.close(CLOSE)).toEqual({ ok: false, fault: 'away' });
    expect([staff.closed, staff.isOpen]).toEqual([undefined, true]);
    isUp = true;
    expect(await staff.close(CLOSE)).toMatchObject({ ok: true });
    expect(requests).toEqual([
      ['ticket-1', CLOSE],
      ['ticket-1', CLOSE],
    ]);
  });
});
