import type { IdentifyResponse } from '@bianmin/shared/api/card';

/** Whether an order may be made of this amount, fen. */
export function amountFits(
  { minFen, maxFen, stepFen }: IdentifyResponse['limits'],
  faceFen: number,
): boolean {
  return faceFen >= minFen && faceFen <= maxFen && faceFen % Math.max(1, stepFen) === 0;
}
