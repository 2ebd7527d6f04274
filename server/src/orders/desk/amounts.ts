import type { IdentifyResponse } from '@bianmin/shared/api/card';
import type { GridCard } from '../../gateways/grid/customers.ts';

/** Sums that a screen offers, in fen. */
const PRESETS_FEN: readonly number[] = [5_000, 10_000, 20_000];
/** Whole yuan. */
const STEP_FEN = 100;

/** What a screen offers of what the grid allows. */
export function limitsOf(card: Pick<GridCard, 'minFen' | 'maxFen'>): IdentifyResponse['limits'] {
  const minFen = Math.ceil(card.minFen / STEP_FEN) * STEP_FEN;
  const presetsFen = PRESETS_FEN.filter((preset) => preset >= minFen && preset <= card.maxFen);
  return { minFen, maxFen: card.maxFen, stepFen: STEP_FEN, presetsFen };
}

/** Whether an amount is one that `limitsOf` lets a screen offer. */
export function isOffered(allowed: Pick<GridCard, 'minFen' | 'maxFen'>, faceFen: number): boolean {
  return faceFen > 0 && faceFen >= allowed.minFen && faceFen <= allowed.maxFen && faceFen % STEP_FEN === 0;
}
