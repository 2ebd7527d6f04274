import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from 'vitest';
import { scraped, typesIn } from '../../../server/src/testing/scraped.ts';
import { runToEnd } from '../../kit/process/run-to-end.ts';
import { asRules, PROMETHEUS, queries } from './files.ts';
import { namesIn } from './promql.ts';
import { findPromtool } from './promtool.ts';

let exported: ReadonlyMap<string, string>;
beforeAll(async () => {
  const { web, worker } = await scraped();
  // Prometheus itself says who answers.
  exported = new Map([...typesIn(web), ...typesIn(worker), ['up', 'gauge']]);
});

describe('alerts and dashboard', () => {
  it('are PromQL', async () => {
    for (const { from, expr } of await queries())
      expect(namesIn(expr).faults, `${from}: ${expr}`).toEqual([]);
    expect(namesIn('sum by (a) (rate(b[5m]) > 1').faults).not.toEqual([]);
  });

  it('name only what web and worker really export', async () => {
    const all = await queries();
    expect(all.length).toBeGreaterThan(40);
    for (const { from, expr } of all) {
      const { metrics } = namesIn(expr);
      expect(metrics.size, `${from}: ${expr}`).toBeGreaterThan(0);
      // HAProxy's own: asked of a real one in build/ship/deploy/e2e/measures.e2e.ts.
      const ours = [...metrics].filter((metric) => !metric.startsWith('haproxy_'));
      for (const metric of ours) expect([...exported.keys()], `${from}: ${expr}`).toContain(metric);
    }
  });

  it('show every metric of ours', async () => {
    const shown = new Set((await queries()).flatMap(({ expr }) => [...namesIn(expr).metrics]));
    expect([...exported.keys()].filter((name) => name.startsWith('bianmin_') && !shown.has(name))).toEqual(
      [],
    );
  });

  it('have an example of each alert, and say in docs/observability.md what to do about it', async () => {
    const rules = await readFile(join(PROMETHEUS, 'rules.yml'), 'utf8');
    const examples = await readFile(join(PROMETHEUS, 'rules.test.yml'), 'utf8');
    const docs = await readFile(join(PROMETHEUS, '../../../../docs/observability.md'), 'utf8');
    for (const [, alert = ''] of rules.matchAll(/- alert: (\w+)/g)) {
      expect(examples).toContain(`name: ${alert}\n`);
      expect(docs).toContain(`| \`${alert}\``);
    }
  });
});

const promtool = findPromtool();
if (promtool === undefined) {
  process.stderr.write(
    'There is no promtool: alerts are parsed, and not tried. npm run promtool makes it and tries them.\n',
  );
}
describe.skipIf(promtool === undefined)('promtool', () => {
  it('takes rules, configuration and queries, and each alert fires on its example', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bianmin-promtool-'));
    try {
      const rules = join(folder, 'queries.yml');
      await writeFile(rules, asRules(await queries()));
      for (const args of [
        ['check', 'rules', join(PROMETHEUS, 'rules.yml'), rules],
        ['check', 'config', join(PROMETHEUS, 'prometheus.yml')],
        ['test', 'rules', join(PROMETHEUS, 'rules.test.yml')],
      ]) {
        const { code, output } = await runToEnd(promtool ?? '', args);
        expect(code, output).toBe(0);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
