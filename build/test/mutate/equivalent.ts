/** A mutant that no test can notice, since the program does the same with it. */
export interface Equivalent {
  readonly file: string;
  /** The mutator's name, as the report prints it. */
  readonly mutator: string;
  /** What stands there, and what it becomes, as the report prints them. */
  readonly was: string;
  readonly becomes: string;
  readonly why: string;
}

export const EQUIVALENT: readonly Equivalent[] = [];
