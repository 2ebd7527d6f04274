import process from 'node:process';
import { EXIT_NEEDS_HELP } from './bootstrap.mjs';
import { installModules } from './bootstrap/npm-ci.mjs';

/** What every other command does first, and alone here: the packages of the lock file, and those built that may be. */
const problem = installModules(true);
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(EXIT_NEEDS_HELP);
}
