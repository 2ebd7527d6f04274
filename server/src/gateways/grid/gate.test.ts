import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { Gate } from './gate.ts';

/** Work that ends when the test says so. */
function heldWork(): { run: () => Promise<string>; end: (result: string) => void } {
  let end: (result: string) => void = () => undefined;
  const done = new Promise<string>((resolve) => {
    end = resolve;
  });
  return { run: () => done, end: (result) => end(result) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a gate', () => {
  it('lets its number in at once, and the next when one leaves, in order', async () => {
    const clock = new ManualClock();
    const gate = new Gate({ concurrency: 1, queue: 2 }, clock);
    const [first, second, third] = [heldWork(), heldWork(), heldWork()];
    const order: string[] = [];
    const runs = [first, second, third].map((work, i) =>
      gate.run(() => {
        order.push(`start ${i}`);
        return work.run();
      }, 1000),
    );
    await settled();
    expect(order).toEqual(['start 0']);
    first.end('a');
    await settled();
    expect(order).toEqual(['start 0', 'start 1']);
    second.end('b');
    third.end('c');
    expect(await Promise.all(runs)).toEqual(['a', 'b', 'c']);
    expect(clock.sleepers).toBe(0);
  });

  it('turns away a call that finds the queue full, before anything is sent', async () => {
    const gate = new Gate({ concurrency: 1, queue: 0 }, new ManualClock());
    const work = heldWork();
    const running = gate.run(work.run, 1000);
    await expect(gate.run(work.run, 1000)).rejects.toMatchObject({ code: 'grid.unavailable' });
    work.end('done');
    expect(await running).toBe('done');
  });

  it('turns away a call that waited too long, and gives the place to the next', async () => {
    const clock = new ManualClock();
    const gate = new Gate({ concurrency: 1, queue: 5 }, clock);
    const [first, third] = [heldWork(), heldWork()];
    const running = gate.run(first.run, 1000);
    const impatient = gate.run(first.run, 100);
    await settled();
    const refused = expect(impatient).rejects.toMatchObject({ code: 'grid.unavailable' });
    clock.jump(100);
    await refused;
    const patient = gate.run(third.run, 1000);
    first.end('a');
    third.end('c');
    expect(await Promise.all([running, patient])).toEqual(['a', 'c']);
  });

  it('gives its place back when the work fails', async () => {
    const gate = new Gate({ concurrency: 1, queue: 0 }, new ManualClock());
    await expect(gate.run(() => Promise.reject(new Error('no')), 10)).rejects.toThrow('no');
    expect(await gate.run(() => Promise.resolve('yes'), 10)).toBe('yes');
  });
});
