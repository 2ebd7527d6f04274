import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import {
  COMMIT_CHECK,
  COMPONENT_TYPES,
  FORMAT,
  IMPORT_CHECK,
  LINT_REST,
  LINT_SERVER,
  runCheck,
  TYPES,
  UNUSED_CHECK,
} from './checks.ts';

const USAGE = 'Usage: npm run lint, npm run typecheck. The checks of npm test alone.';

const [which] = readOptions({ usage: USAGE, words: 1 }).positionals;
if (which !== 'lint' && which !== 'typecheck') failUsage(USAGE, 'Name a check: lint or typecheck.');
const checks =
  which === 'lint'
    ? [COMMIT_CHECK, IMPORT_CHECK, UNUSED_CHECK, LINT_SERVER, LINT_REST, FORMAT]
    : [...TYPES, ...COMPONENT_TYPES];
for (const check of checks) {
  const { failed } = await runCheck(check);
  if (failed > 0) process.exitCode = 1;
}
