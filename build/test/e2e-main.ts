import { ensureRenderer } from '../dev/renderer.ts';
import { E2E } from './e2e.ts';
import { runSuite } from './steps.ts';

/** `npm run e2e`; further arguments go to vitest, such as a file's name or `-t` with a test's. */
await ensureRenderer((line) => process.stdout.write(`${line}\n`));
const { failed } = await runSuite({ ...E2E, args: [...E2E.args, ...process.argv.slice(2)] });
process.exitCode = failed === 0 ? 0 : 1;
