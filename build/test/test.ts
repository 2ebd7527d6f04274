import { ensureRenderer } from '../dev/renderer.ts';
import { E2E } from './e2e.ts';
import { FORMAT, LINT, runCheck, runSuite, TYPES } from './steps.ts';
import { closingLine, sum, table, type Tally } from './tally.ts';

/** `npm test`: everything that a change must pass, cheapest first; all of it, whatever fails. */
const tallies: Tally[] = [];

// Two lanes for two cores: the linter reads types as well, so it takes about as long as all compilers.
const [lint, types] = await Promise.all([
  inOrder([FORMAT, LINT].map((check) => () => runCheck(check))),
  inOrder(TYPES.map((check) => () => runCheck(check))),
]);
tallies.push(...lint, ...types);
tallies.push(await runSuite({ name: 'unit tests (vitest)', args: [] }));
await ensureRenderer((line) => process.stdout.write(`${line}\n`));
tallies.push(await runSuite(E2E));

const total = sum('all', tallies);
process.stdout.write(`\n${table([...tallies, total])}\n\n${closingLine(total)}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function inOrder(runs: readonly (() => Promise<Tally>)[]): Promise<Tally[]> {
  const done: Tally[] = [];
  for (const run of runs) done.push(await run());
  return done;
}
