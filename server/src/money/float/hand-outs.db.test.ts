import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runs } from '@bianmin/shared/testing/property-runs';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { postingsOf } from '../ledger/order-postings.ts';
import { caseIdOf } from '../../cases/case.ts';
import type { Order, Refund } from '../../orders/model/order.ts';
import { cashHandedOut } from '../../orders/model/moves/refund.ts';
import { ProblemError } from '../../kernel/problem.ts';
import {
  CASE_AFTER_MS,
  CashCounter,
  COUNTER_FLOAT,
  COUNTER_TERMINAL,
  type Dies,
} from '../../testing/cash-counter.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { HERE } from '../../testing/staff-world.ts';
import { SAMPLE_TIME, sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { sumOfCash } from '../../orders/model/cash-owed.ts';

let t: TestContext;
let c: CashCounter;
let dies: Dies;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  dies = () => 'no';
  c = await CashCounter.open(t, (what) => dies(what));
});

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
  );
const caseOf = ({ _id }: Order, { no }: Refund) =>
  c.cases.get(caseIdOf({ kind: 'cash-owed', orderNo: _id, key: no })).catch(() => null);
const handedOut = async () => (await c.entries()).filter(({ kind }) => kind === 'handed-out');
const slipOf = ({ handOut }: Refund): string | undefined =>
  handOut?.status === 'handed-out' ? handOut.slip : undefined;

describe("a refund's cash", () => {
  it('is owed once the float has the money back, and until somebody writes down that the household has it', async () => {
    const { order, refund } = await c.refused();
    expect(refund).toMatchObject({ status: 'done', handOut: { status: 'owed' } });
    expect(await c.float.cash.receipt(order)).toMatchObject({ takenFen: 5_000, handBackFen: 5_000 });
    expect(await c.handOuts.owedAt(COUNTER_TERMINAL)).toMatchObject([
      { order: { _id: order._id }, refund: { no: refund.no }, float: COUNTER_FLOAT },
    ]);
    const number = await c.float.pins.set('zhang', '381947');
    const told = await c.handOut(refund, '000117');
    const at = new Date(c.world.clock.now());
    expect(told).toEqual({
      ...{ refundNo: refund.no, orderNo: order._id, fen: 5_000, slip: '000117', staff: number },
      ...{ terminalId: COUNTER_TERMINAL, at: at.toISOString() },
    });
    const now = await c.world.now(order);
    const fact = { by: 'zhang', staff: number, slip: '000117', terminalId: COUNTER_TERMINAL, at };
    expect(now.refunds).toMatchObject([{ status: 'done', handOut: { status: 'handed-out', ...fact } }]);
    expect(now.events.at(-1)).toMatchObject({
      ...{ name: 'refund.handed-out', by: 'zhang' },
      data: { no: refund.no, fen: 5_000, slip: '000117', terminalId: COUNTER_TERMINAL },
    });
    expect(now).toMatchObject({ state: 'refunded', dueAt: null });
    expect(await c.float.cash.receipt(now)).toMatchObject({ takenFen: 5_000, handBackFen: 0 });
    expect(await c.handOuts.owedAt(COUNTER_TERMINAL)).toEqual([]);
    const trail = await c.access.stores.audit.find({ limit: 1 });
    expect(trail).toMatchObject([{ action: 'float.hand-out', target: refund.no, who: { id: 'zhang' } }]);
  });

  it('is told to whoever puts the household’s card in, until it is handed out', async () => {
    const card = c.world.household();
    const { order, refund } = await c.refused(card);
    expect((await c.identify(card)).cashWaitingFen).toBe(5_000);
    expect(await c.identify(c.world.household())).not.toHaveProperty('cashWaitingFen');
    await c.handOut(refund, '000117');
    expect((await c.world.now(order)).state).toBe('refunded');
    expect(await c.identify(card)).not.toHaveProperty('cashWaitingFen');
  });

  it('is the same fact with the same slip, and refused with another, with who and when', async () => {
    const { order, refund } = await c.refused();
    const first = await c.handOut(refund, '000117');
    c.world.clock.jump(60_000);
    expect(await c.handOut(refund, '000117')).toEqual(first);
    expect(await c.handOut(refund, '000117', 'li')).toEqual(first);
    await expect(c.handOut(refund, '000118', 'li')).rejects.toMatchObject({
      ...{ code: 'refund.handed-out', orderNo: order._id, present: first },
      message: expect.stringContaining(first.at) as string,
    });
    expect(await handedOut()).toHaveLength(1);
    expect((await c.world.now(order)).events.filter(({ name }) => name === 'refund.handed-out')).toHaveLength(
      1,
    );
  });

  it('is handed out by one of many at the same moment; the others are told who', async () => {
    const { order, refund } = await c.refused();
    const tried = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        c.handOut(refund, `00020${n}`, n % 2 === 0 ? 'zhang' : 'li').then(
          ({ slip }) => ({ won: slip, slip }),
          (error: unknown) => ({ won: null, slip: (error as ProblemError).present?.['slip'] }),
        ),
      ),
    );
    const [winner, ...others] = tried.flatMap(({ won }) => won ?? []);
    expect(others).toEqual([]);
    expect(new Set(tried.map(({ slip }) => slip))).toEqual(new Set([winner]));
    expect((await c.world.now(order)).refunds.map(slipOf)).toEqual([winner]);
    expect((await handedOut()).map(({ slip }) => slip)).toEqual([winner]);
  });

  it('has a slip of its own in its float, also among entries that are in the book', async () => {
    const [one, two] = [await c.refused(), await c.refused()];
    await c.handOut(one.refund, '000117');
    expect(await codeOf(c.handOut(two.refund, '000117'))).toBe('refund.slip-used');
    await c.world.services.floats?.book(COUNTER_FLOAT);
    expect(await codeOf(c.handOut(two.refund, '000117'))).toBe('refund.slip-used');
    expect((await c.handOut(two.refund, '000118')).slip).toBe('000118');
    const both = [await c.refused(), await c.refused()];
    const raced = await Promise.all(both.map(({ refund }) => codeOf(c.handOut(refund, '000119'))));
    expect(raced.sort()).toEqual(['none', 'refund.slip-used']);
  });

  it('is nothing that a phone paid, that the float does not have back, or that is unknown here', async () => {
    const { world } = c;
    const order = await world.services.orders.createPayment(await c.order(), 'wechat');
    await c.paid(order);
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    await world.notify(`${order._id}p1`);
    await world.pass(5_000);
    const { refund } = await c.refundOf(order);
    expect([refund.status, refund.handOut]).toEqual(['done', undefined]);
    expect(await codeOf(c.handOut(refund, '000117'))).toBe('refund.not-found');
    expect(await codeOf(c.handOut({ ...refund, no: '260101000000000000p1r3' }, '000117'))).toBe(
      'refund.not-found',
    );
    const other = await c.refused();
    const staff = await c.staff('zhang');
    const elsewhere = { terminalId: `t${'6'.repeat(30)}`, staff };
    expect(
      await codeOf(c.handOuts.handOut({ refundNo: other.refund.no, slip: '000117' }, elsewhere, HERE)),
    ).toBe('float.none');
    // Given back before any of this was written down.
    const { handOut: _, ...old } = other.refund;
    await world.services.mover.move(other.order, (now) => ({
      set: { refunds: now.refunds.map(() => old) },
      events: [{ name: 'order.clock-set', by: 'test' }],
    }));
    expect(await codeOf(c.handOut(other.refund, '000117'))).toBe('refund.no-cash-owed');
    expect(await handedOut()).toEqual([]);
  });

  it('moves no money: float and books say the same before and after', async () => {
    const { order, refund } = await c.refused();
    const [before, balance] = [postingsOf(order), await c.balance()];
    expect(balance).toBe(1_000_000);
    await c.handOut(refund, '000117');
    expect(await c.balance()).toBe(balance);
    expect(postingsOf(await c.world.now(order))).toEqual(before);
    const sum = (await c.entries()).reduce((all, { debit, credit, fen }) => {
      const account = `float:${COUNTER_FLOAT}`;
      return all + (credit === account ? fen : 0) - (debit === account ? fen : 0);
    }, 0);
    expect(sum).toBe(balance);
  });
});

describe('cash that nobody hands out', () => {
  it('of a sale that came to nothing after its household had left is a case, which the fact ends', async () => {
    const { world } = c;
    const made = await c.order();
    world.grid.fault = () => 'unavailable';
    const order = await c.paid(made);
    await world.pass(45 * 60_000, 30_000);
    const { refund, order: ended } = await c.refundOf(order);
    expect([ended.state, refund.reason, refund.handOut]).toEqual([
      'refunded',
      'not-sold',
      { status: 'owed' },
    ]);
    expect(await c.watch.round()).toBe(1);
    expect(await caseOf(order, refund)).toBeNull();
    world.clock.jump(CASE_AFTER_MS);
    expect(await c.watch.round()).toBe(1);
    expect(await c.watch.round()).toBe(1);
    expect(await caseOf(order, refund)).toMatchObject({
      ...{ kind: 'cash-owed', status: 'open', key: refund.no, orgPath: order.orgPath, reopened: 0 },
      facts: { float: COUNTER_FLOAT, refundFen: 5_000, reason: 'not-sold' },
    });
    await c.handOut(refund, '000117', 'li');
    expect(await caseOf(order, refund)).toMatchObject({
      ...{ status: 'resolved', resolution: { by: { id: 'li' }, text: 'Handed out, slip 000117.' } },
    });
    expect(await c.watch.round()).toBe(0);
  });

  it('is found behind hundreds that wait longer', async () => {
    for (let n = 0; n < 250; n += 1) {
      const _id = `2501010000000${String(n).padStart(5, '0')}`;
      const payments = [
        samplePayment({ no: `${_id}p1`, channel: 'cash', float: COUNTER_FLOAT, status: 'succeeded' }),
      ];
      const refund = {
        no: `${_id}p1r3`,
        paymentNo: `${_id}p1`,
        fen: 100,
        status: 'done',
        reason: 'not-sold',
      } as const;
      const refunds = [{ ...refund, at: SAMPLE_TIME, handOut: { status: 'owed' } as const }];
      const own = { _id, idempotencyKey: _id, meterNo: _id };
      await c.world.services.store.insert(
        sampleOrder({ ...own, payments, refunds, state: 'refunded', dueAt: null }),
      );
    }
    const { order, refund } = await c.refused();
    c.world.clock.jump(CASE_AFTER_MS);
    expect(await c.watch.round()).toBe(251);
    expect(await caseOf(order, refund)).toMatchObject({ status: 'open' });
    expect(sumOfCash(await c.handOuts.owedAt(COUNTER_TERMINAL))).toEqual({ fen: 30_000, times: 251 });
  });

  it('is left as people have it', async () => {
    const { order, refund } = await c.refused();
    c.world.clock.jump(CASE_AFTER_MS);
    await c.watch.round();
    const { _id = '' } = (await caseOf(order, refund)) ?? {};
    await c.cases.resolve(_id, { id: 'anna', name: 'anna' }, 'The household is away until spring.');
    await c.watch.round();
    expect(await caseOf(order, refund)).toMatchObject({ status: 'resolved', reopened: 0 });
    expect(await c.handOuts.owedOf(COUNTER_FLOAT)).toHaveLength(1);
  });

  it('whose case was opened at the very moment it was handed out has no open case for long', async () => {
    const { order, refund } = await c.refused();
    c.world.clock.jump(CASE_AFTER_MS);
    const fact = {
      ...{ by: 'li', staff: 'li', slip: '000117', terminalId: COUNTER_TERMINAL },
      at: new Date(0),
    };
    await c.watch.round();
    await c.world.services.mover.move(order, (now) => cashHandedOut(now, refund.no, fact));
    expect(await caseOf(order, refund)).toMatchObject({ status: 'open' });
    await c.watch.round();
    expect(await caseOf(order, refund)).toMatchObject({
      status: 'resolved',
      resolution: { by: { name: 'li' } },
    });
  });
});

describe('a process that is killed while cash is handed out', () => {
  it.each([
    ['before the float has it', 'float', 'before', undefined],
    ['after the float has it', 'float', 'after', '000117'],
    ['before the order has it', 'order', 'before', '000117'],
    ['after the order has it', 'order', 'after', '000117'],
  ] as const)('%s: float and order say the same in the end', async (_, at, when, slip) => {
    const { order, refund } = await c.refused();
    c.world.clock.jump(CASE_AFTER_MS);
    await c.watch.round();
    dies = (what) => (what === at ? when : 'no');
    await expect(c.handOut(refund, '000117')).rejects.toThrow('killed');
    dies = () => 'no';
    await c.watch.round();
    expect((await c.refundOf(order)).refund.handOut?.status).toBe(slip === undefined ? 'owed' : 'handed-out');
    expect(await caseOf(order, refund)).toMatchObject({ status: slip === undefined ? 'open' : 'resolved' });
    // Whoever comes next with another slip hears of it; whoever was cut off goes on with theirs.
    expect(await codeOf(c.handOut(refund, '000118', 'li'))).toBe(
      slip === undefined ? 'none' : 'refund.handed-out',
    );
    expect((await handedOut()).map((entry) => entry.slip)).toEqual([slip ?? '000118']);
    expect((await c.world.now(order)).refunds.map(slipOf)).toEqual([slip ?? '000118']);
  });

  it('goes on with its slip, though no round has passed', async () => {
    const { order, refund } = await c.refused();
    dies = (what) => (what === 'order' ? 'before' : 'no');
    await expect(c.handOut(refund, '000117')).rejects.toThrow('killed');
    dies = () => 'no';
    expect(await codeOf(c.handOut(refund, '000118', 'li'))).toBe('refund.handed-out');
    expect((await c.world.now(order)).refunds.map(slipOf)).toEqual(['000117']);
    expect((await c.handOut(refund, '000117')).slip).toBe('000117');
  });

  it('hands out nothing twice, whoever dies where and how often it is tried', async () => {
    const step = fc.record({
      ...{ refund: fc.nat(1), slip: fc.nat(3), who: fc.constantFrom('zhang', 'li') },
      dies: fc.constantFrom('no', 'no', 'before', 'after'),
      ...{ at: fc.constantFrom('float', 'order'), round: fc.boolean() },
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
        async (steps) => {
          const refunds = [await c.refused(), await c.refused()];
          const told = new Map<string, Set<string>>();
          const turn = String(c.world.clock.now());
          for (const atOnce of steps) {
            dies = (what) => atOnce.find(({ at }) => at === what)?.dies ?? 'no';
            await Promise.all(
              atOnce.map(async ({ refund: n, slip, who }) => {
                const { refund } = refunds[n] ?? refunds[0] ?? (await c.refused());
                const done = await c.handOut(refund, `${turn}-${slip}`, who).catch(() => undefined);
                if (done !== undefined)
                  told.set(refund.no, (told.get(refund.no) ?? new Set()).add(done.slip));
              }),
            );
            dies = () => 'no';
            if (atOnce.some(({ round }) => round)) await c.watch.round();
          }
          await c.watch.round();
          const all = await handedOut();
          for (const { order, refund } of refunds) {
            const now = await c.refundOf(order);
            const written = all.filter(({ orderNo }) => orderNo === order._id).map(({ slip }) => slip);
            expect(written.length).toBeLessThanOrEqual(1);
            // Whoever was told that it is written down was told what is.
            expect([...(told.get(refund.no) ?? written)]).toEqual(written);
            expect([slipOf(now.refund)]).toEqual(written.length === 0 ? [undefined] : written);
            const events = now.order.events.filter(({ name }) => name === 'refund.handed-out');
            expect(events).toHaveLength(written.length);
          }
          expect(new Set(all.map(({ slip }) => slip)).size).toBe(all.length);
          expect(await c.balance()).toBe(1_000_000);
        },
      ),
      { numRuns: runs(25) },
    );
    expect(await c.cases.list({ limit: 10 }, WHOLE_PROVINCE)).toEqual([]);
  });
});
