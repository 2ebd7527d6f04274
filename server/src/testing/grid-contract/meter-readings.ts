import { describe, expect, it } from 'vitest';
import type { GridHarness } from '../grid-harness.ts';
import { buy, eachHarness, failureOf, ORDER } from './kit.ts';

/** What the suite needs of a grid: also of one that has no wire. */
export type ReadingHarness = Pick<GridHarness, 'gateway' | 'card' | 'meter' | 'link' | 'close'>;

/** A meter that the grid asks from afar. */
export function meterReadings(start: () => Promise<ReadingHarness>): void {
  describe('a meter that is read from afar', () => {
    const harness = eachHarness(start);
    const identify = async () =>
      harness.current.gateway.identify(await harness.current.card('SLE4442').read());
    const read = async () => harness.current.gateway.readMeter(await identify());

    it('says its own count and what it holds', async () => {
      const { meterNo } = await identify();
      const { count, balanceFen } = harness.current.meter('SLE4442');
      const readAt = expect.any(String) as string;
      expect(await read()).toEqual({ meterNo, count, balanceFen, readAt });
    });

    it('proves a purchase once it has it, and not before: the grid knows it, too', async () => {
      const { gateway, card, meter } = harness.current;
      const { customerNo, soldCount } = await identify();
      await buy(harness.current, card('SLE4442'), ORDER);
      expect((await read())?.count).toBe(soldCount);
      expect((await gateway.identifyCustomer(customerNo)).previousInserted).toBe(false);
      card('SLE4442').insert();
      const { meterNo } = await gateway.identifyCustomer(customerNo);
      const { count, balanceFen } = meter('SLE4442');
      expect(await gateway.readMeter({ customerNo, meterNo })).toMatchObject({ count, balanceFen });
      expect(count).toBe(soldCount + 1);
      expect(await gateway.identifyCustomer(customerNo)).toMatchObject({
        ...{ creditedCount: count, previousInserted: true },
      });
    });

    it.each(['offline', 'dead', 'answer-lost'] as const)('says nothing while it is %s', async (link) => {
      await identify();
      harness.current.link('SLE4442', link);
      expect(await read()).toBeNull();
    });

    it('is its own household’s', async () => {
      const { gateway, card } = harness.current;
      const { meterNo } = await identify();
      const { customerNo } = await gateway.identify(await card('CPU').read());
      for (const [asked, refusal] of [
        [{ customerNo, meterNo }, 'card-foreign'],
        [{ customerNo: '000000000000', meterNo }, 'card-unknown'],
      ] as const)
        expect(await failureOf(gateway.readMeter(asked))).toEqual({ code: 'grid.refused', refusal });
    });
  });
}
