import { describe, expect, it } from 'vitest';
import { eachHarness, ORDER } from './kit.ts';
import type { GridHarness, HarnessCapability } from '../grid-harness.ts';
import { call, offeredOperations, saleOnCpu } from './any-call.ts';

/** What is delivered twice, or across the cut of the day or the loss of a session, is as once. */
export function repeatedCalls(
  start: () => Promise<GridHarness>,
  absent: readonly HarnessCapability[] = [],
): void {
  const offered = offeredOperations(absent);

  describe('a call that fails', () => {
    const harness = eachHarness(start);
    const prepare = () => saleOnCpu(harness.current);

    it.each(offered)('%s that is delivered twice answers as once', async (operation) => {
      const { image, sell } = await prepare();
      harness.current.fault(operation, 'duplicate');
      const outcome = await call(harness.current.gateway, operation, image, sell).then(
        () => 'answered',
        (error: unknown) => (error as { code: string }).code,
      );
      expect(['answered', 'grid.refused']).toContain(outcome);
      expect(harness.current.standing()).toHaveLength(operation === 'sell' ? 1 : 0);
    });

    it('a sale that is delivered twice is one sale', async () => {
      const { sell } = await prepare();
      harness.current.fault('sell', 'duplicate');
      await harness.current.gateway.sell(sell);
      expect(harness.current.standing()).toEqual([{ orderNo: ORDER, faceFen: sell.faceFen }]);
    });

    it.each(offered)('%s with the day cut in the middle answers as ever', async (operation) => {
      const { image, sell } = await prepare();
      const { gateway } = harness.current;
      if (operation !== 'sell') await gateway.sell(sell);
      const outcome = async (): Promise<unknown> =>
        call(gateway, operation, image, sell).then(
          () => 'answered',
          (error: unknown) => (error as { refusal?: string }).refusal,
        );
      harness.current.fault(operation, 'day-cut');
      const over = await outcome();
      expect(over).not.toBeUndefined();
      expect(await outcome()).toBe(over);
      expect(harness.current.standing()).toHaveLength(operation === 'reverse' ? 0 : 1);
    });

    it.each(offered)('%s goes through a grid that has lost its session keys', async (operation) => {
      const { image, sell } = await prepare();
      harness.current.fault(operation, 'forget-session');
      const outcome = await call(harness.current.gateway, operation, image, sell).then(
        () => 'answered',
        (error: unknown) => (error as { code: string }).code,
      );
      expect(['answered', 'grid.refused']).toContain(outcome);
    });
  });
}
