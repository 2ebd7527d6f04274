import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { Heartbeat } from '@bianmin/purchase/api/heartbeat';
import { createFleetMetrics } from './terminal-metrics.ts';

const says = (code: string, readers: string[] = ['ACS ACR38U-CCID 00 00']): Heartbeat => ({
  ...{ version: '1.0.0', readers },
  errors: [{ code, count: 2 }],
});

it("counts readers' faults by model, and all faults by area", async () => {
  const registry = new Registry();
  const fleet = createFleetMetrics(registry);
  fleet.count('kiosk', says('reader.mute'));
  fleet.count('kiosk', says('journal.full'));
  fleet.count('box', says('reader.none', []));
  const text = await registry.metrics();
  expect(text).toContain('bianmin_reader_faults_total{model="acr38u-ccid",code="reader.mute"} 2');
  expect(text).toContain('bianmin_reader_faults_total{model="none",code="reader.none"} 2');
  expect(text).toContain('bianmin_terminal_faults_total{kind="kiosk",area="journal"} 2');
  expect(text).not.toContain('code="journal');
});

it('makes no series of unknown names and codes', async () => {
  const registry = new Registry();
  const fleet = createFleetMetrics(registry);
  for (let no = 0; no < 300; no += 1) {
    fleet.count('kiosk', says(`reader.fault-${no}`, [`Some reader ${no}`]));
    fleet.count('box', says(`area${no}.fault`));
  }
  const series = (await registry.metrics()).split('\n').filter((line) => !line.startsWith('#'));
  expect(series.length).toBeLessThan(140);
  expect(series.filter((line) => line.includes('model="pcsc",code="other"'))).toHaveLength(1);
});
