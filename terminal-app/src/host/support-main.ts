import process from 'node:process';
import { readOptions } from '@bianmin/purchase/node/cli-options';
import { sentenceOf } from './log.ts';
import { writeSupport } from './support/program.ts';

const USAGE = `Usage, with the environment of the kiosk:
support-main [FILE]   writes its support archive; without a name to bianmin-support.zip
`;

const [file = 'bianmin-support.zip'] = readOptions({ usage: USAGE, words: 1 }).positionals;
try {
  process.stdout.write(await writeSupport(file, process.env));
} catch (error) {
  process.stderr.write(`No archive was written: ${sentenceOf(error)}\n`);
  process.exitCode = 1;
}
