import { Counter, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { serveMetrics } from './metrics-endpoint.ts';

it('serves what the process counted, and nothing else', async () => {
  const registry = new Registry();
  new Counter({ name: 'bench_total', help: 'Counted.', registers: [registry] }).inc(3);
  const serving = await serveMetrics(registry, '127.0.0.1', 0);
  try {
    const answer = await fetch(`${serving.url}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toContain('bench_total 3');
    expect((await fetch(`${serving.url}/`)).status).toBe(404);
    expect((await fetch(`${serving.url}/metrics`, { method: 'POST' })).status).toBe(404);
  } finally {
    await serving.close(0);
  }
});
