import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namedUri } from '../../kit/db/given.ts';
import { openDatabase } from '../../kit/db/open.ts';
import { runToEnd } from '../../kit/process/run-to-end.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { cpuMsOf } from './cpu-time.ts';
import { writeReconcileInput, type ReconcileInput } from './reconcile-input.ts';
import { storeOrders } from './reconcile-orders.ts';
import type { ReconcileRun } from './reconcile-run.ts';

const ROWS = 1_000_000;
const GOAL_RSS_MB = 400;
const GOAL_RATIO = 2;
const GOAL_FROM_DATABASE_SECONDS = 20;

interface ReconcileRow {
  readonly bench: 'reconcile';
  /** Of each of the three files. */
  readonly rows: number;
  readonly seconds: number;
  /** With the order side read from the database and written to a file first. */
  readonly fromDatabaseSeconds: number;
  /** CPU time of that, which other work on the machine disturbs least: by process. */
  readonly fromDatabaseCpuSeconds: Readonly<Record<string, number>>;
  readonly peakRssMb: number;
  /** `LC_ALL=C sort` of each file and `join` of the three. */
  readonly floorSeconds: number;
  readonly ratioToFloor: number;
  readonly peakRssFromDatabaseMb: number;
  readonly differences: number;
}

/** A day of a million orders, three ways, beside what sort and join take for the same files. */
export async function benchReconcile({
  seed,
  report,
  orders: rows = ROWS,
}: BenchContext): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bianmin-reconcile-'));
  const database = await openDatabase({ dir: join(folder, 'db'), durable: true, progress: report });
  try {
    const databaseUri = namedUri(database.uri, 'reconcile');
    const input = await writeReconcileInput(folder, { rows, seed });
    report(`three files of ${rows} lines, ${input.planted.length} differences`);
    const { ms, code, output } = await floor(folder, input);
    if (code !== 0) throw new Error(`sort and join failed: ${output}`);
    const files = await run(input.paths);
    report(`reconciled in ${files.seconds.toFixed(1)} s; sort and join took ${(ms / 1000).toFixed(1)} s`);
    await storeOrders(databaseUri, { rows, seed, report });
    const databaseBefore = await cpuMsOf(database.program?.pid);
    const stored = await run({ ...input.paths, orders: join(folder, 'stored.csv') }, databaseUri);
    const databaseAfter = await cpuMsOf(database.program?.pid);
    const row: ReconcileRow = {
      bench: 'reconcile',
      rows,
      seconds: round(files.seconds),
      fromDatabaseSeconds: round(stored.seconds),
      fromDatabaseCpuSeconds: {
        reconciliation: round(stored.cpuSeconds),
        ...(databaseBefore !== undefined &&
          databaseAfter !== undefined && { database: round((databaseAfter - databaseBefore) / 1000) }),
      },
      peakRssMb: round(files.peakRssMb),
      floorSeconds: round(ms / 1000),
      ratioToFloor: round((files.seconds * 1000) / ms),
      peakRssFromDatabaseMb: round(stored.peakRssMb),
      differences: files.found.length,
    };
    return {
      rows: [row],
      engine: database.engine,
      faults: [
        ...reconcileFaults('from the file', files, input.planted),
        ...reconcileFaults('from the database', stored, storedDifferences(input.planted)),
      ],
      missed: [
        ...(row.ratioToFloor > GOAL_RATIO ? [`it took ${row.ratioToFloor} times sort and join`] : []),
        ...(row.fromDatabaseSeconds > GOAL_FROM_DATABASE_SECONDS
          ? [`it took ${row.fromDatabaseSeconds} s from the database`]
          : []),
      ],
    };
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sentences about what was missed, what was found and not there, and memory. */
function reconcileFaults(where: string, run: ReconcileRun, planted: readonly string[]): readonly string[] {
  const [known, found] = [new Set(planted), new Set(run.found)];
  const missed = planted.filter((each) => !found.has(each));
  const invented = run.found.filter((each) => !known.has(each));
  return [
    ...(missed.length > 0
      ? [`${where}: ${missed.length} differences were missed, as ${missed[0] ?? ''}`]
      : []),
    ...(invented.length > 0
      ? [`${where}: ${invented.length} differences are none, as ${invented[0] ?? ''}`]
      : []),
    ...(run.found.length > found.size ? [`${where}: a difference was found twice`] : []),
    ...(run.peakRssMb > GOAL_RSS_MB ? [`${where}: ${Math.round(run.peakRssMb)} MB at the peak`] : []),
  ];
}

/** An order's words about what it does not know to be sold are asked for, not exported: its bill's line stands alone then. */
function storedDifferences(planted: readonly string[]): string[] {
  return planted.map((each) => each.replace('STATUS_DIFF', 'GRID_ONLY')).toSorted();
}

async function run(paths: ReconcileInput['paths'], database?: string): Promise<ReconcileRun> {
  const { code, output } = await runToEnd(process.execPath, [
    ...['--import', 'tsx', join(import.meta.dirname, 'reconcile-run.ts')],
    ...['--channel', paths.channel, '--orders', paths.orders, '--grid', paths.grid],
    ...(database === undefined ? [] : ['--database', database]),
  ]);
  if (code !== 0) throw new Error(`The reconciliation ended with ${code}: ${output.slice(-500)}`);
  return JSON.parse(output.trim()) as ReconcileRun;
}

/** Both find what has no partner, which is the least that a reconciliation does. */
function floor(folder: string, { paths }: ReconcileInput): ReturnType<typeof runToEnd> {
  const sorted = (side: string): string => join(folder, `${side}.sorted`);
  const script = [
    'set -e',
    ...Object.entries(paths).map(([side, path]) => `sort -t, -k1,1 -o '${sorted(side)}' '${path}'`),
    `join -t, -a1 -a2 '${sorted('channel')}' '${sorted('orders')}' | join -t, -a1 -a2 - '${sorted('grid')}' > '${join(folder, 'joined')}'`,
  ].join('\n');
  return runToEnd('sh', ['-c', script], { env: { ...process.env, LC_ALL: 'C' } });
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
