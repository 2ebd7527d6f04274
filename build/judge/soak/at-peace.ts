import { openOfFormer } from '../../../server/sandbox/grid/platform/former-meter.ts';
import type { World } from '../../../server/sandbox/grid/world/world.ts';
import type { Resident, Town } from './grid-town.ts';

/**
 * Whether a household may become another's, or be converted: it has a card still, and has not left. Not while a card that was lied
 * about is to contradict it, nor while a payer is to say what becomes of a credit, nor before the grid's counter moved what was sold
 * for a meter that was exchanged.
 */
export function isAtPeace(
  { world, town }: { readonly world: World; readonly town: Town },
  { customerNo, meterNo }: Resident,
): boolean {
  const household = world.homes.customer(customerNo);
  if (household.account !== undefined || household.closed) return false;
  if (world.sales.openSale(household)?.credit !== undefined) return false;
  if (openOfFormer(world.sales, household) !== undefined) return false;
  return ![...town.lies].some((orderNo) => town.orders.get(orderNo)?.meterNo === meterNo);
}
