import process from 'node:process';
import { bootstrap, EXIT_NEEDS_HELP } from './bootstrap.mjs';
import { COMMANDS } from './bootstrap/commands.mjs';
import { runProgram } from './bootstrap/run.mjs';

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  const isHelp = name === '--help' || name === '-h';
  const usage = `Usage: node build/run.mjs COMMAND [OPTION…]\nCommands: ${Object.keys(COMMANDS).join(', ')}.\n`;
  if (isHelp) process.stdout.write(usage);
  else process.stderr.write(`There is no command "${name}".\n${usage}`);
  process.exit(isHelp ? 0 : EXIT_NEEDS_HELP);
}
// Figures of the home box and of the kiosk are taken in a browser, and chaos moves clocks.
const asTests =
  (name === 'bench' && ['stb', 'kiosk', 'counter'].some((each) => args.includes(each))) ||
  (name === 'soak' && (args.includes('kiosk') || args.includes('chaos')));
const purpose = asTests ? 'test' : command.purpose;
runProgram(command.program, [...(command.args ?? []), ...bootstrap(purpose, args)]);
