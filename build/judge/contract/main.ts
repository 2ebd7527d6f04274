import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { readOptions, wholeNumber } from '@bianmin/purchase/node/cli-options';
import { startStack } from '../../run/dev/stack.ts';
import { seedStack } from '../../run/seed/seed-stack.ts';
import { closingLine } from '../../kit/tally.ts';
import { Callers } from './callers.ts';
import { knownValues } from './known.ts';
import { openProxy } from './proxy.ts';
import { verdictOf } from './report.ts';
import { runSchemathesis } from './run.ts';
import { CLOSED } from './spared.ts';
import { ensureSchemathesis } from './venv.ts';

const USAGE = `Usage: npm run contract -- [--seed N] [--examples N] [--only "GET /v1/…"]… [--keep]
Tries every operation of the OpenAPI document with schemathesis.
  --seed N       the same tries again; 1
  --examples N   tries of each operation; 20
  --only NAME    this operation alone; may be given several times
  --keep         leaves the server up afterwards, so that a request can be repeated by hand
`;
const ORDERS = 300;
const STAFF = '^/v1/admin/';

const { values } = readOptions({
  usage: USAGE,
  options: {
    seed: { type: 'string', default: '1' },
    examples: { type: 'string', default: '20' },
    only: { type: 'string', multiple: true, default: [] },
    keep: { type: 'boolean', default: false },
  },
});
const seed = wholeNumber(values.seed, { usage: USAGE, option: 'seed' });
const examples = wholeNumber(values.examples, { usage: USAGE, option: 'examples', least: 1 });

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const from = performance.now();
const program = await ensureSchemathesis(say);
// A proxy is in front: every request comes from an address of its own, and limits by address are not what is tried.
const env = { server: { LOG_LEVEL: 'warn', TRUSTED_PROXIES: '1' } };
const stack = await startStack({ kiosk: false, env });
void stack.fall.then(({ part, exit, tail }) => {
  say(`FAILED ${part} ended (${exit}) while it was tried. It said last:\n${tail}`);
});
try {
  await seedStack(stack, { orders: ORDERS, seed });
  const callers = await Callers.of(stack);
  const known = await knownValues(stack, callers);
  const proxy = await openProxy(stack.urls.webUrl, callers);
  const document = `${stack.urls.webUrl}/openapi.json`;
  const init = { program, document, url: proxy.url, known, seed, examples };
  const runs = await Promise.all(partsOf(values.only).map((which) => runSchemathesis({ ...init, which })));
  let [passed, requests] = [0, 0];
  const failed: string[] = [];
  for (const { report, said } of runs) {
    const verdict = verdictOf(report, CLOSED);
    passed += verdict.passed;
    requests += report.test_cases.generated;
    failed.push(...verdict.failed);
    if (said !== '') say(said);
  }
  for (const line of failed) say(`FAILED ${line}`);
  say(`${requests} requests, seed ${seed}`);
  if (failed.length > 0) say(`Again: npm run contract -- --seed ${seed} --examples ${examples} --only "…"`);
  if (values.keep) {
    say(`The server stays up for requests by hand at ${proxy.url}; Ctrl-C ends it.`);
    await sleep(0x7fff_ffff);
  }
  await proxy.close();
  const ms = Math.round(performance.now() - from);
  say(closingLine({ name: 'contract', passed, failed: failed.length, skipped: 0, ms }));
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  await stack.close();
}

/** What is tried beside each other, for two cores; each part is one request after the other, so that it repeats. */
function partsOf(only: readonly string[]): string[][] {
  if (only.length > 0) return [only.flatMap((name) => ['--include-name', name])];
  return [
    ['--include-path-regex', STAFF],
    ['--exclude-path-regex', STAFF],
  ];
}
