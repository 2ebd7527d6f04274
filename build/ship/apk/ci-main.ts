import process from 'node:process';
import { readOptions } from '@bianmin/purchase/node/cli-options';
import { closingLine } from '../../kit/tally.ts';
import { runJavaTests } from './java-tests.ts';
import { makePackage } from './make.ts';
import { readSettings } from './settings.ts';

readOptions({
  usage:
    "Usage: npm run box:test. The tests of the box's shell, then a debug package built twice and checked.",
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const tests = await runJavaTests(say);
say(`${tests.failed === 0 ? 'ok   ' : 'FAILED'} ${tests.passed} tests of the shell (${tests.ms / 1000} s)`);
let { passed, failed } = tests;
try {
  const made = await makePackage({ settings: await readSettings(false, {}), twice: true, say });
  passed += made.passed;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  failed += 1;
}
say(closingLine({ ...tests, passed, failed }));
process.exitCode = failed === 0 ? 0 : 1;
