import { describe, expect, it } from 'vitest';
import type { OrderStore } from '../../orders/store/orders.ts';
import { sampleOrder } from '../order-samples.ts';
import { own } from './own-names.ts';

/** The purchases of a household. */
export function purchasesOfHouseholds(name: string, open: () => OrderStore): void {
  describe(`${name} keeps an order store's contract`, () => {
    it("gives a household's paid orders under its name, newest first and page by page", async () => {
      const customerNo = `6501${own().meterNo}`;
      const state = 'done';
      const orders = [{}, { holder: 'present' }, {}].map((held) =>
        sampleOrder({ ...own(), customerNo, state, ...held }),
      );
      const masked = { ...sampleOrder().masked, name: '李*' };
      const others = [
        sampleOrder({ ...own(), state }),
        sampleOrder({ ...own(), customerNo, state: 'closed' }),
        sampleOrder({ ...own(), customerNo, state: 'paying' }),
        sampleOrder({ ...own(), customerNo, state, grid: 'another' }),
        sampleOrder({ ...own(), customerNo, state, masked }),
        sampleOrder({ ...own(), customerNo, state, holder: 'former' }),
      ];
      for (const each of [...others, ...orders]) await open().insert(each);
      const of = { grid: 'collection-v1', customerNo, maskedName: '张*', holder: 'present' };
      const [oldest, middle, newest] = orders.map(({ _id }) => _id);
      const page = async (more: { limit: number; before?: string }) =>
        (await open().purchasesOf(of, more)).map(({ _id }) => _id);
      expect(await page({ limit: 2 })).toEqual([newest, middle]);
      expect(await page({ limit: 2, ...(middle && { before: middle }) })).toEqual([oldest]);
      expect(await page({ limit: 2, ...(oldest && { before: oldest }) })).toEqual([]);
    });
  });
}
