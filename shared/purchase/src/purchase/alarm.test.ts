import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { Alarm } from './alarm.ts';

function alarm() {
  const clock = new ManualClock();
  const rung: string[] = [];
  const it = new Alarm(clock);
  const set = (key: string, ms: number): void => {
    it.set(
      key,
      () => ms,
      () => rung.push(key),
    );
  };
  return { clock, rung, set, alarm: it };
}

describe('an alarm', () => {
  it('rings once, when its time is over', async () => {
    const { clock, rung, set } = alarm();
    set('a', 100);
    await clock.advance(99);
    expect(rung).toEqual([]);
    await clock.advance(1);
    expect(rung).toEqual(['a']);
    await clock.advance(1_000);
    expect(rung).toEqual(['a']);
  });

  it('goes on under the same name, and has rung for good under it', async () => {
    const { clock, rung, set } = alarm();
    set('a', 100);
    await clock.advance(60);
    set('a', 100);
    await clock.advance(40);
    expect(rung).toEqual(['a']);
    set('a', 100);
    await clock.advance(1_000);
    expect(rung).toEqual(['a']);
  });

  it('is one at a time: another one ends it', async () => {
    const { clock, rung, set } = alarm();
    set('a', 100);
    set('b', 200);
    expect(clock.sleepers).toBe(1);
    await clock.advance(1_000);
    expect(rung).toEqual(['b']);
  });

  it('is ended, and may be set again under the same name', async () => {
    const { clock, rung, set, alarm: it } = alarm();
    it.clear();
    set('a', 100);
    it.clear();
    expect(clock.sleepers).toBe(0);
    await clock.advance(1_000);
    expect(rung).toEqual([]);
    set('a', 100);
    await clock.advance(100);
    expect(rung).toEqual(['a']);
  });
});
