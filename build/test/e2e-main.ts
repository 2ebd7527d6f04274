import { ensureRenderer } from '../dev/renderer.ts';
import { E2E_ALL } from './e2e.ts';
import { say } from './say.ts';
import { runSuite } from './suite.ts';

/** `npm run e2e`; further arguments go to vitest, such as a file's name or `-t` with a test's. */
await ensureRenderer((line) => {
  say(`${line}\n`);
});
const { failed } = await runSuite({ ...E2E_ALL, args: [...E2E_ALL.args, ...process.argv.slice(2)] });
process.exitCode = failed === 0 ? 0 : 1;
