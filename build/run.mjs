import process from 'node:process';
import { bootstrap, EXIT_NEEDS_HELP } from './bootstrap.mjs';
import { runProgram } from './bootstrap/run.mjs';

/** @type {Readonly<Record<string, { program: string, purpose: import('./bootstrap/needs.mjs').Purpose }>>} */
const COMMANDS = {
  e2e: { program: 'build/test/e2e-main.ts', purpose: 'test' },
  journey: { program: 'build/journey/main.ts', purpose: 'stack' },
  bench: { program: 'build/bench/main.ts', purpose: 'stack' },
  soak: { program: 'build/soak/main.ts', purpose: 'stack' },
};

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  process.stderr.write(`There is no command "${name}". There are: ${Object.keys(COMMANDS).join(', ')}.\n`);
  process.exit(EXIT_NEEDS_HELP);
}
runProgram(command.program, bootstrap(command.purpose, args));
