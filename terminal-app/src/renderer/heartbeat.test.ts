import { expect, it } from 'vitest';
import { BEAT_MS, startHeartbeat } from './heartbeat.ts';

it('the page tells of its second frame, at once and every few seconds, and of none while nothing is drawn', () => {
  const frames: (() => void)[] = [];
  const calls: string[] = [];
  let tick: () => void = () => undefined;
  let every = 0;
  startHeartbeat(
    {
      call: (name) => {
        calls.push(name);
        return Promise.reject(new Error('link.down'));
      },
    },
    {
      frame: (callback) => frames.push(callback),
      every: (ms, callback) => {
        every = ms;
        tick = callback;
      },
    },
  );
  const draw = (): void => frames.shift()?.();
  draw();
  expect(calls).toEqual([]);
  draw();
  expect(calls).toEqual(['page.painted']);
  expect(every).toBe(BEAT_MS);
  tick();
  expect(calls).toHaveLength(1);
  draw();
  draw();
  expect(calls).toHaveLength(2);
});
