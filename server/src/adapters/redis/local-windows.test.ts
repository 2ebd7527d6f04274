import { expect, it, vi } from 'vitest';
import { LocalWindows } from './local-windows.ts';

it('so many pass in a window, and the next is told how long it lasts', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const windows = new LocalWindows();
    expect([windows.take('a', 2, 1_000), windows.take('a', 2, 1_000)]).toEqual([undefined, undefined]);
    vi.advanceTimersByTime(400);
    expect(windows.take('a', 2, 1_000)).toBe(600);
    expect(windows.take('b', 2, 1_000)).toBeUndefined();
    vi.advanceTimersByTime(600);
    expect(windows.take('a', 2, 1_000)).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});

it('who comes when there is no room for more names waits; those that are over make room', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const windows = new LocalWindows();
    for (let no = 0; no < 50_000; no += 1) windows.take(String(no), 1, 1_000);
    expect(windows.take('one more', 1, 1_000)).toBe(1_000);
    vi.advanceTimersByTime(1_000);
    expect(windows.take('one more', 1, 1_000)).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});
