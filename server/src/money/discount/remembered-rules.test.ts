import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { MemoryRuleStore, sampleRule } from '../../testing/memory-rules.ts';
import { REMEMBERED_MS, RememberedRules } from './remembered-rules.ts';

const NOW = new Date('2026-03-10T04:00:00Z');

function opened() {
  const kept = new MemoryRuleStore();
  const clock = new ManualClock(NOW.getTime());
  let reads = 0;
  const rules = new RememberedRules(
    {
      active: (now) => {
        reads += 1;
        return kept.active(now);
      },
      household: (key) => kept.household(key),
    },
    clock,
  );
  const active = async (): Promise<string[]> =>
    (await rules.active(new Date(clock.now()))).map(({ _id }) => _id);
  return { kept, clock, active, reads: () => reads };
}

describe('remembered rules', () => {
  it('are read once for the orders of a moment, and seen as they are soon after', async () => {
    const { kept, clock, active, reads } = opened();
    await kept.insert(sampleRule({ _id: 'a', to: new Date('2027-01-01') }));
    expect(await Promise.all([active(), active()])).toEqual([['a'], ['a']]);
    await kept.setStatus('a', 'paused');
    await kept.insert(sampleRule({ _id: 'b', to: new Date('2027-01-01') }));
    clock.jump(REMEMBERED_MS - 1);
    expect(await active()).toEqual(['a']);
    expect(reads()).toBe(1);
    clock.jump(1);
    expect(await active()).toEqual(['b']);
    expect(reads()).toBe(2);
  });

  it('give nothing after their end, remembered or not', async () => {
    const { kept, clock, active } = opened();
    await kept.insert(sampleRule({ _id: 'a', to: new Date(NOW.getTime() + 1_000) }));
    expect(await active()).toEqual(['a']);
    clock.jump(1_000);
    expect(await active()).toEqual([]);
  });

  it('are asked for again where they could not be read', async () => {
    const { kept, active } = opened();
    const found = kept.active.bind(kept);
    kept.active = () => Promise.reject(new Error('The database is away.'));
    await expect(active()).rejects.toThrow('away');
    kept.active = found;
    await kept.insert(sampleRule({ _id: 'a', to: new Date('2027-01-01') }));
    expect(await active()).toEqual(['a']);
  });
});
