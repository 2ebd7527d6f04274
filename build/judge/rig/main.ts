import process from 'node:process';
import { readOptions } from '@bianmin/purchase/node/cli-options';
import { printRows } from '../../kit/table.ts';
import { runGuest } from './run-guest.ts';

const MINUTES = 40;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const USAGE = `Usage: npm run rig -- [OPTION…]
The readers' judge: a machine of its own with a real USB stack, two readers and our simulated cards.
  --short         what every CI run does
  --case TEXT     only cases with this in their names
  --via usb|pcsc  only by our own driver, or only by pcscd and libccid
  --json          a row a line, for programs
`;

const { values } = readOptions({
  usage: USAGE,
  options: {
    json: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    case: { type: 'string' },
    via: { type: 'string' },
  },
});
const rows: Record<string, unknown>[] = [];
const report = (line: string): void => void process.stderr.write(`${line}\n`);
await runGuest({
  args: [
    ...(values.short ? ['--short'] : []),
    ...(values.short || values.case !== undefined || values.via !== undefined ? [] : ['--speed']),
    ...(values.case === undefined ? [] : ['--case', values.case]),
    ...(values.via === undefined ? [] : ['--via', values.via]),
  ],
  minutes: MINUTES,
  report,
  onRow: (row) => {
    const { fault, ...rest } = row;
    rows.push(rest);
    report(toldOf(rest, fault));
  },
});
printRows(rows, values.json);
const judged = rows.filter(({ ok }) => ok !== undefined);
const failed = judged.filter(({ ok }) => ok === false).length;
process.stdout.write(`${judged.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && judged.length > 0 ? 0 : 1;

function toldOf(row: Readonly<Record<string, unknown>>, fault: unknown): string {
  const { case: name, via, ms } = row;
  if (name === undefined) return `speed   ${textOf(row)}`;
  const which = `${textOf(via)}  ${textOf(name)}`;
  return fault === undefined ? `ok      ${which} (${textOf(ms)} ms)` : `FAILED  ${which}\n${textOf(fault)}`;
}
