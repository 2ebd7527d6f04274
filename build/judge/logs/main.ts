import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { readOptions } from '@bianmin/purchase/node/cli-options';
import { closingLine } from '../../kit/tally.ts';
import { Checks } from './checks.ts';
import { checkIndex, LogIndex } from './log-index.ts';
import { linesOfPurchases } from './lines.ts';
import { startLogNode } from './log-node.ts';
import { storiesOf } from './story.ts';

readOptions({
  usage:
    'Usage: npm run logs. Real lines of real purchases, one trace each, into a real OpenSearch and found there.',
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const from = performance.now();
const checks = new Checks();
const { lines, metrics } = await linesOfPurchases(say);
say(`${lines.length} lines of two purchases`);
const traces = storiesOf(lines, checks);
const named = [...traces.keys()].filter((orderNo) => metrics.includes(orderNo));
checks.that('no metric names an order', named.length === 0, named);
checks.that(
  'calls to the grid are measured',
  /bianmin_grid_call_seconds_count\{operation="sell",outcome="ok"\} [1-9]/.test(metrics),
);
checks.that(
  'calls to channels are measured',
  /bianmin_payment_channel_call_seconds_count\{channel="wechat",operation="create",outcome="ok"\} [1-9]/.test(
    metrics,
  ),
);
const dir = await mkdtemp(join(tmpdir(), 'bianmin-logs-'));
try {
  const node = await startLogNode(dir, say);
  try {
    const index = new LogIndex(node.url);
    await index.prepare();
    await checkIndex(index, { lines, traces, checks });
  } finally {
    await node.close();
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}
for (const fault of checks.faults) say(`FAILED ${fault}`);
const { passed, faults } = checks;
const ms = Math.round(performance.now() - from);
say(closingLine({ name: 'logs', passed, failed: faults.length, skipped: 0, ms }));
process.exitCode = faults.length === 0 ? 0 : 1;
