import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../gateways/grid/wire/operations.ts';
import { eachHarness, failureOf, ORDER } from './kit.ts';
import type { GridHarness, HarnessCapability, HarnessFault } from '../grid-harness.ts';
import { call, offeredOperations, operationsOf, saleOnCpu } from './any-call.ts';

/** Faults after which the caller cannot know what happened. */
const SILENT: readonly HarnessFault[] = [
  'before',
  'after',
  'delay',
  'http-500',
  'garbage-signature',
  'other-id',
];

/** Every way in which a call can stay without a good answer, and what the caller may conclude from it. */
export function silentCalls(
  start: () => Promise<GridHarness>,
  absent: readonly HarnessCapability[] = [],
): void {
  const offered = offeredOperations(absent);

  describe('a call that fails', () => {
    const harness = eachHarness(start);
    const prepare = () => saleOnCpu(harness.current);

    it.each(SILENT.flatMap((fault) => offered.map((operation) => [operation, fault] as const)))(
      '%s with %s: unknown where it may have happened, unavailable where it has no effect',
      async (operation, fault) => {
        const { image, sell } = await prepare();
        harness.current.fault(operation, fault);
        expect((await failureOf(call(harness.current.gateway, operation, image, sell))).code).toBe(
          OPERATIONS[operation].effect ? 'grid.unknown' : 'grid.unavailable',
        );
      },
    );

    it.runIf(absent.length > 0)('refuses by name what this grid does not offer', async () => {
      const { image, sell } = await prepare();
      for (const operation of absent.flatMap(operationsOf)) {
        expect(await failureOf(call(harness.current.gateway, operation, image, sell))).toEqual({
          code: 'grid.refused',
          refusal: 'other',
        });
      }
    });

    it.each([
      ['before', 'not-found'],
      ['after', 'sold'],
      ['delay', 'sold'],
      ['http-500', 'sold'],
      ['garbage-signature', 'sold'],
      ['other-id', 'sold'],
      ['wrong-amount', 'sold'],
    ] as const)('a sale with %s is unknown, and asking says %s', async (fault, status) => {
      const { sell } = await prepare();
      const { gateway } = harness.current;
      harness.current.fault('sell', fault);
      expect((await failureOf(gateway.sell(sell))).code).toBe('grid.unknown');
      expect((await gateway.queryOriginal(ORDER)).status).toBe(status);
      expect(harness.current.standing()).toHaveLength(status === 'sold' ? 1 : 0);
    });

    it('a reversal that got no answer is asked about', async () => {
      const { sell } = await prepare();
      const { gateway } = harness.current;
      await gateway.sell(sell);
      harness.current.fault('reverse', 'after');
      expect((await failureOf(gateway.reverse(ORDER, 'requested'))).code).toBe('grid.unknown');
      expect(await gateway.queryReversal(ORDER)).toEqual({ status: 'reversed' });
    });
  });
}
