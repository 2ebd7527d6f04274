import type { SamplePurchase } from '@bianmin/card/testing/sample-purchase';
import { serialOf } from '../orders/desk/wire-image.ts';
import type { GridGateway } from '../gateways/grid/contract.ts';
import { sampleOrder } from './order-samples.ts';

export type Sold = SamplePurchase & { readonly meterNo: string };

/** Knows each sample's plan by its order number; what a rewrite does not ask is not there. */
export function gridOf(purchases: Map<string, Sold>): GridGateway {
  const of = (orderNo: string): Sold => {
    const purchase = purchases.get(orderNo);
    if (purchase === undefined) throw new Error(`The grid sold nothing under ${orderNo}.`);
    return purchase;
  };
  const grid: Partial<GridGateway> = {
    grid: 'collection-v1',
    identify: (image) => {
      const serial = serialOf(image);
      const sold = [...purchases.values()].find(({ plan }) => plan.serial === serial);
      if (sold === undefined) return Promise.reject(new Error('The grid knows no such card.'));
      const { meterNo, count } = sold;
      const counts = { soldCount: count, cardCount: count - 1, creditedCount: count - 1 };
      const limits = {
        balanceFen: null,
        balanceAt: null,
        balanceLive: false,
        ceilingFen: null,
        arrearsFen: 0,
        minFen: 1000,
        maxFen: 50_000,
      };
      const { customerNo } = sampleOrder();
      const household = { customerNo, customerName: '张三', address: '天山区1号', meterNo };
      return Promise.resolve({
        ...household,
        ...counts,
        ...limits,
        chip: image.chip,
        serial,
        previousInserted: false,
      });
    },
    returnData: () => Promise.resolve(),
    writePlan: (orderNo) => Promise.resolve({ ...of(orderNo).plan, orderNo }),
    authorise: async ({ orderNo, stage, gathered }) => ({
      ...(await of(orderNo).authorise({ stage, gathered })),
      orderNo,
    }),
    confirmWrite: () => Promise.resolve(),
  };
  return grid as GridGateway;
}
