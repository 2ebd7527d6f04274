import process from 'node:process';
import { installPackages } from './bootstrap/apt.mjs';
import { onMachine } from './bootstrap/machine.mjs';
import { lacking } from './bootstrap/needs.mjs';
import { nodeProblem } from './bootstrap/node-version.mjs';
import { installModules } from './bootstrap/npm-ci.mjs';

/** The bootstrap gave up on something that a person has to do; 2 tells it from a failed test. */
export const EXIT_NEEDS_HELP = 2;

/**
 * Brings the machine to where the project's own code can run: Node's version, Debian packages, node_modules.
 * Plain Node without dependencies, since it runs before `npm ci`. Does nothing, in a few milliseconds, where
 * nothing is lacking. Ends the process with `EXIT_NEEDS_HELP` and a sentence where it may not or cannot go on.
 *
 * @param {import('./bootstrap/needs.mjs').Purpose} purpose what is about to run; decides which packages count
 * @param {readonly string[]} args the command's arguments; `--no-install` allows looking but not installing
 * @returns {readonly string[]} the arguments that are not the bootstrap's own
 */
export function bootstrap(purpose, args = process.argv.slice(2)) {
  const mayInstall = !args.includes('--no-install');
  const problem =
    nodeProblem(process.versions.node) ??
    installPackages(lacking(onMachine, purpose), { mayInstall, isRoot: process.getuid?.() === 0 }) ??
    installModules(mayInstall);
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    process.exit(EXIT_NEEDS_HELP);
  }
  return args.filter((arg) => arg !== '--no-install');
}
