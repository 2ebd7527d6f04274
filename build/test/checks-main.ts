import { failUsage, readOptions } from '@bianmin/shared/node/cli-options';
import { FLOOR_CHECK, FORMAT, LINT, runCheck, TYPES } from './checks.ts';

const USAGE = 'Usage: npm run lint, npm run typecheck. The checks of npm test alone.';

const [which] = readOptions({ usage: USAGE, words: 1 }).positionals;
if (which !== 'lint' && which !== 'typecheck') failUsage(USAGE, 'Say lint or typecheck.');
const checks = which === 'lint' ? [FLOOR_CHECK, LINT, FORMAT] : TYPES;
for (const check of checks) {
  const { failed } = await runCheck(check);
  if (failed > 0) process.exitCode = 1;
}
