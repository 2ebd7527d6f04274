import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOrdersStack, type OrdersStack } from '../../../judge/bench/orders-stack.ts';
import { SteadyLoad, type Outcome } from './steady.ts';

const CLIENTS = 16;
const STREAMS = 8;
const CALM_MS = 8_000;
const FROZEN_MS = 20_000;
/** Within it a frozen process is out of the way. */
const OUT_MS = 3_000;
/** A process that goes on has requests again by then. */
const BACK_MS = 5_000;
/** Of its calm pace. */
const LEAST_PACE = 0.9;

let on: OrdersStack;
let load: SteadyLoad;

beforeAll(async () => {
  on = await openOrdersStack({ report: () => undefined, seed: 1, twoNodes: true, durable: false });
  load = await SteadyLoad.open(on, CLIENTS);
});
afterAll(async () => {
  load.close();
  await on.close();
});

/** Answered as they should be from one moment to the other, a second. */
function pace(outcomes: readonly Outcome[], from: number, to: number): number {
  const answered = outcomes.filter(
    ({ endedAt, error }) => error === undefined && endedAt >= from && endedAt < to,
  );
  return answered.length / ((to - from) / 1000);
}

/** Requests of users that a process has answered since it began. */
async function answeredBy(metricsUrl: string | undefined): Promise<number> {
  const text = await (await fetch(metricsUrl ?? '')).text();
  const counts = [...text.matchAll(/^bianmin_http_request_seconds_count\{route="([^"]*)".*\} (\d+)$/gm)];
  return counts.filter(([, route]) => !route?.endsWith('z')).reduce((sum, [, , n]) => sum + Number(n), 0);
}

describe('a web process that freezes under load', () => {
  it('is out of the way in three seconds, fails nobody after them, and takes requests again when it goes on', async () => {
    await load.openStreams(STREAMS);
    const calmFrom = performance.now();
    load.begin();
    await sleep(CALM_MS);
    const frozenAt = performance.now();
    const thaw = on.stack.program('web')?.standStill();
    await sleep(FROZEN_MS);
    const thawedAt = performance.now();
    thaw?.();
    const before = await answeredBy(on.metricsUrls[0]);
    await expect
      .poll(async () => (await answeredBy(on.metricsUrls[0])) - before, { timeout: BACK_MS, interval: 200 })
      .toBeGreaterThan(10);
    const backMs = performance.now() - thawedAt;
    await load.end();

    const calm = pace(load.outcomes, calmFrom + 1_000, frozenAt);
    const later = pace(load.outcomes, frozenAt + OUT_MS, thawedAt);
    const failed = load.outcomes.flatMap(({ error, ...of }) =>
      error === undefined ? [] : [{ ...of, error }],
    );
    const lastMs = Math.max(0, ...failed.map(({ endedAt }) => endedAt - frozenAt));
    const untyped = failed.filter(
      ({ error: { status, code, retryAfterMs, traceId } }) =>
        status !== 503 ||
        code !== 'server.unavailable' ||
        retryAfterMs === undefined ||
        traceId === undefined,
    );
    const seconds = (ms: number): string => (ms / 1000).toFixed(1);
    process.stdout.write(
      `frozen for ${seconds(FROZEN_MS)} s: ${failed.length} of ${load.outcomes.length} requests failed, the last one ` +
        `${seconds(lastMs)} s after the stop, ${untyped.length} untyped; ${calm.toFixed(1)} a second before, ` +
        `${later.toFixed(1)} during; ${load.streamEnds.length} of ${STREAMS} streams cut; back ${seconds(backMs)} s after the thaw\n`,
    );
    expect(
      untyped.map(({ error }) => `${error.status} ${error.code} ${String(error.context?.['network'])}`),
    ).toEqual([]);
    expect(lastMs).toBeLessThan(OUT_MS);
    expect(later).toBeGreaterThan(LEAST_PACE * calm);
    // Its streams are cut, so that their terminals open others at once.
    expect(load.streamEnds.length).toBeGreaterThan(0);
    expect(load.streamEnds.length).toBeLessThan(STREAMS);
    for (const at of load.streamEnds) expect(at - frozenAt).toBeLessThan(OUT_MS);
  });
});
