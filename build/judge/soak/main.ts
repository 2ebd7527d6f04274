import { availableParallelism } from 'node:os';
import process from 'node:process';
import { failUsage, readOptions, wholeNumber } from '@bianmin/purchase/node/cli-options';
import { printRows } from '../../kit/table.ts';
import { SOAK_CARDS, soakCards } from './cards.ts';
import { soakChaos } from './chaos/chaos.ts';
import { faultsOf as faultsOfChaos, missedGoals } from './chaos/row.ts';
import { soakFuzz } from './fuzz.ts';
import { soakGrid } from './grid.ts';
import { isSound, soakKiosk } from './kiosk.ts';
import { faultsOf } from './money-row.ts';
import { soakMoney } from './money.ts';
import { fuzzRaw, isWhole } from './raw/raw.ts';
import { soakSimulation } from './simulation.ts';

const SOAKS = ['cards', 'fuzz', 'raw', 'simulation', 'grid', 'money', 'kiosk', 'chaos'] as const;
/** Without a name; raw wants all parts for itself, the kiosk's needs a browser, and chaos a proxy between all parts. */
const DEFAULT = ['cards', 'fuzz', 'simulation', 'grid', 'money'];
/** Minutes, and runs, that no soak comes to. */
const NO_LIMIT = 100_000;
const EVENING = 60;
const USAGE = `Usage: npm run soak -- [${SOAKS.join('] [')}] [OPTION…]
Without a name: ${DEFAULT.join(', ')}.
  --cuts N        of cards: torn writes of each chip; 100000
  --insertions N  of cards: of CPU cards under wrong keys; a fifth of the cuts
  --inputs N      of fuzz: inputs of each parser; 1000000
  --requests N    of raw: over bare connections to each listener; 1000000
  --listener NAME of raw: this one alone
  --seconds N     of simulation: begins no run after so long; 120
  --runs N        of simulation: at most so many, each with the next seed
  --trace         of simulation: every turn of every run
  --orders N      of grid and money
  --purchases N   of kiosk; 2000
  --minutes N     of grid, money and chaos: at most so long
  --nodes 1|2     of chaos; 2
  --only TEXT     of chaos: troubles with this in their name alone, as 'database freeze'
  --sentinels     of chaos: they watch the Redis of queues, whose primary freezes; no line to it is cut
  --seed N        the same run again
  --json          a row a line, for programs
`;

const { values, positionals } = readOptions({
  usage: USAGE,
  words: SOAKS.length,
  options: {
    json: { type: 'boolean', default: false },
    cuts: { type: 'string', default: '100000' },
    insertions: { type: 'string' },
    inputs: { type: 'string', default: '1000000' },
    requests: { type: 'string', default: '1000000' },
    listener: { type: 'string' },
    seconds: { type: 'string', default: '120' },
    runs: { type: 'string' },
    trace: { type: 'boolean', default: false },
    orders: { type: 'string' },
    purchases: { type: 'string', default: '2000' },
    minutes: { type: 'string' },
    nodes: { type: 'string', default: '2' },
    only: { type: 'string' },
    sentinels: { type: 'boolean', default: false },
    seed: { type: 'string' },
  },
});
const cuts = wholeNumber(values.cuts, { usage: USAGE, option: 'cuts' });
const insertions = wholeNumber(values.insertions, { usage: USAGE, option: 'insertions' });
const inputs = wholeNumber(values.inputs, { usage: USAGE, option: 'inputs' });
const requests = wholeNumber(values.requests, { usage: USAGE, option: 'requests', least: 1 });
const seconds = wholeNumber(values.seconds, { usage: USAGE, option: 'seconds' });
const runs = wholeNumber(values.runs, { usage: USAGE, option: 'runs', least: 1 });
const orders = wholeNumber(values.orders, { usage: USAGE, option: 'orders' });
const purchases = wholeNumber(values.purchases, { usage: USAGE, option: 'purchases' });
const minutes = wholeNumber(values.minutes, { usage: USAGE, option: 'minutes' });
const givenSeed = wholeNumber(values.seed, { usage: USAGE, option: 'seed' });
const nodes = wholeNumber(values.nodes, { usage: USAGE, option: 'nodes', least: 1, most: 2 }) === 1 ? 1 : 2;
const unknown = positionals.filter((name) => !SOAKS.some((known) => known === name));
if (unknown.length > 0) failUsage(USAGE, `There is no soak ${unknown.join(', ')}.`);
const ordersOf = (absent: number): number => orders ?? absent;
const minutesOf = (absent: number): number => minutes ?? absent;
const seed = givenSeed ?? Date.now() % 0x7fff_ffff;
const wanted = positionals.length === 0 ? DEFAULT : positionals;
const report = (line: string): void => void process.stderr.write(`${line}\n`);
report(`seed ${seed}`);

const facts = { engine: 'none', cores: availableParallelism() };
let failed = false;
if (wanted.includes('cards')) {
  const rows = [];
  for (const chip of SOAK_CARDS) {
    const row = await soakCards({ chip, cuts, seed, insertions });
    report(`${chip}: ${row.cuts} cuts`);
    failed ||= row.lost + row.doubled + row.bricked + row.codeChangeHarmed + row.wrongKeyLocked > 0;
    rows.push({ ...row, ...facts });
  }
  printRows(rows, values.json);
}
if (wanted.includes('fuzz')) {
  const rows = [];
  for await (const row of soakFuzz({ inputs, seed, report })) {
    report(`${row.parser}: ${row.inputs} inputs`);
    failed ||= row.untyped + row.hangs + row.oversized > 0;
    rows.push({ ...row, ...facts });
  }
  printRows(rows, values.json);
}
if (wanted.includes('raw')) {
  const only = values.listener === undefined ? undefined : [values.listener];
  const rows = [];
  for await (const row of fuzzRaw({ requests, seed, report, only })) {
    report(`${row.listener}: ${row.requests} requests`);
    failed ||= !isWhole(row);
    rows.push({ ...row, cores: facts.cores });
  }
  printRows(rows, values.json);
}
if (wanted.includes('simulation')) {
  const { trace } = values;
  // A seed that is run again is wanted whole.
  const limit = runs === undefined ? seconds : NO_LIMIT;
  const row = await soakSimulation({ seed, seconds: limit, runs: runs ?? Infinity, report, trace });
  failed ||= row.violations > 0;
  printRows([{ ...row, ...facts }], values.json);
}
if (wanted.includes('grid')) {
  const row = await soakGrid({ orders: ordersOf(20_000), minutes: minutesOf(NO_LIMIT), seed, report });
  const wrong = row.lost + row.doubled + row.wrongMeter + row.unknown + row.misdiagnosed;
  failed ||= wrong + row.uncaughtFalseClaims + row.waiting > 0;
  printRows([{ ...row, cores: facts.cores }], values.json);
}
if (wanted.includes('money')) {
  const wantedOrders = ordersOf(100_000);
  const row = await soakMoney({ orders: wantedOrders, minutes: minutesOf(NO_LIMIT), seed, report });
  const { waits, ...figures } = row;
  const faults = faultsOf(row, wantedOrders);
  for (const fault of faults) report(fault);
  failed ||= faults.length > 0;
  printRows([{ ...figures, cores: facts.cores, ...(values.json ? { waits } : {}) }], values.json);
  if (waits.length > 0 && !values.json) printRows(waits, false);
}
if (wanted.includes('kiosk')) {
  const row = await soakKiosk({ purchases, seed, report });
  failed ||= !isSound(row);
  printRows([{ ...row, cores: facts.cores }], values.json);
}
if (wanted.includes('chaos')) {
  const row = await soakChaos({
    minutes: minutesOf(EVENING),
    nodes,
    sentinels: values.sentinels,
    seed,
    report,
    ...(values.only && { only: values.only }),
  });
  const faults = faultsOfChaos(row);
  for (const each of new Set([...faults, ...missedGoals(row)])) report(each);
  failed ||= faults.length > 0;
  printRows([{ ...row, cores: facts.cores }], values.json);
}
process.exitCode = failed ? 1 : 0;
