import { FLOOR_CHECK, FORMAT, LINT, runCheck, TYPES } from './checks.ts';

/** `npm run lint` and `npm run typecheck`: the checks of `npm test` alone. */
const checks = process.argv[2] === 'lint' ? [FLOOR_CHECK, LINT, FORMAT] : TYPES;
for (const check of checks) {
  const { failed } = await runCheck(check);
  if (failed > 0) process.exitCode = 1;
}
