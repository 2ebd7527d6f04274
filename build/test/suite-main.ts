import { say } from './say.ts';
import { runSuite } from './suite.ts';
import { closingLine } from './tally.ts';

/** `vitest run` with the given arguments and the project's closing line. */
const tally = await runSuite({ name: process.argv.slice(2).join(' '), args: process.argv.slice(2) });
say(`${closingLine(tally)}\n`);
process.exitCode = tally.failed === 0 ? 0 : 1;
