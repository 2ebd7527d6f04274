import type { Tries } from '../chip/contract.ts';

/** Whether the code may be presented, and if not, why. */
export type CodeDecision = 'present' | 'too-few' | 'locked';

/**
 * Each presentation risks a try: it is lost if the card is pulled inside, and comes back with the next right
 * code. So the code is presented only where all tries are there, or where at least two remain and we were interrupted:
 * our own journal says so, or the server, which never heard what became of an earlier release of the same sale. A card
 * that lost tries elsewhere is for staff: a code that is wrong
 * for an unknown reason must never meet the last tries. `lastTry`: staff have decided that it is right (a plan that only
 * they can have released says so), and with it the card gets all its tries back.
 */
export function decideCode(tries: Tries, interruptedByUs: boolean, lastTry = false): CodeDecision {
  if (tries.left === 0) return 'locked';
  if (tries.left === tries.full || lastTry) return 'present';
  return interruptedByUs && tries.left >= 2 ? 'present' : 'too-few';
}
