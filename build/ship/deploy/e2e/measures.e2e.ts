import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '@bianmin/card/node/free-port';
import { balancerEnvironment, startHaproxy } from '../../../run/dev/haproxy.ts';
import { queries } from '../../../test/prometheus/files.ts';

it('HAProxy has every measurement that an alert asks it for, and nothing else at that door', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'bianmin-measures-'));
  const measures = `127.0.0.1:${await freePort()}`;
  const env = {
    ...balancerEnvironment(await freePort(), [await freePort(), await freePort()]),
    BIANMIN_BALANCER_MEASURES: measures,
  };
  const { program } = await startHaproxy({ dir, env });
  try {
    const text = await (await fetch(`http://${measures}/metrics`)).text();
    const asked = (await queries()).flatMap(({ expr }) => [...expr.matchAll(/(haproxy_\w+)\{([^}]*)\}/gu)]);
    expect(asked.length).toBeGreaterThan(0);
    for (const [, name = '', labels = ''] of asked) {
      const series = text.split('\n').filter((line) => line.startsWith(`${name}{`));
      const wanted = [...labels.matchAll(/(\w+)=~?"([^"|]+)/gu)].map(
        ([, label, value]) => `${label}="${value}"`,
      );
      expect(
        series.filter((line) => wanted.every((each) => line.includes(each))),
        name,
      ).not.toEqual([]);
    }
    expect((await fetch(`http://${measures}/`)).status).toBe(404);
  } finally {
    await program.stop(5_000);
    await rm(dir, { recursive: true, force: true });
  }
});
