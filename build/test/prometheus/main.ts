import { join } from 'node:path';
import process from 'node:process';
import { readOptions } from '@bianmin/purchase/node/cli-options';
import { runToEnd } from '../../kit/process/run-to-end.ts';
import { PROMETHEUS } from './files.ts';
import { ensurePromtool } from './promtool.ts';

readOptions({
  usage: 'Usage: npm run promtool. Makes promtool where it is not there, and tries every alert with it.',
});
const promtool = await ensurePromtool((line) => process.stdout.write(`${line}\n`));
const { code, output } = await runToEnd(promtool, ['test', 'rules', join(PROMETHEUS, 'rules.test.yml')]);
process.stdout.write(output);
process.exitCode = code ?? 1;
