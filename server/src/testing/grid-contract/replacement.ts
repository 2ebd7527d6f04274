import type { GridReplacement } from '../../gateways/grid/replacements.ts';
import type { GridHarness, HarnessCard } from '../grid-harness.ts';

/** The number of a test's first replacement. */
export const REQUEST = 'R260115100000000001';

/** Asks for a card in the place of the customer's own, to be written on `blank`. */
export async function replaceBy(
  harness: GridHarness,
  {
    customerNo,
    blank,
    requestNo = REQUEST,
  }: { readonly customerNo: string; readonly blank: HarnessCard; readonly requestNo?: string | undefined },
): Promise<GridReplacement> {
  return harness.gateway.replaceCard({ requestNo, customerNo, image: await blank.read() });
}
