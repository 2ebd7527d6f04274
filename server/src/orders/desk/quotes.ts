import type { OrderQuote } from '@bianmin/purchase/api/quote';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { asking } from './grid-problem.ts';
import type { Order } from '../model/order.ts';

/**
 * What an order's amount buys, as the grid says now. Nothing is kept of it: what was bought is what the grid sells.
 * Throws `grid.unavailable` or `grid.refused`.
 */
export async function quoteOf(grid: GridGateway, order: Order): Promise<OrderQuote> {
  const { customerNo, meterNo, faceFen, bill } = order;
  // What was used is paid: it buys nothing more.
  if (bill !== undefined) return { creditFen: 0, arrearsFen: faceFen, feeFen: 0, energyWh: null };
  const { creditFen, arrearsFen, feeFen, energyWh } = await asking(
    grid.quote({ customerNo, meterNo, faceFen }),
  );
  return { creditFen, arrearsFen, feeFen, energyWh };
}
