import { systemClock } from '@bianmin/card/node/system-clock';
import { expect, it } from 'vitest';
import type { AuditRecord } from './audit.ts';
import { EACH, RefusedTries } from './refused-tries.ts';

function world() {
  let now = 1_800_000_000_000;
  const entries: AuditRecord[] = [];
  const tries = new RefusedTries({
    audit: { record: (entry) => Promise.resolve(void entries.push(entry)) },
    clock: { ...systemClock, now: () => now },
  });
  const refuse = (action: string, n: number): Promise<void> =>
    tries.record({
      ...{ who: { kind: 'system', id: 'login' }, action, target: 't' },
      ...{
        where: { ip: `2001:db8::${n.toString(16)}`, traceId: 'a'.repeat(32) },
        data: { factor: 'password' },
      },
    });
  return { entries, refuse, pass: (ms: number) => (now += ms) };
}

it('a hundred thousand addresses together write no more than their bound into the trail', async () => {
  const { entries, refuse } = world();
  for (let n = 0; n < 100_000; n += 1) await refuse('session.refuse', n);
  expect(entries).toHaveLength(EACH + Math.floor(Math.log2(100_000 / EACH)));
  expect(entries[0]?.data).toEqual({ factor: 'password' });
  expect(entries.at(-1)?.data).toEqual({ factor: 'password', refused: EACH * 256 });
});

it('a flood of one kind hides no other, and the next hour is told from its first', async () => {
  const { entries, refuse, pass } = world();
  for (let n = 0; n < 1_000; n += 1) await refuse('session.refuse', n);
  const flooded = entries.length;
  await refuse('secret.lock', 1);
  expect(entries).toHaveLength(flooded + 1);
  pass(3_600_000);
  await refuse('session.refuse', 1);
  expect(entries).toHaveLength(flooded + 2);
});
