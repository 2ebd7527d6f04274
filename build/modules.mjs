import process from 'node:process';
import { EXIT_NEEDS_HELP } from './bootstrap.mjs';
import { installModules } from './bootstrap/npm-ci.mjs';

const USAGE = `Usage: npm run modules
Installs the packages of the lock file, and builds those that package.json allows to (allowScripts).
`;
const [strange] = process.argv.slice(2);
if (strange === '--help' || strange === '-h') {
  process.stdout.write(USAGE);
  process.exit(0);
}
if (strange !== undefined) {
  process.stderr.write(`There is no option "${strange}".\n${USAGE}`);
  process.exit(EXIT_NEEDS_HELP);
}
/** What every other command does first, and alone here. */
const problem = installModules(true);
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(EXIT_NEEDS_HELP);
}
