import { beforeEach, describe, expect, it } from 'vitest';
import type { CloseShiftRequest } from '@bianmin/purchase/api/shift';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import {
  COUNTER,
  FLOAT,
  MemoryCounter,
  PIN,
  PIN_ABOVE_FEN,
  PIN_AFTER_MS,
  sampleFloat,
} from '../../testing/memory-counter.ts';
import { codeOf } from '../../testing/problem-code.ts';
import { HERE } from '../../testing/staff-members.ts';
import type { Order } from '../../orders/model/order.ts';
import { FloatDesk } from './desk.ts';
import type { CountedShift } from './shift.ts';
import { closedShiftView } from './shift-view.ts';

const OTHER = `t${'6'.repeat(30)}`;
let c: MemoryCounter;
beforeEach(async () => {
  c = await MemoryCounter.open();
  c.member('li', ['float:use']);
});

/** Offered with a shift's ticket and taken with the offer's. */
async function takes(ticket: string, order?: Order): Promise<Order> {
  const of = order ?? (await c.order());
  const offer = await c.cash().offer(of, { terminalId: COUNTER, shift: ticket }, HERE);
  return c.cash().take(of, { terminalId: COUNTER, by: { ticket: offer.ticket } }, HERE);
}
async function close(
  { ticket, shift }: { ticket: string; shift: { id: string } },
  over: Partial<CloseShiftRequest> = {},
  terminalId = COUNTER,
): Promise<CountedShift> {
  const holder = await c.tickets.useAtEnd({ terminalId, ticket });
  const request = { ticket, shift: shift.id, counted: [], leftFen: 0, ...over };
  return c.shifts.close({ terminalId, holder }, request, HERE);
}
const cases = () => c.cases.list({ limit: 9 }, WHOLE_PROVINCE);
const actions = () => c.office.recorded.map(({ action }) => action);

describe('a shift at a counter', () => {
  it('is opened once, and gone on with by whoever has it', async () => {
    const one = await c.signIn();
    const two = await c.signIn();
    expect(two.shift).toEqual(one.shift);
    expect(c.float().shifts).toEqual([one.shift]);
    expect(one.shift).toMatchObject({
      ...{ staff: 'u-zhang', number: 'zhang', terminalId: COUNTER, orgPath: PROVINCE_PATH, openingFen: 0 },
      openedAt: new Date(c.world.clock.now()),
    });
    expect(c.office.recorded).toEqual([
      {
        ...{ who: { kind: 'admin', id: 'u-zhang' }, action: 'shift.opened', where: HERE },
        ...{ target: one.shift.id, data: { float: FLOAT, terminalId: COUNTER } },
      },
    ]);
    const other = await c.signIn('li');
    expect(other.shift.id).not.toBe(one.shift.id);
    expect(c.float().shifts).toHaveLength(2);
  });

  it('is one even where the same person signs in twice at once', async () => {
    const [one, two] = await Promise.all([c.signIn(), c.signIn()]);
    expect(one.shift.id).toBe(two.shift.id);
    expect(c.float().shifts).toHaveLength(1);
  });

  it('is none where no committee takes cash', async () => {
    const staff = c.users.get('u-zhang');
    if (staff === undefined) throw new Error('There is no zhang.');
    expect(await c.shifts.enter({ staff, terminalId: OTHER }, PROVINCE_PATH, HERE)).toBeNull();
    expect(await c.shifts.read(null)).toBeNull();
    expect(await c.shifts.read({ id: 'x', float: 'none' })).toBeNull();
    expect(await c.shifts.read({ id: 'x', float: FLOAT })).toBeNull();
    expect(c.office.recorded).toEqual([]);
  });

  it('is at its own float, also where the terminal went to another', async () => {
    const { ticket, shift } = await c.signIn();
    c.floats.floats.set(FLOAT, { ...c.float(), terminals: [] });
    await c.floats.insert(sampleFloat({ _id: 'other', terminals: [COUNTER] }));
    expect((await c.signIn()).shift.id).toBe(shift.id);
    expect(await codeOf(takes(ticket))).toBe('shift.none');
    expect(await close({ ticket, shift })).toMatchObject({ id: shift.id });
    expect((await c.signIn()).shift.id).not.toBe(shift.id);
    expect(c.floats.floats.get('other')?.shifts).toHaveLength(1);
  });
});

describe('cash in a shift', () => {
  it('is taken by its ticket, without a PIN, and counted as it is taken', async () => {
    const { ticket, shift } = await c.signIn();
    const sold = await takes(ticket);
    expect(sold.state).toBe('sold');
    await takes(ticket);
    expect(await c.shifts.read({ id: shift.id, float: FLOAT })).toMatchObject({
      ...{ takenFen: 10_000, times: 2, backFen: 0, backTimes: 0 },
    });
    expect(await c.desk.find(FLOAT, `${sold._id}p1`)).toMatchObject({ shift: shift.id, by: 'u-zhang' });
  });

  it('is not counted to it where somebody says name and PIN, as at a terminal of before', async () => {
    const { shift } = await c.signIn();
    const sold = await c.take(await c.order());
    expect(await c.desk.find(FLOAT, `${sold._id}p1`)).not.toHaveProperty('shift');
    expect(await c.shifts.read({ id: shift.id, float: FLOAT })).toMatchObject({ takenFen: 0, times: 0 });
  });

  it('wants the PIN after five minutes without use, and for a large sum', async () => {
    const { ticket } = await c.signIn();
    let order = await c.order();
    const offer = (over: object = {}) =>
      c.cash().offer({ ...order, ...over }, { terminalId: COUNTER, shift: ticket }, HERE);
    const withPin = (pin: string, over: object = {}) =>
      c.cash().offer({ ...order, ...over }, { terminalId: COUNTER, shift: ticket, pin }, HERE);
    expect(await codeOf(offer({ paidFen: PIN_ABOVE_FEN }))).toBe('none');
    const large = { paidFen: PIN_ABOVE_FEN + 1 };
    c.floats.floats.set(FLOAT, { ...c.float(), dayLimitFen: 99_999 });
    expect(await codeOf(offer(large))).toBe('staff.pin-needed');
    expect(await codeOf(withPin('000000', large))).toBe('float.bad-pin');
    expect(await codeOf(withPin(PIN, large))).toBe('none');
    c.world.clock.jump(PIN_AFTER_MS);
    order = await c.order();
    expect(await codeOf(offer())).toBe('staff.pin-needed');
    expect(await codeOf(withPin('000000'))).toBe('float.bad-pin');
    expect(await codeOf(offer())).toBe('staff.pin-needed');
    expect(await codeOf(withPin(PIN))).toBe('none');
    expect(await codeOf(offer())).toBe('none');
  });

  it('is for staff who may still take it here, at their terminal, in a shift', async () => {
    const { ticket } = await c.signIn();
    const order = await c.order();
    const offer = (over: object = {}) =>
      c.cash().offer(order, { terminalId: COUNTER, shift: ticket, ...over }, HERE);
    expect(await codeOf(offer({ shift: 'of nobody' }))).toBe('staff.session-over');
    expect(await codeOf(offer({ terminalId: OTHER }))).toBe('staff.session-over');
    const without = await c.tickets.issue({ staff: 'u-zhang', terminalId: COUNTER, shift: null });
    expect(await codeOf(offer({ shift: without }))).toBe('shift.none');
    const zhang = c.users.get('u-zhang');
    if (zhang === undefined) throw new Error('There is no zhang.');
    c.users.set('u-zhang', { ...zhang, scope: '653100' });
    expect(await codeOf(offer({ orgPath: ['province', '650100'] }))).toBe('auth.forbidden');
    expect(await codeOf(offer({ orgPath: ['province', '653100'] }))).toBe('none');
    c.users.set('u-zhang', { ...zhang, roles: [] });
    expect(await codeOf(offer())).toBe('auth.forbidden');
    c.users.set('u-zhang', { ...zhang, status: 'disabled' });
    expect(await codeOf(offer())).toBe('staff.session-over');
  });

  it('of an offer that was made before the shift was closed is not taken, and the order can be paid otherwise', async () => {
    const one = await c.signIn();
    const order = await c.order();
    const offer = await c.cash().offer(order, { terminalId: COUNTER, shift: one.ticket }, HERE);
    await close(one);
    const take = () => c.cash().take(order, { terminalId: COUNTER, by: { ticket: offer.ticket } }, HERE);
    expect(await codeOf(take())).toBe('shift.none');
    expect(c.float().balanceFen).toBe(100_000);
    expect((await c.world.now(order)).payments.map(({ status }) => status)).toEqual(['closed']);
    expect((await c.take(await c.world.now(order))).state).toBe('sold');
  });

  it('that was taken stays taken, asked for again after the shift was closed', async () => {
    const one = await c.signIn();
    const order = await c.order();
    const offer = await c.cash().offer(order, { terminalId: COUNTER, shift: one.ticket }, HERE);
    const receiving = { ...c.world.services.receiving, received: () => Promise.reject(new Error('Killed.')) };
    const by = { terminalId: COUNTER, by: { ticket: offer.ticket } };
    await expect(c.cash({ receiving: receiving as never }).take(order, by, HERE)).rejects.toThrow('Killed.');
    const counted = [{ fen: 5_000, pieces: 1 } as const];
    expect(await close(one, { counted })).toMatchObject({ takenFen: 5_000, times: 1, differenceFen: 0 });
    expect((await c.cash().take(await c.world.now(order), by, HERE)).state).toBe('sold');
    expect(c.float().balanceFen).toBe(95_000);
  });

  it('that is handed out leaves its drawer, whoever took it; and nothing is handed out of a closed one', async () => {
    const { refund } = await c.refused();
    const { refund: later } = await c.refused();
    const one = await c.signIn('li');
    const staff = c.users.get('u-li');
    if (staff === undefined) throw new Error('There is no li.');
    const give = (refundNo: string, slip: string) =>
      c.handOuts().handOut({ refundNo, slip }, { terminalId: COUNTER, staff, shift: one.shift.id }, HERE);
    await give(refund.no, '000117');
    await give(refund.no, '000117');
    expect(await c.shifts.read({ id: one.shift.id, float: FLOAT })).toMatchObject({
      ...{ takenFen: 0, backFen: 5_000, backTimes: 1 },
    });
    const counted = await close(one);
    expect(closedShiftView(counted)).toMatchObject({ drawerFen: -5_000, differenceFen: 5_000 });
    expect(await codeOf(give(later.no, '000118'))).toBe('shift.none');
    expect((await give(refund.no, '000117')).slip).toBe('000117');
    expect(await c.desk.findHandOut(FLOAT, later.no)).toBeNull();
  });
});

describe('a drawer that is counted', () => {
  const COUNTED = [{ fen: 5_000, pieces: 1 } as const, { fen: 10, pieces: 3 } as const];

  it('ends the shift with an entry that has all of it, once', async () => {
    const one = await c.signIn();
    await takes(one.ticket);
    c.world.clock.jump(1_000);
    const counted = await close(one, { counted: COUNTED, leftFen: 20 });
    const view = closedShiftView(counted);
    expect(view).toEqual({
      ...{ id: one.shift.id, staff: 'zhang', committee: '天山一社区', terminalId: COUNTER },
      openedAt: one.shift.openedAt.toISOString(),
      closedAt: new Date(c.world.clock.now()).toISOString(),
      ...{ openingFen: 0, takenFen: 5_000, times: 1, backFen: 0, backTimes: 0, drawerFen: 5_000 },
      ...{ counted: COUNTED, countedFen: 5_030, differenceFen: 30, leftFen: 20, handedInFen: 5_010 },
    });
    expect(c.float()).toMatchObject({ shifts: [], left: [{ terminalId: COUNTER, fen: 20 }] });
    expect(await c.desk.find(FLOAT, `shift-${one.shift.id}`)).toMatchObject({
      ...{ kind: 'shift-closed', fen: 0, by: 'u-zhang', shift: one.shift.id, counted, staff: 'zhang' },
      ...{ debit: `float:${FLOAT}`, credit: `float:${FLOAT}`, terminalId: COUNTER },
    });
    expect(c.office.recorded.at(-1)).toMatchObject({
      ...{ action: 'shift.closed', target: one.shift.id, who: { id: 'u-zhang' } },
      data: { float: FLOAT, takenFen: 5_000, drawerFen: 5_000, countedFen: 5_030, leftFen: 20 },
    });
    // The answer was lost; what is said now does not count any more.
    c.world.clock.jump(1_000);
    expect(closedShiftView(await close(one, { counted: [], leftFen: 0 }))).toEqual(view);
    expect(actions().filter((each) => each === 'shift.closed')).toHaveLength(1);
  });

  it('ends the ticket; the next one begins with what was left', async () => {
    const one = await c.signIn();
    await close(one, { counted: [{ fen: 5_000, pieces: 2 }], leftFen: 10_000 });
    expect(await c.tickets.use({ terminalId: COUNTER, ticket: one.ticket })).toBeNull();
    const two = await c.signIn('li');
    expect(two.shift.openingFen).toBe(10_000);
    expect((await c.signIn()).shift.openingFen).toBe(0);
    // Its person asks again with the ticket of their next shift, which goes on.
    const next = await c.signIn();
    expect((await close({ ...next, shift: one.shift })).countedFen).toBe(10_000);
    expect(await c.tickets.use({ terminalId: COUNTER, ticket: next.ticket })).not.toBeNull();
  });

  it('is its own clerk’s, at its terminal', async () => {
    const [zhang, li] = [await c.signIn(), await c.signIn('li')];
    expect(await codeOf(close({ ...li, shift: zhang.shift }))).toBe('shift.none');
    expect(await codeOf(close({ ...zhang, shift: { id: '00000000-0000-4000-8000-000000000000' } }))).toBe(
      'shift.none',
    );
    const elsewhere = await c.tickets.issue({
      ...{ staff: 'u-zhang', terminalId: OTHER, shift: { id: zhang.shift.id, float: FLOAT } },
    });
    expect(await codeOf(close({ ...zhang, ticket: elsewhere }, {}, OTHER))).toBe('shift.none');
    const without = await c.tickets.issue({ staff: 'u-zhang', terminalId: OTHER, shift: null });
    expect(await codeOf(close({ ...zhang, ticket: without }, {}, OTHER))).toBe('shift.none');
    expect(c.float().shifts).toHaveLength(2);
    await close(zhang);
    expect(await codeOf(close({ ...li, shift: zhang.shift }))).toBe('shift.none');
    expect(c.float().shifts).toEqual([li.shift]);
  });

  it.each([
    ['a kind of note twice', { counted: [COUNTED[0], COUNTED[0]], leftFen: 0 }],
    ['more left than there was', { counted: [COUNTED[0]], leftFen: 5_001 }],
    [
      'more than a sum may be',
      { counted: [{ fen: 10_000, pieces: 9_999 } as const, { fen: 100, pieces: 100 } as const], leftFen: 0 },
    ],
  ])('is no count with %s', async (_, over) => {
    const one = await c.signIn();
    expect(await codeOf(close(one, over as Partial<CloseShiftRequest>))).toBe('request.malformed');
    expect(c.float().shifts).toEqual([one.shift]);
    expect(actions()).not.toContain('shift.closed');
  });

  it('may hold all that was counted, and leave all of it', async () => {
    const one = await c.signIn();
    expect(await close(one, { counted: [COUNTED[0]], leftFen: 5_000 } as never)).toMatchObject({
      ...{ countedFen: 5_000, leftFen: 5_000 },
    });
  });

  it('that holds too much or too little is a case, once; and none where it is right', async () => {
    const one = await c.signIn();
    await takes(one.ticket);
    await close(one, { counted: [{ fen: 2_000, pieces: 2 }], leftFen: 0 });
    expect(await cases()).toMatchObject([
      {
        ...{
          kind: 'shift-difference',
          orderNo: 'none',
          key: one.shift.id,
          orgPath: PROVINCE_PATH,
          status: 'open',
        },
        facts: {
          ...{ float: FLOAT, terminalId: COUNTER, staff: 'zhang', since: one.shift.openedAt.toISOString() },
          ...{ drawerFen: 5_000, countedFen: 4_000, differenceFen: -1_000 },
        },
      },
    ]);
    const [found] = await cases();
    await c.cases.resolve(found?._id ?? '', { id: 'anna', name: 'anna' }, 'A note was torn.');
    await close(one);
    expect(await cases()).toMatchObject([{ status: 'resolved', reopened: 0 }]);
    const two = await c.signIn();
    await close(two);
    expect(await cases()).toHaveLength(1);
  });
});

describe('cash that comes while its drawer is counted', () => {
  it.each(['the count', 'the cash'] as const)('is counted or refused, where %s is first', async (first) => {
    const one = await c.signIn();
    const order = await c.order();
    const offer = await c.cash().offer(order, { terminalId: COUNTER, shift: one.ticket }, HERE);
    const replace = c.floats.replace.bind(c.floats);
    let raced = false;
    const take = () => c.cash().take(order, { terminalId: COUNTER, by: { ticket: offer.ticket } }, HERE);
    const finish = () => close(one, { counted: [{ fen: 5_000, pieces: 1 }] });
    // Another process is faster between this one's look at the float and its write.
    c.floats.replace = async (before, after) => {
      if (raced) return replace(before, after);
      raced = true;
      const rival = new FloatRival(c);
      await (first === 'the count' ? rival.closes(one.shift.id) : rival.takes(order, one.shift.id));
      return replace(before, after);
    };
    if (first === 'the count') {
      expect(await codeOf(take())).toBe('shift.none');
      expect(c.float().balanceFen).toBe(100_000);
    } else {
      expect(await finish()).toMatchObject({ takenFen: 5_000, times: 1, differenceFen: 0 });
      expect(c.float().balanceFen).toBe(95_000);
    }
    expect(c.float().shifts).toEqual([]);
  });
});

/** Another process at the same float. */
class FloatRival {
  readonly #desk: FloatDesk;

  constructor(counter: MemoryCounter) {
    this.#desk = new FloatDesk({
      ...{ store: counter.floats, clock: counter.world.clock },
      orders: { get: () => Promise.resolve(null) },
    });
  }

  async closes(shift: string): Promise<void> {
    await this.#desk.closeShift(FLOAT, { shift, by: 'u-zhang', count: { counted: [], leftFen: 0 } });
  }

  async takes(order: Order, shift: string): Promise<void> {
    const of = { paymentNo: `${order._id}p1`, orderNo: order._id, fen: order.paidFen, by: 'u-zhang' };
    await this.#desk.take(FLOAT, { ...of, shift });
  }
}
