import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runs } from '@bianmin/card/testing/property-runs';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { CASE_AFTER_MS, CashCounter, type Dies } from '../../testing/cash-counter.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { caseOf, handedOut, slipOf } from '../../testing/handed-out.ts';
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
    expect(await caseOf(c, order, refund)).toMatchObject({
      status: slip === undefined ? 'open' : 'resolved',
    });
    // A cashier who comes next with another slip hears of it; the one who was cut off goes on with theirs.
    expect(await codeOf(c.handOut(refund, '000118', 'li'))).toBe(
      slip === undefined ? 'none' : 'refund.handed-out',
    );
    expect((await handedOut(c)).map((entry) => entry.slip)).toEqual([slip ?? '000118']);
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

  it('hands out nothing twice, wherever a process dies and however often it is tried', async () => {
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
          const all = await handedOut(c);
          for (const { order, refund } of refunds) {
            const now = await c.refundOf(order);
            const written = all.filter(({ orderNo }) => orderNo === order._id).map(({ slip }) => slip);
            expect(written.length).toBeLessThanOrEqual(1);
            // A cashier who was told a slip was told the one that is written down.
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
