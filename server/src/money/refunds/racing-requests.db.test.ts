import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runs } from '@bianmin/card/testing/property-runs';
import type { Order } from '../../orders/model/order.ts';
import { refundableFen } from '../../orders/model/state.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { HERE, staffMember } from '../../testing/staff-world.ts';
import { RefundWorld } from '../../testing/refund-world.ts';

let t: TestContext;
let kiosk: FakeTerminal;

beforeAll(async () => {
  t = await openTestContext();
  kiosk = await fakeTerminal('kiosk-a');
});
afterAll(() => t.close());
let w: RefundWorld;
beforeEach(async () => {
  w = await RefundWorld.open(t, kiosk, 'memory');
});

/** What racers ask for, and which of the requests that were taken are then allowed, in what order. */
const RACE = fc.record({
  sums: fc.array(fc.option(fc.integer({ min: 1, max: 4000 })), { minLength: 2, maxLength: 8 }),
  accepts: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
});

describe.each(['memory', 'mongo'] as const)('racing requests on the %s store', (where) => {
  it('never give back more than was paid', async () => {
    w = await RefundWorld.open(t, kiosk, where);
    await fc.assert(
      fc.asyncProperty(RACE, async ({ sums, accepts }) => {
        const order = await w.done();
        const before = w.given().length;
        const taken = await Promise.all(
          sums.map((fen, n) =>
            w.refunds.request(w.body(order, fen), staffMember(`anna-${n}`), HERE).catch((error: unknown) => {
              if (error instanceof ProblemError && error.code === 'refund.exceeds') return undefined;
              throw error;
            }),
          ),
        );
        const funding = (now: Order) => now.payments[0];
        const reserved = await w.world.now(order);
        const payment = funding(reserved);
        expect(payment && refundableFen(reserved, payment)).toBeGreaterThanOrEqual(0);
        // A request that was refused asked for more than was left.
        const numbers = taken.flatMap((each) => (each === undefined ? [] : [each.refund.no]));
        await Promise.all(numbers.map((no, n) => w.allow(no, accepts[n] ?? true)));
        await Promise.all([w.world.work(), w.world.services.sweeper.sweep()]);
        await w.world.pass(3_000);
        const back = w.given().slice(before);
        expect(back.reduce((sum, fen) => sum + fen, 0)).toBeLessThanOrEqual(5000);
        const after = await w.world.now(order);
        expect(
          after.refunds
            .filter(({ status }) => status === 'done')
            .map(({ fen }) => fen)
            .toSorted(),
        ).toEqual(back.toSorted());
        expect(after.refunds.every(({ status }) => status === 'done' || status === 'rejected')).toBe(true);
      }),
      { numRuns: runs(where === 'memory' ? 60 : 8) },
    );
  });
});
