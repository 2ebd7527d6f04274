import { bytesOf, type CardImage } from '@bianmin/card/meter-card/image';
import type { WritePlan } from '@bianmin/card/meter-card/plan';
import type { GridSale } from '../gateways/grid/contract.ts';
import type { GridQuote } from '../gateways/grid/customers.ts';
import { GridError, type GridRefusal } from '../gateways/grid/error.ts';
import { plainPlan } from './fake-card.ts';

export function customerOf(meterNo: string): string {
  return `6501${meterNo}`;
}

export function meterOf(image: CardImage): string {
  const bytes = bytesOf(image, { zone: 'meter', offset: 0, length: 12 });
  if (bytes === undefined) throw refused('card-damaged');
  return Buffer.from(bytes).toString('latin1');
}

/** The plan that brings the meter what is left of a sale after arrears and fee. */
export function planOf(sale: GridSale & { readonly serial: string }): WritePlan {
  return plainPlan({ ...sale, faceFen: sale.creditFen });
}

/** The caller does not hear what became of it. */
export function quietly(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof GridError)) throw error;
  }
}

export function unknown(): GridError {
  return new GridError({ code: 'grid.unknown', message: 'The grid did not answer.' });
}

export function refused(refusal: GridRefusal): GridError {
  return new GridError({ code: 'grid.refused', message: `The grid refused: ${refusal}.`, refusal });
}

const PRICE_MILLI_FEN = 50_000;

/** One flat price, no arrears, no fee. */
export function fakeQuote(faceFen: number): GridQuote {
  const energyWh = Math.floor((faceFen * 1_000_000) / PRICE_MILLI_FEN);
  return {
    faceFen,
    creditFen: faceFen,
    arrearsFen: 0,
    feeFen: 0,
    discountFen: 0,
    energyWh,
    tiers: [{ name: '居民', priceMilliFen: PRICE_MILLI_FEN, energyWh }],
  };
}
