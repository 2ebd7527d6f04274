import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chinaDay, dayPlus } from '../../kernel/china-time.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { serveAdmin, type AdminCalls } from '../../testing/admin-calls.ts';
import { COUNTER, FLOAT, MemoryCounter, PIN } from '../../testing/memory-counter.ts';
import type { AnyRoute } from '../../route/route.ts';
import { adminFloatRoutes } from './admin-routes.ts';
import { FloatScope } from './float-scope.ts';
import { terminalCashRoutes } from './cash-routes.ts';
import type { StaffPins } from './pins.ts';

/** Every terminal stands in 650100. */
const PLACED = {
  amongWithin: (ids: readonly string[], scope: string) =>
    Promise.resolve(new Set(scope === '653100' ? [] : ids)),
};
const PASSWORD = 'a password of the tests';
let c: MemoryCounter;
let admin: AnyRoute[];
let terminal: AnyRoute[];
let calls: AdminCalls;
let pins: string[];
beforeEach(async () => {
  c = await MemoryCounter.open();
  pins = [];
  const set: StaffPins['set'] = (userId, pin) => {
    pins.push(`${userId} ${pin}`);
    return Promise.resolve('104817');
  };
  const checkOwnPassword = (by: { name: string }, password: string): Promise<void> =>
    password === PASSWORD && by.name === 'zhang'
      ? Promise.resolve()
      : Promise.reject(new ProblemError({ code: 'auth.bad-credentials', message: 'Wrong.' }));
  const { clock, services } = c.world;
  admin = adminFloatRoutes({
    ...{
      floats: c.kept(),
      scopes: new FloatScope({ store: c.floats.store, terminals: PLACED }),
      handOuts: c.handOuts(),
      clock,
      audit: c.office.audit,
    },
    ...{ pins: { set } as StaffPins, sessions: { checkOwnPassword } },
  });
  terminal = terminalCashRoutes({ cash: c.cash(), orders: services.orders, codes: services.codes });
  calls = await serveAdmin([...admin, ...terminal], c.world, c.kiosk);
});
afterEach(() => calls.close());

const REASON = { reason: 'It is needed.' };
const topUp = async (fen: number): Promise<string> => {
  const body = { fen, reference: 'bank-1', ...REASON };
  const asked = await calls.call('post', `/v1/admin/floats/${FLOAT}/top-ups`, { body });
  await c.office.allow({ _id: String(asked.body['id']) });
  return `topup-${String(asked.body['id'])}`;
};

describe('floats over HTTP', () => {
  it('are of whose terminals they have; what finance is to allow also needs one’s password just now', () => {
    const said = admin.map((each) => [
      ...[`${each.method} ${each.path}`, each.permission, each.scope, each.stepUp, each.idempotent],
    ]);
    expect(said).toEqual([
      ['get /v1/admin/floats', 'float:request', 'own', undefined, undefined],
      ['get /v1/admin/floats/:id/entries', 'float:request', 'own', undefined, undefined],
      ['get /v1/admin/floats/:id/shifts', 'float:request', 'own', undefined, undefined],
      ['post /v1/admin/floats', 'float:request', 'own', true, undefined],
      ['post /v1/admin/floats/:id/top-ups', 'float:request', 'own', true, true],
      ['post /v1/admin/floats/:id/top-ups/:topUp/reversal', 'float:request', 'own', true, true],
      ['post /v1/admin/me/pin', 'float:use', 'own', undefined, undefined],
    ]);
    expect(admin.at(-1)?.perMinute).toBe(30);
  });

  it('tell who reads of them what they do and how they refuse', () => {
    expect(admin.map(({ tag, auth, problems = [] }) => [tag, auth, ...problems])).toEqual([
      ['admin', 'admin'],
      ['admin', 'admin', 'request.not-found'],
      ['admin', 'admin', 'request.not-found'],
      ['admin', 'admin', 'request.not-found'],
      ['admin', 'admin', 'request.not-found'],
      ['admin', 'admin', 'request.not-found'],
      ['admin', 'admin', 'auth.bad-credentials', 'auth.locked'],
    ]);
    const floats = ['bad-pin', 'none', 'frozen', 'empty', 'day-limit'].map((each) => `float.${each}`);
    const refusals = [
      ...['order.not-found', 'order.closed', 'order.already-paid', 'auth.forbidden', ...floats],
      'shift.none',
    ];
    expect(terminal.map(({ tag, problems = [] }) => [tag, ...problems])).toEqual([
      ['terminal', ...refusals, 'staff.session-over', 'staff.pin-needed'],
      ['terminal', ...refusals, 'float.offer-stale'],
      ['terminal', 'order.not-found', 'request.not-found'],
    ]);
    for (const { summary } of [...admin, ...terminal]) expect(summary).toMatch(/\w+ \w+/u);
  });

  it('show their balance, what they paid today, and what cash waits at their counters', async () => {
    await c.refused();
    await c.take(await c.order());
    const { status, body } = await calls.call('get', '/v1/admin/floats');
    expect(status).toBe(200);
    expect(body).toEqual({
      floats: [
        {
          ...{ id: FLOAT, name: '天山一社区', terminals: [COUNTER], balanceFen: 95_000, dayLimitFen: 50_000 },
          ...{ takenTodayFen: 5000, frozen: false, waiting: { fen: 5000, times: 1 } },
        },
      ],
    });
    c.floats.floats.set(FLOAT, { ...c.float(), frozen: true });
    c.world.clock.jump(86_400_000);
    const next = await calls.call('get', '/v1/admin/floats');
    expect(next.body['floats']).toMatchObject([{ frozen: true, takenTodayFen: 0 }]);
  });

  it('show their entries, with the order, the bank’s reference or the slip where there is one', async () => {
    const id = await topUp(500);
    const sold = await c.take(await c.order());
    const given = {
      refundNo: `${sold._id}p1r3`,
      orderNo: sold._id,
      fen: 7,
      slip: '000117',
      terminalId: COUNTER,
    };
    await c.desk.handOut(FLOAT, { ...given, by: 'u-zhang', staff: 'zhang' });
    const { body } = await calls.call('get', `/v1/admin/floats/${FLOAT}/entries`);
    const at = new Date(c.world.clock.now()).toISOString();
    expect(body).toEqual({
      entries: [
        {
          ...{ id: `${given.refundNo}-out`, kind: 'handed-out', fen: 7, debit: 'household', by: 'u-zhang' },
          ...{ credit: `counter:${COUNTER}`, at, orderNo: sold._id, reference: '000117', undoes: null },
        },
        {
          ...{ id: `${sold._id}p1`, kind: 'taken', fen: 5000, debit: `float:${FLOAT}`, by: 'u-zhang' },
          ...{ credit: 'payer:held', at, orderNo: sold._id, reference: null, undoes: null },
        },
        {
          ...{ id, kind: 'top-up', fen: 500, debit: 'bank', credit: `float:${FLOAT}`, by: 'boris' },
          ...{ at, orderNo: null, reference: 'bank-1', undoes: null },
        },
      ],
    });
    expect(await calls.call('get', '/v1/admin/floats/none/entries')).toMatchObject({
      ...{ status: 404, body: { code: 'request.not-found' } },
    });
  });

  it('show the shifts at their drawers: those that are open, and those of a day, the newest first', async () => {
    const path = `/v1/admin/floats/${FLOAT}/shifts`;
    expect((await calls.call('get', path)).body).toEqual({ open: [], closed: [] });
    const count = { counted: [{ fen: 100, pieces: 3 } as const], leftFen: 200 };
    const first = await c.signIn();
    await c.desk.closeShift(FLOAT, { shift: first.shift.id, by: 'u-zhang', count });
    await c.desk.book(FLOAT);
    c.world.clock.jump(60_000);
    const second = await c.signIn();
    await c.desk.closeShift(FLOAT, { shift: second.shift.id, by: 'u-zhang', count });
    const third = await c.signIn();
    c.member('li', ['float:use']);
    const fourth = await c.signIn('li');
    const { status, body } = await calls.call('get', path);
    expect([status, body['open']]).toMatchObject([
      200,
      [
        { id: fourth.shift.id, staff: 'li', openingFen: 0 },
        { id: third.shift.id, staff: 'zhang', terminalId: COUNTER, openingFen: 200, drawerFen: 200 },
      ],
    ]);
    expect(body['closed']).toMatchObject([
      { id: second.shift.id, openingFen: 200, countedFen: 300, differenceFen: 100, leftFen: 200 },
      { id: first.shift.id, handedInFen: 100, counted: count.counted, committee: '天山一社区' },
    ]);
    const today = chinaDay(new Date(c.world.clock.now()));
    expect((await calls.call('get', `${path}?day=${today}`)).body).toEqual(body);
    for (const day of [-1, 1]) {
      const other = (await calls.call('get', `${path}?day=${dayPlus(today, day)}`)).body;
      expect(other).toEqual({ open: body['open'], closed: [] });
    }
    expect((await calls.call('get', `${path}?day=2026-02-30`)).body['code']).toBe('request.malformed');
    expect((await calls.call('get', '/v1/admin/floats/none/shifts')).body['code']).toBe('request.not-found');
  });

  it('are set, topped up and put right on a second person’s word', async () => {
    const float = { id: 'new', name: '天山二社区', terminals: [], dayLimitFen: 5000, ...REASON };
    const set = await calls.call('post', '/v1/admin/floats', { body: float });
    expect(set).toMatchObject({
      status: 202,
      body: { kind: 'float.set', status: 'open', maker: { id: 'anna' } },
    });
    const id = await topUp(500);
    expect(c.float().balanceFen).toBe(100_500);
    const path = `/v1/admin/floats/${FLOAT}/top-ups/${id}/reversal`;
    const undo = await calls.call('post', path, { body: REASON });
    expect(undo).toMatchObject({ status: 202, body: { kind: 'float.undo-top-up', status: 'open' } });
    await c.office.allow({ _id: String(undo.body['id']) });
    expect(c.float().balanceFen).toBe(100_000);
    const again = await calls.call('post', path, { body: REASON });
    expect(again).toMatchObject({ status: 404, body: { code: 'request.not-found' } });
  });

  it('make one request of what is sent twice under one key', async () => {
    const headers = { 'idempotency-key': '7d444840-9dc0-41d1-b245-5ffdce74fad2' };
    const init = { body: { fen: 5, reference: 'bank-1', ...REASON }, headers };
    const path = `/v1/admin/floats/${FLOAT}/top-ups`;
    const [one, two] = [await calls.call('post', path, init), await calls.call('post', path, init)];
    expect(two.body['id']).toBe(one.body['id']);
  });
});

describe('a PIN over HTTP', () => {
  const set = (body: object) => calls.call('post', '/v1/admin/me/pin', { as: 'zhang|float:use', body });

  it('is set by who knows their password, who is told their number', async () => {
    expect(await set({ password: PASSWORD, pin: PIN })).toEqual({
      status: 200,
      body: { staffNumber: '104817' },
    });
    expect(pins).toEqual([`zhang ${PIN}`]);
    expect(c.office.recorded).toMatchObject([
      { action: 'float.set-pin', target: 'zhang', who: { kind: 'admin', id: 'zhang' } },
    ]);
    expect(JSON.stringify(c.office.recorded)).not.toContain(PIN);
  });

  it('is not set with a wrong password, or where it is too easy to guess', async () => {
    expect((await set({ password: 'wrong', pin: PIN })).body['code']).toBe('auth.bad-credentials');
    expect((await set({ password: PASSWORD, pin: '111111' })).body['code']).toBe('request.malformed');
    expect([pins, c.office.recorded]).toEqual([[], []]);
  });
});

describe('cash over HTTP', () => {
  it('is a terminal’s, which may ask twenty times a minute', () => {
    expect(
      terminal.map(({ method, path, auth, perMinute }) => [`${method} ${path}`, auth, perMinute]),
    ).toEqual([
      ['post /v1/terminal/orders/:orderNo/cash-offer', 'terminal', 20],
      ['post /v1/terminal/orders/:orderNo/cash', 'terminal', 20],
      ['get /v1/terminal/orders/:orderNo/cash', 'terminal', undefined],
    ]);
  });

  it('is offered, taken with the ticket, and written on a receipt', async () => {
    const order = await c.order();
    const path = `/v1/terminal/orders/${order._id}/cash`;
    expect(await calls.call('get', path)).toMatchObject({
      ...{ status: 404, body: { code: 'request.not-found', detail: 'No cash was taken for this order.' } },
    });
    const offer = await calls.call('post', `${path}-offer`, { body: { staff: 'zhang', pin: PIN } });
    expect(offer).toMatchObject({
      ...{
        status: 200,
        body: { committee: '天山一社区', staff: 'zhang', takeFen: 5000, leftTodayFen: 50_000 },
      },
    });
    c.cash = () => {
      throw new Error('It was made before.');
    };
    const wrong = await calls.call('post', path, { body: { staff: 'zhang', pin: '000000' } });
    expect(wrong).toMatchObject({ status: 403, body: { code: 'float.bad-pin' } });
    const taken = await calls.call('post', path, { body: { staff: 'zhang', pin: PIN } });
    expect(taken).toMatchObject({
      ...{ status: 200, body: { orderNo: order._id, state: 'sold', payment: { channel: 'cash' } } },
    });
    expect(c.office.recorded).toMatchObject([
      {
        action: 'float.take-cash',
        data: { terminalId: COUNTER },
        where: { ip: expect.any(String) as string },
      },
    ]);
    expect(await calls.call('get', path)).toMatchObject({
      ...{ status: 200, body: { orderNo: order._id, staff: 'zhang', takenFen: 5000, handBackFen: 0 } },
    });
  });

  it('is refused with its reason, and of another terminal’s order not at all', async () => {
    c.floats.floats.set(FLOAT, { ...c.float(), frozen: true });
    const path = `/v1/terminal/orders/${(await c.order())._id}/cash`;
    const body = { staff: 'zhang', pin: PIN };
    expect((await calls.call('post', `${path}-offer`, { body })).body['code']).toBe('float.frozen');
    expect((await calls.call('post', path, { body })).body['code']).toBe('float.frozen');
    for (const [method, end] of [
      ['post', '-offer'],
      ['post', ''],
      ['get', ''],
    ] as const) {
      const strange = `/v1/terminal/orders/260301100000000009/cash${end}`;
      const init = method === 'get' ? {} : { body };
      expect((await calls.call(method, strange, init)).body['code']).toBe('order.not-found');
    }
  });
});
