import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { Breaker } from './breaker.ts';
import { GridError } from './error.ts';

const fails = (code: 'grid.refused' | 'grid.unknown') => () =>
  Promise.reject(new GridError({ code, message: 'as told' }));
const works = (): Promise<string> => Promise.resolve('ok');

async function outcome(breaker: Breaker, work: () => Promise<unknown>): Promise<unknown> {
  return breaker.run(work).catch((error: unknown) => (error as GridError).code);
}

describe('a breaker', () => {
  it('opens after failures in a row, and then sends nothing', async () => {
    const breaker = new Breaker({ failures: 2, coolMs: 1000 }, new ManualClock());
    expect(await outcome(breaker, fails('grid.unknown'))).toBe('grid.unknown');
    expect(breaker.open).toBe(false);
    expect(await outcome(breaker, fails('grid.unknown'))).toBe('grid.unknown');
    let sent = false;
    const watched = (): Promise<string> => {
      sent = true;
      return works();
    };
    expect(await outcome(breaker, watched)).toBe('grid.unavailable');
    expect(sent).toBe(false);
  });

  it('takes a refusal for a sign of life', async () => {
    const breaker = new Breaker({ failures: 2, coolMs: 1000 }, new ManualClock());
    await outcome(breaker, fails('grid.unknown'));
    await outcome(breaker, fails('grid.refused'));
    await outcome(breaker, fails('grid.unknown'));
    expect(await outcome(breaker, works)).toBe('ok');
  });

  it('lets one call try after a while, and closes when it is answered', async () => {
    const clock = new ManualClock();
    const breaker = new Breaker({ failures: 1, coolMs: 1000 }, clock);
    await outcome(breaker, fails('grid.unknown'));
    clock.jump(1000);
    const [first, second] = [outcome(breaker, works), outcome(breaker, works)];
    expect(await Promise.all([first, second])).toEqual(['ok', 'grid.unavailable']);
    expect(await outcome(breaker, works)).toBe('ok');
  });

  it('stays open when that call fails too', async () => {
    const clock = new ManualClock();
    const breaker = new Breaker({ failures: 1, coolMs: 1000 }, clock);
    await outcome(breaker, fails('grid.unknown'));
    clock.jump(1000);
    expect(await outcome(breaker, fails('grid.unknown'))).toBe('grid.unknown');
    expect(await outcome(breaker, works)).toBe('grid.unavailable');
  });
});
