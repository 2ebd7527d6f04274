import { describe, expect, it } from 'vitest';
import type { CardImage } from '@bianmin/card/meter-card/image';
import type { SellRequest } from '../../gateways/grid/contract.ts';
import { eachHarness, failureOf, sellRequest, ORDER } from './kit.ts';
import type { GridHarness } from '../grid-harness.ts';

/** The line itself: what never left, the breaker, sessions, and what is reported of calls. */
export function gridLine(start: () => Promise<GridHarness>): void {
  describe('the line', () => {
    const harness = eachHarness(start);
    const prepare = async (): Promise<{ image: CardImage; sell: SellRequest }> => {
      const image = await harness.current.card('CPU').read();
      return { image, sell: sellRequest(await harness.current.gateway.identify(image), ORDER) };
    };

    it.each(['nobody-listens', 'wrong-grid-key', 'unknown-agent', 'clock-slow'] as const)(
      'with %s never left: unavailable, nothing sold',
      async (how) => {
        const { sell } = await prepare();
        expect((await failureOf(harness.current.bent(how).sell(sell))).code).toBe('grid.unavailable');
        expect(harness.current.standing()).toEqual([]);
      },
    );

    it('opens the breaker after failures in a row, and closes it when the grid answers again', async () => {
      const { image } = await prepare();
      const { gateway, clock } = harness.current;
      harness.current.fault('identify', 'before', 100);
      for (let i = 0; i < 100; i += 1) await failureOf(gateway.identify(image));
      const reached = harness.current.calls.filter((made) => made.cryptoMs > 0).length;
      expect(reached).toBeLessThan(30);
      expect((await failureOf(gateway.reverse(ORDER, 'requested'))).code).toBe('grid.unavailable');
      expect((await failureOf(gateway.identify(image))).code).toBe('grid.unavailable');
      clock.jump(60_000);
      await failureOf(gateway.identify(image)); // one try, and closed again for a while
      const after = harness.current.calls.filter((made) => made.cryptoMs > 0).length;
      expect(after).toBe(reached + 1);
    });

    it('keeps working across the renewal of its session', async () => {
      const { image } = await prepare();
      const { gateway, clock } = harness.current;
      for (let i = 0; i < 4; i += 1) {
        clock.jump(3_000_000);
        await gateway.identify(image);
      }
    });

    it('is reported with its outcome and the time that cryptography took', async () => {
      const { image } = await prepare();
      expect(harness.current.calls.at(-1)).toMatchObject({ operation: 'identify', outcome: 'ok' });
      expect(harness.current.calls.at(-1)?.cryptoMs).toBeGreaterThan(0);
      harness.current.fault('reverse', 'before');
      await failureOf(harness.current.gateway.reverse(ORDER, 'requested'));
      await failureOf(harness.current.gateway.writePlan(ORDER, image));
      expect(harness.current.calls.slice(-2).map(({ outcome }) => outcome)).toEqual(['unknown', 'refused']);
    });
  });
}
