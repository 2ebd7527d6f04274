import { sum, type FileTally, type Tally } from '../kit/tally.ts';

const SLOWEST = 20;

/** What `--json` prints: a row of the stage and one of each file. */
export interface TestRow {
  readonly test: 'stage' | 'file';
  readonly name: string;
  readonly seconds: number;
  /** Of all processes for a stage, of the file's own thread for a file; null: the system does not tell. */
  readonly cpuSeconds: number | null;
  readonly passed: number;
  readonly failed: number;
}

/** A stage's rows; checks that ran side by side are in the stage's time once. */
export function rowsOf(
  name: string,
  end: { tallies: readonly Tally[]; seconds: number; cpuSeconds: number | undefined },
): readonly TestRow[] {
  const { tallies, seconds, cpuSeconds = null } = end;
  const { passed, failed } = sum(name, tallies);
  const whole: TestRow = { test: 'stage', name, seconds, cpuSeconds, passed, failed };
  const files = tallies.flatMap((tally) => tally.files ?? []);
  return [whole, ...files.map((file): TestRow => ({ test: 'file', ...file }))];
}

/** What failed, each in its own words, under a heading; nothing where nothing did. */
export function failed(tallies: readonly Tally[]): string {
  const all = tallies.flatMap((tally) => tally.failures ?? []);
  return all.length === 0 ? '' : `\nWhat failed\n${all.join('\n')}\n`;
}

/** The slowest files of a run, a line each. */
export function slowest(tallies: readonly Tally[]): string {
  return tallies
    .flatMap((tally): readonly FileTally[] => tally.files ?? [])
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name}`)
    .join('\n');
}
