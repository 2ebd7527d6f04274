import { afterEach, beforeEach } from 'vitest';
import type { GridGateway, SellRequest } from '../../gateways/grid/contract.ts';
import type { GridCard } from '../../gateways/grid/customers.ts';
import { GridError, type GridErrorCode, type GridRefusal } from '../../gateways/grid/error.ts';
import type { GridHarness, HarnessCard, HarnessHousehold } from '../grid-harness.ts';

/** The number of the first sale of a test, and of the second. */
export const ORDER = '260115100000000001';
export const SECOND = '260115100000000002';

/** How a refusal begins; which one it is follows. */
export const REFUSED = { code: 'grid.refused' } as const;

/** A sale of the next count on this card. */
export function sellRequest(card: GridCard, orderNo: string, faceFen = 5000): SellRequest {
  const { customerNo, meterNo, serial } = card;
  return { orderNo, customerNo, meterNo, serial, faceFen, count: card.soldCount + 1 };
}

/** Awaits a failure and gives what it was. */
export async function failureOf(
  promise: Promise<unknown>,
): Promise<{ code: GridErrorCode; refusal: GridRefusal | undefined }> {
  const error: unknown = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof GridError)) throw new Error('a GridError was expected', { cause: error });
  return { code: error.code, refusal: error.refusal };
}

/** A harness for each test, ended after it. */
export function eachHarness<H extends Pick<GridHarness, 'close'>>(
  start: () => Promise<H>,
): { readonly current: H } {
  const holder: { current: H } = { current: undefined as never };
  beforeEach(async () => {
    holder.current = await start();
  });
  afterEach(() => holder.current.close());
  return holder;
}

/** From the card in the reader to the card that a meter will take. */
export async function buy(
  harness: Pick<GridHarness, 'gateway'>,
  card: HarnessCard,
  orderNo: string,
  faceFen = 5000,
): Promise<void> {
  const { gateway } = harness;
  const image = await card.read();
  await gateway.sell(sellRequest(await gateway.identify(image), orderNo, faceFen));
  await gateway.returnData(orderNo, image.regions);
  await card.write(await gateway.writePlan(orderNo, image));
  await gateway.confirmWrite(orderNo, 'ab'.repeat(32));
}

/** Sells to the card of this household as it lies there, and writes nothing. */
export async function sellTo(
  harness: Pick<GridHarness, 'gateway' | 'card'>,
  household: HarnessHousehold,
  orderNo: string = ORDER,
): ReturnType<GridGateway['sell']> {
  const { gateway } = harness;
  const card = await gateway.identify(await harness.card(household).read());
  return gateway.sell(sellRequest(card, orderNo));
}
