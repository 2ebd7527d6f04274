/** What every bench is given, and every row says. */
export interface BenchContext {
  readonly seed: number;
  /** How many orders, purchases or rounds there are to be; absent: as many as docs/figures.md says. */
  readonly orders?: number;
  /** Of `fleet`: how many there are, and how long their beats are held; absent: a province's, a minute. */
  readonly terminals?: number;
  readonly seconds?: number;
  /** A stack's folder with a seeded year; absent: one is made, which takes minutes. */
  readonly dir?: string;
  /** Progress, for people; never on standard output. */
  readonly report: (line: string) => void;
}

export interface BenchResult {
  /** As docs/figures.md names them, without engine and cores. */
  readonly rows: readonly object[];
  /** The database that they were taken on; `none` where there was none. */
  readonly engine: string;
  /** What is wrong: the command then fails. */
  readonly faults: readonly string[];
  /** Goals that were not met: the command fails, unless a size was asked for that the goals are not of. */
  readonly missed?: readonly string[];
}

export type Bench = (context: BenchContext) => Promise<BenchResult>;
