import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../gateways/grid/wire/operations.ts';
import { eachHarness, failureOf, ORDER } from './kit.ts';
import type { GridHarness, HarnessCapability } from '../grid-harness.ts';
import { call, offeredOperations, saleOnCpu } from './any-call.ts';

/** What arrives long after it was given up. */
export function lateCalls(
  start: () => Promise<GridHarness>,
  absent: readonly HarnessCapability[] = [],
): void {
  const offered = offeredOperations(absent);

  describe('a call that fails', () => {
    const harness = eachHarness(start);
    const prepare = () => saleOnCpu(harness.current);

    it.each(offered.filter((operation) => OPERATIONS[operation].effect))(
      '%s that arrives long after it was sent again changes nothing more',
      async (operation) => {
        const { image, sell } = await prepare();
        const { gateway } = harness.current;
        if (operation !== 'sell') await gateway.sell(sell);
        harness.current.fault(operation, 'late');
        expect((await failureOf(call(gateway, operation, image, sell))).code).toBe('grid.unknown');
        await call(gateway, operation, image, sell).catch(() => undefined);
        const seen = async (): Promise<unknown> => ({
          standing: harness.current.standing(),
          original: await gateway.queryOriginal(ORDER),
          meter: { ...harness.current.meter('CPU') },
        });
        const before = await seen();
        await harness.current.releaseLate();
        expect(await seen()).toEqual(before);
      },
    );

    it('a sale that is still travelling finds the tombstone', async () => {
      const { sell } = await prepare();
      const { gateway } = harness.current;
      harness.current.fault('sell', 'late');
      expect((await failureOf(gateway.sell(sell))).code).toBe('grid.unknown');
      expect((await gateway.queryOriginal(ORDER)).status).toBe('not-found');
      await gateway.reverse(ORDER, 'not-found');
      await harness.current.releaseLate();
      expect((await gateway.queryOriginal(ORDER)).status).toBe('reversed');
      expect(harness.current.standing()).toEqual([]);
    });

    it('a sale that is still travelling sells when it was not reversed', async () => {
      const { sell } = await prepare();
      const { gateway } = harness.current;
      harness.current.fault('sell', 'late');
      await failureOf(gateway.sell(sell));
      await harness.current.releaseLate();
      expect((await gateway.queryOriginal(ORDER)).status).toBe('sold');
    });
  });
}
