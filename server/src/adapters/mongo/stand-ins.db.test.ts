import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { StandIns } from './stand-ins.ts';

let t: TestContext;
let clock: ManualClock;
let standIns: StandIns;
beforeAll(async () => {
  t = await openTestContext();
  clock = new ManualClock();
  standIns = new StandIns(t.db, clock);
  await standIns.prepare();
});
afterAll(() => t.close());

describe('what stands in for Redis', () => {
  it('gives back what was put there, until it is over', async () => {
    await standIns.put('a', '1', 60_000);
    await standIns.put('a', '2', 60_000);
    expect(await standIns.getAll(['a', 'b'])).toEqual(['2', null]);
    await clock.advance(60_000);
    expect(await standIns.get('a')).toBeNull();
  });

  it('takes what is new from one of many who come at once, and again when it is over', async () => {
    const at = (): Promise<boolean> => standIns.putNew('once', '', 60_000);
    const taken = await Promise.all(Array.from({ length: 20 }, at));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await at()).toBe(false);
    await clock.advance(60_000);
    const again = await Promise.all(Array.from({ length: 20 }, at));
    expect(again.filter(Boolean)).toHaveLength(1);
  });
});
