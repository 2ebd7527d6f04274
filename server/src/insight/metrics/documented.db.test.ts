import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { scraped, typesIn } from '../../testing/scraped.ts';

let web = '';
let worker = '';
beforeAll(async () => {
  ({ web, worker } = await scraped());
});

async function documented(): Promise<string[]> {
  const text = await readFile(join(import.meta.dirname, '../../../../docs/observability.md'), 'utf8');
  return [...text.matchAll(/^\| `(bianmin_\w+)` *\| (\w+) *\| [^|]*\| ([\w, ]+?) *\|/gm)].map((row) =>
    row.slice(1).join(' '),
  );
}

it('exports every metric that docs/observability.md lists, and no other', async () => {
  const [ofWeb, ofWorker] = [typesIn(web), typesIn(worker)];
  const exported = [...new Map([...ofWeb, ...ofWorker])]
    .filter(([name]) => name.startsWith('bianmin_'))
    .map(([name, type]) => {
      const from = [ofWeb.has(name) ? 'web' : '', ofWorker.has(name) ? 'worker' : ''].filter(Boolean);
      return `${name} ${type} ${from.join(', ')}`;
    });
  expect(exported.sort()).toEqual((await documented()).sort());
});

it('asks queue, orders and terminals when it is read, and measures its stores', () => {
  expect(worker).toContain('bianmin_queue_jobs{queue="orders",state="waiting"} 0');
  expect(worker).toContain('bianmin_queue_oldest_waiting_seconds{queue="orders"} 0');
  expect(worker).toContain('bianmin_orders{state="paying"} 0');
  expect(worker).toContain('bianmin_orders_overdue_seconds 0');
  expect(worker).toContain('bianmin_terminals{presence="online"} 0');
  expect(worker).toContain('bianmin_grid_breaker_open 0');
  expect(worker).not.toContain('bianmin_metric_failures_total{');
  expect(web).toMatch(/bianmin_mongo_command_seconds_count\{command="ping",outcome="ok"\} [1-9]/);
  expect(web).toMatch(/bianmin_redis_command_seconds_count\{command="ping",outcome="ok"\} [1-9]/);
  expect(web).toMatch(/bianmin_http_request_seconds_count\{route="\/readyz",method="GET",status="200"\} 1/);
  expect(web).toMatch(/^nodejs_eventloop_lag_seconds /m);
});
