import { ApiError } from '@bianmin/purchase/api/client-error';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { useLive } from './live.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});
const problem = (status: number) => new ApiError({ code: 'server.unavailable', message: '', status });

describe('what a wall shows', () => {
  it('is read again and again, stays while the server is away, and says so', async () => {
    const answers: (number | ApiError)[] = [1, problem(503), problem(401), 2];
    const scope = effectScope();
    const read = vi.fn(() => {
      const next = answers.shift() ?? 0;
      return next instanceof ApiError ? Promise.reject(next) : Promise.resolve(next);
    });
    const live = scope.run(() => useLive(read, 5000));
    const seen = () => [live?.value.value, live?.state.value, live?.at.value];
    expect(seen()).toEqual([undefined, 'first', undefined]);
    await vi.advanceTimersByTimeAsync(0);
    expect(seen()).toEqual([1, 'live', 0]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(seen()).toEqual([1, 'lost', 0]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(seen()).toEqual([1, 'ended', 0]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(seen()).toEqual([2, 'live', 15_000]);
    scope.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).toHaveBeenCalledTimes(4);
  });
});
