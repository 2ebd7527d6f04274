import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { AskedGauges } from './asked.ts';

function opened() {
  const [registry, clock] = [new Registry(), new ManualClock()];
  return { registry, clock, gauges: new AskedGauges({ registry, clock, log: pino({ level: 'silent' }) }) };
}

it('asks once in ten seconds, however many read at once, and forgets labels that are gone', async () => {
  const { registry, clock, gauges } = opened();
  let asked = 0;
  gauges.add({
    ...{ name: 'depth', help: 'Depth.', labels: ['queue'] },
    ask: () => Promise.resolve([{ labels: { queue: `q${(asked += 1)}` }, value: asked }]),
  });
  const [first] = await Promise.all([registry.metrics(), registry.metrics()]);
  expect(first).toContain('depth{queue="q1"} 1');
  await clock.advance(9_999);
  expect(await registry.metrics()).toContain('depth{queue="q1"} 1');
  await clock.advance(1);
  const second = await registry.metrics();
  expect(second).toContain('depth{queue="q2"} 2');
  expect(second).not.toContain('q1');
});

it('leaves out what could not be had, counts it, and asks again at the next reading', async () => {
  const { registry, gauges } = opened();
  let there = false;
  const ask = () => (there ? Promise.resolve([{ labels: {}, value: 7 }]) : Promise.reject(new Error('away')));
  gauges.add({ name: 'age', help: 'Age.', labels: [], ask });
  gauges.add({
    name: 'other',
    help: 'Other.',
    labels: [],
    ask: () => Promise.resolve([{ labels: {}, value: 5 }]),
  });
  // The count may be read before the failure that it counts.
  await registry.metrics();
  const failed = await registry.metrics();
  expect(failed).not.toMatch(/^age /m);
  expect(failed).toContain('other 5');
  expect(failed).toMatch(/^bianmin_metric_failures_total\{metric="age"\} [12]$/m);
  there = true;
  expect(await registry.metrics()).toMatch(/^age 7$/m);
});
