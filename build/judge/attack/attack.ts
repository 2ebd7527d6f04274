import type { Patch } from './patch.ts';
import type { World } from './world.ts';

/** What became of one attempt. `how`: what was answered, and what was found where it would have done harm. */
export interface Outcome {
  /** The attacker has what they wanted. */
  readonly through: boolean;
  readonly how: string;
}

/** One thing that somebody tries, and the defence that must be what stops them. */
export interface Attack {
  /** Its name in rows, and of the switch that removes its defence. */
  readonly attack: string;
  /** A sentence: who tries what. */
  readonly name: string;
  /** In the set that every run of CI takes, too. */
  readonly short?: true;
  /** The defence, as changes of the product's source; only while this attack is tried without it do they hold. */
  readonly removes?: readonly Patch[];
  /** The same in nginx's files. */
  readonly removesAtProxy?: readonly Patch[];
  /** Programs that it starts besides the stack's own, as their sources. */
  readonly programs?: readonly string[];
  /** Throws where the attempt itself could not be made. */
  attempt(world: World): Promise<Outcome>;
}

export const through = (how: string): Outcome => ({ through: true, how });
export const stopped = (how: string): Outcome => ({ through: false, how });
