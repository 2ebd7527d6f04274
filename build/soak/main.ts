import { availableParallelism } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { printRows } from '../table.ts';
import { SOAK_CHIPS, soakCards } from './cards.ts';
import type { CardSoakRow } from './cards.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    cuts: { type: 'string', default: '100000' },
    seed: { type: 'string' },
  },
});
const cuts = Number(values.cuts);
const seed = values.seed === undefined ? Date.now() % 0x7fff_ffff : Number(values.seed);
const usable = [cuts, seed].every((number) => Number.isSafeInteger(number) && number >= 0);
if (!usable || positionals.some((name) => name !== 'cards')) {
  process.stderr.write('Usage: npm run soak -- cards [--cuts N] [--seed N] [--json].\n');
  process.exit(2);
}
process.stderr.write(`seed ${seed}\n`);

const rows: (CardSoakRow & { engine: string; cores: number })[] = [];
for (const chip of SOAK_CHIPS) {
  rows.push({ ...(await soakCards({ chip, cuts, seed })), engine: 'none', cores: availableParallelism() });
}
printRows(rows, values.json);
process.exitCode = rows.some((row) => row.lost + row.doubled + row.bricked > 0) ? 1 : 0;
