import { say } from './say.ts';
import { runSuite } from './suite.ts';
import { closingLine } from '../kit/tally.ts';
import { vitestWords } from './vitest-words.ts';

const USAGE = `Usage: [--config FILE] [--project NAME]… [-t NAME] [FILE…]

"vitest run" with these words of its own, and the project's closing line.
`;

const words = vitestWords(USAGE);
const tally = await runSuite({ name: words.join(' '), args: words });
say(`${closingLine(tally)}\n`);
process.exitCode = tally.failed === 0 ? 0 : 1;
