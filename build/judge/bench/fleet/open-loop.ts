import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../percentile.ts';
import type { Lines } from './lines.ts';

const TICK_MS = 1;
/** How long answers are waited for when all has been sent. */
const PATIENCE_MS = 10_000;

/** What came of a load. Latencies count from when a request was due, not from when it could be sent. */
export interface Load {
  /** Asked for. */
  readonly perSecond: number;
  readonly sent: number;
  /** Without an answer or with another than 2xx. */
  readonly failed: number;
  /** By status; 0: no answer. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answered by the second, from the first that was due to the last answer. */
  readonly answeredPerSecond: number;
}

/** Requests that are due by a time, of so many a second. */
export function dueBy(elapsedMs: number, perSecond: number, total: number): number {
  return Math.min(total, Math.floor((elapsedMs * perSecond) / 1000) + 1);
}

/** Sends at a steady rate whatever comes back, so that a server that stalls is charged with everything that it delayed. */
export async function openLoop(init: {
  lines: Lines;
  requests: readonly Buffer[];
  perSecond: number;
}): Promise<Load> {
  const { lines, requests, perSecond } = init;
  const total = requests.length;
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  let sent = 0;
  let failed = 0;
  let last = 0;
  const from = performance.now();
  while (sent < total) {
    const due = dueBy(performance.now() - from, perSecond, total);
    for (; sent < due; sent += 1) {
      const dueAt = from + (sent * 1000) / perSecond;
      lines.send(requests[sent] ?? Buffer.alloc(0), (answer) => {
        last = performance.now();
        const status = answer?.status ?? 0;
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status >= 200 && status < 300) latencies.push(last - dueAt);
        else failed += 1;
      });
    }
    await sleep(TICK_MS);
  }
  const patience = performance.now() + PATIENCE_MS;
  while (latencies.length + failed < total && performance.now() < patience) await sleep(10);
  const answered = latencies.length + failed;
  const lost = total - answered;
  if (lost > 0) statuses[0] = (statuses[0] ?? 0) + lost;
  return {
    perSecond,
    sent: total,
    failed: failed + lost,
    statuses,
    p50Ms: percentile(latencies, 0.5),
    // What never came was slower than anything that did.
    p99Ms: lost * 100 > total ? Infinity : percentile(latencies, 0.99),
    answeredPerSecond: (answered * 1000) / (last - from),
  };
}
