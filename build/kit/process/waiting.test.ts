import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sayWhileWaiting, withProgress } from './waiting.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('a wait is told of after 5 s and then every 10, with the last words of what is waited for', () => {
  const lines: string[] = [];
  let last = '';
  const stop = sayWhileWaiting({
    what: 'web',
    lastWords: () => last,
    progress: (line) => lines.push(line),
  });
  vi.advanceTimersByTime(4_999);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(1);
  last = 'making indexes';
  vi.advanceTimersByTime(20_000);
  stop();
  vi.advanceTimersByTime(60_000);
  expect(lines).toEqual([
    'still waiting for web (5 s)',
    'still waiting for web (15 s); it last said: making indexes',
    'still waiting for web (25 s); it last said: making indexes',
  ]);
});

it('a wait that is over is told of no more, whether it ended well or not', async () => {
  const lines: string[] = [];
  const progress = (line: string): void => void lines.push(line);
  expect(await withProgress({ what: 'a page', progress }, Promise.resolve(1))).toBe(1);
  await expect(withProgress({ what: 'a page', progress }, Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  );
  vi.advanceTimersByTime(60_000);
  expect(lines).toEqual([]);
});
