import { describe, expect, it } from 'vitest';
import { eachHarness, failureOf, sellTo, ORDER } from './kit.ts';
import type { GridHarness, HarnessHousehold } from '../grid-harness.ts';

/** A credit from afar is credited once, whatever becomes of the messages. */
export function remoteCreditMessages(start: () => Promise<GridHarness>): void {
  describe('a credit from afar', () => {
    const harness = eachHarness(start);
    const sell = (household: HarnessHousehold = 'SLE4442') => sellTo(harness.current, household);
    /** What the meter got since `before`. */
    const meter = (household: HarnessHousehold = 'SLE4442') => harness.current.meter(household);

    it.each([
      ['before', 'not-found'],
      ['after', 'credited'],
      ['http-500', 'credited'],
      ['garbage-signature', 'credited'],
      ['duplicate', 'credited'],
    ] as const)('with %s on the wire is %s when asked about, and credits once', async (fault, status) => {
      const { gateway } = harness.current;
      const before = meter().balanceFen;
      const sale = await sell();
      harness.current.fault('remoteCredit', fault);
      await gateway.remoteCredit(ORDER).catch((error: unknown) => error);
      expect((await gateway.queryCredit(ORDER)).status).toBe(status);
      await gateway.remoteCredit(ORDER);
      expect(meter().balanceFen).toBe(before + sale.creditFen);
    });

    it('that is still travelling when it is sent again credits once', async () => {
      const { gateway } = harness.current;
      const before = meter().balanceFen;
      const sale = await sell();
      harness.current.fault('remoteCredit', 'late');
      expect((await failureOf(gateway.remoteCredit(ORDER))).code).toBe('grid.unknown');
      expect(await gateway.queryCredit(ORDER)).toEqual({ status: 'not-found' });
      await gateway.remoteCredit(ORDER);
      await harness.current.releaseLate();
      expect(meter().balanceFen).toBe(before + sale.creditFen);
    });
  });
}
