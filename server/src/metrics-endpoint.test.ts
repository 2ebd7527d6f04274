import { Counter, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createLogger } from './adapters/log/log.ts';
import { serveMetrics } from './metrics-endpoint.ts';

const log = createLogger({ level: 'silent', process: 'web' });
const METRICS_HOST = '127.0.0.1';

it('serves what the process counted, and nothing else', async () => {
  const registry = new Registry();
  new Counter({ name: 'bench_total', help: 'Counted.', registers: [registry] }).inc(3);
  const serving = await serveMetrics(registry, { config: { METRICS_HOST, METRICS_PORT: 0 }, log });
  try {
    const answer = await fetch(`${serving?.url}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toContain('bench_total 3');
    expect((await fetch(`${serving?.url}/`)).status).toBe(404);
    expect((await fetch(`${serving?.url}/METRICS`)).status).toBe(404);
    expect((await fetch(`${serving?.url}/metrics/`)).status).toBe(404);
    expect((await fetch(`${serving?.url}/metrics`, { method: 'POST' })).status).toBe(404);
  } finally {
    await serving?.close(0);
  }
});

it('is nowhere where no port is configured', async () => {
  const config = { METRICS_HOST, METRICS_PORT: undefined };
  expect(await serveMetrics(new Registry(), { config, log })).toBeUndefined();
});
