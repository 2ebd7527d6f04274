import { availableParallelism, loadavg } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { printRows } from '../table.ts';
import type { Bench } from './bench.ts';
import { benchApduTime } from './apdu.ts';
import { benchCards } from './cards.ts';
import { benchConsole } from './console.ts';
import { benchFleet } from './fleet.ts';
import { benchGrid } from './grid.ts';
import { benchKiosk, benchKioskInput } from './kiosk.ts';
import { benchNotify } from './notify.ts';
import { benchOrders } from './orders.ts';
import { benchReconcile } from './reconcile.ts';
import { benchColdStart, benchWarmStart } from './start.ts';
import { benchScale } from './scale.ts';
import { benchStb } from './stb.ts';

const BENCHES: Readonly<Record<string, Bench>> = {
  apdu: benchApduTime,
  cards: benchCards,
  console: benchConsole,
  fleet: benchFleet,
  grid: benchGrid,
  kiosk: benchKiosk,
  kioskInput: benchKioskInput,
  notify: benchNotify,
  orders: benchOrders,
  reconcile: benchReconcile,
  scale: benchScale,
  start: benchWarmStart,
  stb: benchStb,
  coldStart: benchColdStart,
};
/** Without a name; a cold start clones and installs, which takes long. */
const DEFAULT = ['cards', 'apdu', 'grid', 'orders', 'start'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    orders: { type: 'string' },
    dir: { type: 'string' },
    terminals: { type: 'string' },
    seconds: { type: 'string' },
  },
});
const seed = Number(values.seed);
const given = (value: string | undefined): number | undefined =>
  value === undefined ? undefined : Number(value);
const counts = {
  orders: given(values.orders),
  terminals: given(values.terminals),
  seconds: given(values.seconds),
};
const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;
const unknown = positionals.filter((name) => BENCHES[name] === undefined);
if (unknown.length > 0 || !isCount(seed) || Object.values(counts).some((count) => !isCount(count ?? 0))) {
  process.stderr.write(
    `Usage: npm run bench -- [NAME…] [--json] [--seed N] [--orders N] [--terminals N] [--seconds N] [--dir FOLDER]; names: ${Object.keys(BENCHES).join(', ')}.\n`,
  );
  process.exit(2);
}

const report = (line: string): void => void process.stderr.write(`${line}\n`);
const cores = availableParallelism();
for (const name of positionals.length > 0 ? positionals : DEFAULT) {
  const bench = BENCHES[name];
  if (bench === undefined) continue;
  try {
    // What else the machine does is part of every figure that is a time.
    const load1m = Number((loadavg()[0] ?? 0).toFixed(2));
    const { rows, engine, faults } = await bench({
      ...{ seed, report },
      ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined)),
      ...(values.dir === undefined ? {} : { dir: values.dir }),
    });
    printRows(
      rows.map((row) => ({ ...row, engine, cores, load1m })),
      values.json,
    );
    if (!values.json) process.stdout.write('\n');
    for (const fault of faults) report(`${name}: ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  } catch (error) {
    report(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
