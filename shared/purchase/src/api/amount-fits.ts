import type { IdentifyResponse } from './card.ts';

/** Whether an order may be made of this amount, fen. */
export function amountFits(
  { minFen, maxFen, stepFen }: IdentifyResponse['limits'],
  faceFen: number,
): boolean {
  return (
    Number.isInteger(faceFen) &&
    faceFen >= minFen &&
    faceFen <= maxFen &&
    faceFen % Math.max(1, stepFen) === 0
  );
}
