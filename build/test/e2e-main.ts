import { E2E_ALL } from './e2e.ts';
import { runSuite } from './suite.ts';
import { vitestWords } from './vitest-words.ts';

const USAGE = `Usage: npm run e2e [-- [--project NAME] [FILE…] [-t NAME]]

Tests in a real browser. They are vitest's words: a part of a file's path, and -t with a part of a test's name. Projects:
e2e-short, e2e, e2e-screens.
`;

const words = vitestWords(USAGE);
const { failed } = await runSuite({ ...E2E_ALL, args: [...E2E_ALL.args, ...words] });
process.exitCode = failed === 0 ? 0 : 1;
