/**
 * Where a test file runs, by the end of its name: `pure` starts no process, `db` has the run's database and Redis,
 * `process` starts programs of its own, `contract` is a suite that each implementation goes through.
 */
const FLOORS = ['pure', 'db', 'process', 'contract'] as const;
export type Floor = (typeof FLOORS)[number];

/** Which files are of a floor, below a folder. */
export const FLOOR_FILES: Readonly<Record<Floor, string>> = {
  pure: '*.test.ts',
  db: '*.db.test.ts',
  process: '*.process.test.ts',
  contract: '*.contract.test.ts',
};

/** The floor of a test file; undefined: it is none. */
export function floorOf(path: string): Floor | undefined {
  if (!path.endsWith('.test.ts')) return undefined;
  const named = /\.(db|process|contract)\.test\.ts$/.exec(path)?.[1];
  return FLOORS.find((floor) => floor === named) ?? 'pure';
}
