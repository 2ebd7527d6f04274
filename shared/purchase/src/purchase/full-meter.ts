import type { FullMeter } from './view/household.ts';

/** What is known of a meter, as a `Household` has it. */
interface KnownMeter {
  readonly balanceFen: number | null;
  readonly ceilingFen?: number;
  readonly isLive?: true;
}

/** Whether a meter may refuse so much: one that was read just now is never sold more than it takes. */
export function fullMeterOf(
  { balanceFen, ceilingFen, isLive }: KnownMeter,
  creditFen: number,
): FullMeter | undefined {
  if (balanceFen === null || ceilingFen === undefined || isLive) return undefined;
  if (balanceFen + creditFen <= ceilingFen) return undefined;
  return { balanceFen, ceilingFen, belowFen: Math.max(0, ceilingFen - creditFen) };
}
