import type { Equivalent } from './equivalent.ts';

/** One place that was made wrong, and what became of it. */
export interface Mutant {
  readonly file: string;
  /** From where to where, as `placeOf` takes it: `LINE:COLUMN-LINE:COLUMN`, lines from 1, columns from 0. */
  readonly at: string;
  readonly mutator: string;
  readonly was: string;
  readonly becomes: string;
  readonly status: string;
}

/** The same place made wrong in the same way has the same one. */
export const keyOf = ({ file, at, mutator, becomes }: Omit<Mutant, 'status' | 'was'>): string =>
  [file, at, mutator, becomes].join(' ');

/** What a run is told to try no more than this. */
export const placeOf = ({ file, at }: Pick<Mutant, 'file' | 'at'>): string => `${file}:${at}`;

export interface FolderScore {
  readonly mutate: string;
  readonly killed: number;
  readonly survived: number;
  readonly equivalent: number;
  /** Percent of those that a test could notice. */
  readonly score: number;
}

/** What tests noticed: they failed, or did not end. */
const NOTICED = ['Killed', 'Timeout'];
export const isNoticed = ({ status }: Mutant): boolean => NOTICED.includes(status);
/** What they did not: they passed, or none came there. */
export const UNNOTICED = ['Survived', 'NoCoverage'] as const;
export const isUnnoticed = ({ status }: Mutant): boolean => UNNOTICED.some((each) => each === status);

/** Those that a test should have noticed. */
export function survivorsOf(mutants: readonly Mutant[], equivalent: readonly Equivalent[]): Mutant[] {
  return mutants.filter(
    (mutant) => isUnnoticed(mutant) && !equivalent.some((known) => isTheSame(known, mutant)),
  );
}

/** A folder's row. A mutant with which nothing could be loaded counts on neither side. */
export function scoreOf(
  folder: string,
  mutants: readonly Mutant[],
  equivalent: readonly Equivalent[],
): FolderScore {
  const killed = mutants.filter(isNoticed).length;
  const survived = survivorsOf(mutants, equivalent).length;
  const unnoticed = mutants.filter(isUnnoticed).length;
  const tried = killed + survived;
  const score = tried === 0 ? 100 : Math.floor((killed / tried) * 1000) / 10;
  return { mutate: folder, killed, survived, equivalent: unnoticed - survived, score };
}

/** Those that stand in the list and that no mutant is any more, or that a test notices by now. */
export function uselessOf(mutants: readonly Mutant[], equivalent: readonly Equivalent[]): Equivalent[] {
  const files = new Set(mutants.map(({ file }) => file));
  return equivalent.filter(
    (known) =>
      files.has(known.file) && !mutants.some((mutant) => isUnnoticed(mutant) && isTheSame(known, mutant)),
  );
}

function isTheSame(known: Equivalent, { file, mutator, was, becomes }: Mutant): boolean {
  return known.file === file && known.mutator === mutator && known.was === was && known.becomes === becomes;
}
