import { FORMAT, LINT, runCheck, TYPES } from './steps.ts';

/** `npm run lint` and `npm run typecheck`: the checks of `npm test` alone. */
const checks = process.argv[2] === 'lint' ? [LINT, FORMAT] : TYPES;
for (const check of checks) {
  const { failed } = await runCheck(check);
  if (failed > 0) process.exitCode = 1;
}
