import { availableParallelism, loadavg } from 'node:os';
import process from 'node:process';
import { failUsage, readOptions, wholeNumber } from '@bianmin/purchase/node/cli-options';
import { printRows } from '../../kit/table.ts';
import type { Bench } from './bench.ts';
import { benchApduTime } from './apdu.ts';
import { benchArchive } from './archive.ts';
import { benchCards } from './cards.ts';
import { benchConsole } from './console.ts';
import { benchCounter } from './counter.ts';
import { benchFleet } from './fleet.ts';
import { benchGrid } from './grid.ts';
import { benchHouseholds } from './households.ts';
import { benchKiosk, benchKioskInput } from './kiosk.ts';
import { benchNotify } from './notify.ts';
import { benchOrders } from './orders.ts';
import { benchReconcile } from './reconcile.ts';
import { benchColdStart, benchWarmStart } from './start.ts';
import { benchScale } from './scale.ts';
import { benchStb } from './stb.ts';

const BENCHES: Readonly<Record<string, Bench>> = {
  apdu: benchApduTime,
  archive: benchArchive,
  cards: benchCards,
  console: benchConsole,
  counter: benchCounter,
  fleet: benchFleet,
  grid: benchGrid,
  households: benchHouseholds,
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

const USAGE = `Usage: npm run bench -- [NAME…] [--json] [--seed N] [--orders N] [--terminals N] [--seconds N] [--data FOLDER]
Figures, a row each: ${Object.keys(BENCHES).join(', ')}; ${DEFAULT.join(', ')} where none is named.
  --orders N       how many orders, purchases or rounds there are; docs/figures.md says of which
  --terminals N    of fleet: how many there are
  --seconds N      of fleet: how long their beats are held
  --data FOLDER    a stack's folder with a seeded year (npm run seed:year)
  --seed N         the same run again; 1
  --json           a row a line, for programs
`;

const { values, positionals } = readOptions({
  usage: USAGE,
  words: Object.keys(BENCHES).length,
  options: {
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    orders: { type: 'string' },
    data: { type: 'string' },
    terminals: { type: 'string' },
    seconds: { type: 'string' },
  },
});
const seed = wholeNumber(values.seed, { usage: USAGE, option: 'seed' });
const counts = {
  orders: wholeNumber(values.orders, { usage: USAGE, option: 'orders' }),
  terminals: wholeNumber(values.terminals, { usage: USAGE, option: 'terminals' }),
  seconds: wholeNumber(values.seconds, { usage: USAGE, option: 'seconds' }),
};
const unknown = positionals.filter((name) => BENCHES[name] === undefined);
if (unknown.length > 0) failUsage(USAGE, `There is no bench ${unknown.join(', ')}.`);

const report = (line: string): void => void process.stderr.write(`${line}\n`);
const cores = availableParallelism();
/** Goals are of the sizes that docs/figures.md names; a smaller run only shows that everything works. */
const ownSize = Object.values(counts).some((count) => count !== undefined);
for (const name of positionals.length > 0 ? positionals : DEFAULT) {
  const bench = BENCHES[name];
  if (bench === undefined) continue;
  try {
    // What else the machine does is part of every figure that is a time.
    const load1m = Number((loadavg()[0] ?? 0).toFixed(2));
    const { rows, engine, ...found } = await bench({
      ...{ seed, report },
      ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined)),
      ...(values.data === undefined ? {} : { dir: values.data }),
    });
    printRows(
      rows.map((row) => ({ ...row, engine, node: process.versions.node, cores, load1m })),
      values.json,
    );
    if (!values.json) process.stdout.write('\n');
    const { faults, missed = [] } = found;
    for (const said of [...faults, ...missed]) report(`${name}: ${said}`);
    if (faults.length > 0 || (missed.length > 0 && !ownSize)) process.exitCode = 1;
  } catch (error) {
    report(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
