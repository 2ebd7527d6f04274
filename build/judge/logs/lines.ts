import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@bianmin/card/node/free-port';
import { startStack } from '../../run/dev/stack.ts';
import { openKiosk } from '../journey/kiosk.ts';
import { Operator } from '../../run/dev/operator.ts';
import { runJourney } from '../journey/purchase.ts';
import { SandboxClient } from '../../kit/sandbox-client.ts';

/** A line of a log, by its dotted names. */
export type Line = Readonly<Record<string, unknown>>;

/** What was seen of it. */
export interface Seen {
  /** Of web, worker and host, in no order. */
  readonly lines: readonly Line[];
  /** What Prometheus reads of web and worker afterwards. */
  readonly metrics: string;
}

const AMOUNT_FEN = 5000;
const PATIENCE_MS = 15_000;

/**
 * What is in the logs of two purchases (card and wallet differ) and some refusals: the real host, web and worker, with
 * the sandbox's grid and wallets, each at its loudest but `trace`.
 */
export async function linesOfPurchases(report: (line: string) => void): Promise<Seen> {
  const [web, worker] = [String(await freePort()), String(await freePort())];
  const stack = await startStack({
    ...{ kiosk: false, report },
    env: { server: { LOG_LEVEL: 'debug' }, web: { METRICS_PORT: web }, worker: { METRICS_PORT: worker } },
  });
  try {
    const sandbox = new SandboxClient(stack.urls);
    const operator = await Operator.login(stack);
    let kioskText = '';
    const kiosk = await openKiosk({
      ...{ stack, operator, readerId: 'logs-1', logLevel: 'debug' },
      logTo: { write: (text) => void (kioskText += text) },
    });
    for (const [chip, channel] of [['CPU', 'wechat'] as const, ['SLE4442', 'alipay'] as const]) {
      await runJourney({ kiosk, sandbox, chip, amountFen: AMOUNT_FEN, channel });
    }
    for (const path of ['/v1/terminal/orders/260101000000000001', '/nothing']) {
      await fetch(`${stack.urls.webUrl}${path}`);
    }
    await kiosk.close();
    const scrapes = [web, worker].map(async (port) =>
      (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    );
    const metrics = (await Promise.all(scrapes)).join('\n');
    const read = async (): Promise<Line[]> => {
      const logs = ['web.log', 'worker.log'].map((name) => readFile(join(stack.dir, name), 'utf8'));
      return [...(await Promise.all(logs)), kioskText].flatMap(jsonLines);
    };
    const lines = await until(read, (some) =>
      some.some(
        (line) => line['bianmin.problem'] === 'request.not-found' && line['bianmin.route'] === 'none',
      ),
    );
    return { lines, metrics };
  } finally {
    await stack.close();
  }
}

function jsonLines(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}

/** Logs are written a little later than what they tell of. */
async function until<T>(ask: () => Promise<T>, enough: (value: T) => boolean): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(200)) {
    const value = await ask();
    if (enough(value) || Date.now() > end) return value;
  }
}
