import type { IdentifyResponse } from '@bianmin/purchase/api/card';
import type { GridCard } from '../../gateways/grid/customers.ts';

/** Sums that a screen offers, in fen. */
const PRESETS_FEN: readonly number[] = [5_000, 10_000, 20_000];
/** Whole yuan. */
const STEP_FEN = 100;

/**
 * What kiosk, box and phone offer of what the grid allows. They have no amounts of their own: these are `limits` in the answer to a
 * card that was identified (`desk/cards.ts`) and to a customer number (`desk/remote-orders.ts`).
 */
export function limitsOf(card: Pick<GridCard, 'minFen' | 'maxFen'>): IdentifyResponse['limits'] {
  const minFen = Math.ceil(card.minFen / STEP_FEN) * STEP_FEN;
  const maxFen = Math.floor(card.maxFen / STEP_FEN) * STEP_FEN;
  const least = Math.min(...PRESETS_FEN);
  // A meter that is nearly full takes less than any of them: then the most that it takes is offered by itself.
  const offered = maxFen < least ? [maxFen] : PRESETS_FEN;
  const presetsFen = offered.filter((preset) => preset >= minFen && preset <= maxFen);
  return { minFen, maxFen, stepFen: STEP_FEN, presetsFen };
}

/** Whether an amount is one that `limitsOf` lets a screen offer. */
export function isOffered(allowed: Pick<GridCard, 'minFen' | 'maxFen'>, faceFen: number): boolean {
  return faceFen > 0 && faceFen >= allowed.minFen && faceFen <= allowed.maxFen && faceFen % STEP_FEN === 0;
}
