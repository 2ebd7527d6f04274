import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '@bianmin/shared/testing/property-runs';
import { simulateOrder } from './order-simulation.ts';

it('whoever goes on first, an order that two wallets pay is credited or given back once, and ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.nat(), async (scheduler, seed) => {
      const { order, violations, sells } = await simulateOrder({ scheduler, seed });
      expect(violations, JSON.stringify(order, null, 1)).toEqual([]);
      expect(order.events.length).toBeLessThanOrEqual(200);
      // Each try that was written down is sent once at most.
      expect(sells).toBeLessThanOrEqual(order.sale.tries ?? 0);
    }),
    // The seed replays it; a shorter interleaving of the same is looked for in vain for minutes.
    { numRuns: runs(400), endOnFailure: true },
  );
});
