import { availableParallelism } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { printRows } from '../table.ts';
import { SOAK_CHIPS, soakCards } from './cards.ts';
import { isCalm, soakChaos } from './chaos/chaos.ts';
import { soakFuzz } from './fuzz.ts';
import { soakGrid } from './grid.ts';
import { isSound, soakKiosk } from './kiosk.ts';
import { isEven, soakMoney } from './money.ts';

const SOAKS = ['cards', 'fuzz', 'grid', 'money', 'kiosk', 'chaos'] as const;
/** Without a name; the kiosk's needs a browser, and chaos a proxy between all parts. */
const DEFAULT = ['cards', 'fuzz', 'grid', 'money'];
/** Minutes that no soak comes to. */
const NO_LIMIT = 100_000;
const EVENING = 60;
const USAGE =
  'Usage: npm run soak -- [cards] [fuzz] [grid] [money] [kiosk] [chaos] [--cuts N] [--inputs N] [--orders N] [--purchases N] [--minutes N] [--nodes 1|2] [--seed N] [--json].\n';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    cuts: { type: 'string', default: '100000' },
    inputs: { type: 'string', default: '1000000' },
    orders: { type: 'string' },
    purchases: { type: 'string', default: '2000' },
    minutes: { type: 'string' },
    nodes: { type: 'string', default: '2' },
    seed: { type: 'string' },
  },
});
const [cuts, inputs] = [Number(values.cuts), Number(values.inputs)];
const ordersOf = (absent: number): number => Number(values.orders ?? absent);
const purchases = Number(values.purchases);
const minutesOf = (absent: number): number => Number(values.minutes ?? absent);
const seed = values.seed === undefined ? Date.now() % 0x7fff_ffff : Number(values.seed);
const usable = [cuts, inputs, ordersOf(1), purchases, minutesOf(1), seed].every(
  (number) => Number.isSafeInteger(number) && number >= 0,
);
const nodes = values.nodes === '1' ? 1 : 2;
if (
  !usable ||
  !['1', '2'].includes(values.nodes) ||
  positionals.some((name) => !SOAKS.some((known) => known === name))
) {
  process.stderr.write(USAGE);
  process.exit(2);
}
const wanted = positionals.length === 0 ? DEFAULT : positionals;
const report = (line: string): void => void process.stderr.write(`${line}\n`);
report(`seed ${seed}`);

const facts = { engine: 'none', cores: availableParallelism() };
let failed = false;
if (wanted.includes('cards')) {
  const rows = [];
  for (const chip of SOAK_CHIPS) {
    const row = await soakCards({ chip, cuts, seed });
    report(`${chip}: ${row.cuts} cuts`);
    failed ||= row.lost + row.doubled + row.bricked + row.codeChangeHarmed > 0;
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
if (wanted.includes('grid')) {
  const row = await soakGrid({ orders: ordersOf(20_000), minutes: minutesOf(NO_LIMIT), seed, report });
  failed ||= row.lost + row.doubled + row.unknown + row.uncaughtFalseClaims + row.waiting > 0;
  printRows([{ ...row, cores: facts.cores }], values.json);
}
if (wanted.includes('money')) {
  const row = await soakMoney({ orders: ordersOf(100_000), minutes: minutesOf(NO_LIMIT), seed, report });
  failed ||= !isEven(row);
  printRows([{ ...row, cores: facts.cores }], values.json);
}
if (wanted.includes('kiosk')) {
  const row = await soakKiosk({ purchases, seed, report });
  failed ||= !isSound(row);
  printRows([{ ...row, cores: facts.cores }], values.json);
}
if (wanted.includes('chaos')) {
  const row = await soakChaos({ minutes: minutesOf(EVENING), nodes, seed, report });
  failed ||= !isCalm(row);
  printRows([{ ...row, cores: facts.cores }], values.json);
}
process.exitCode = failed ? 1 : 0;
