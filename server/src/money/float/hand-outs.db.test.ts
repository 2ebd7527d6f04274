import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postingsOf } from '../ledger/order-postings.ts';
import type { ProblemError } from '../../kernel/problem.ts';
import { CashCounter, COUNTER_FLOAT, COUNTER_TERMINAL, type Dies } from '../../testing/cash-counter.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { HERE } from '../../testing/staff-world.ts';
import { handedOut, slipOf } from '../../testing/handed-out.ts';
import { codeOf } from '../../testing/problem-code.ts';

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

describe("a refund's cash", () => {
  it('is owed once the float has the money back, and until it is written down that the household has it', async () => {
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

  it('is told where the household’s card is put in, until it is handed out', async () => {
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
    expect(await handedOut(c)).toHaveLength(1);
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
    expect((await handedOut(c)).map(({ slip }) => slip)).toEqual([winner]);
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
    expect(await handedOut(c)).toEqual([]);
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
