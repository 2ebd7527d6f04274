import { failUsage, readOptions, wholeNumber } from '@bianmin/purchase/node/cli-options';
import { createLogger } from './adapters/log/log.ts';
import { supervise } from './supervise.ts';

const USAGE = `Usage: node main-supervised.js [--silent-s N] PROGRAM

Runs PROGRAM (main-web or main-worker), ends it after N seconds (30) without a sign of life and starts it again. Ends as PROGRAM ends.`;

const { values, positionals } = readOptions({
  ...{ usage: USAGE, options: { 'silent-s': { type: 'string', default: '30' } }, words: 1 },
});
const [program] = positionals;
if (program === undefined) failUsage(USAGE, 'There is no program.');
const silentTurns = wholeNumber(values['silent-s'], {
  usage: USAGE,
  option: 'silent-s',
  least: 2,
  most: 3600,
});
const log = createLogger({ level: 'info', process: 'supervisor' });
process.exitCode = await supervise({
  program,
  silentTurns,
  onSilent: (pid) => {
    log.error({ program, silentTurns, ended: pid }, 'a process that stands still is ended and started again');
  },
});
// What may still be listened to does not matter any more.
process.exit();
