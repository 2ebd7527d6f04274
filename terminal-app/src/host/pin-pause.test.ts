import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { ApiError } from '@bianmin/purchase/api/client-error';
import { PinPause } from './pin-pause.ts';

function rig() {
  const clock = new ManualClock();
  const pause = new PinPause(clock);
  let asked = 0;
  const enter = (code?: 'float.bad-pin' | 'server.unavailable'): Promise<string> =>
    pause
      .check(() => {
        asked += 1;
        return code === undefined
          ? Promise.resolve('in')
          : Promise.reject(new ApiError({ code, message: 'A test.', status: 403 }));
      })
      .catch((error: unknown) => {
        const { code: of, retryAfterMs = 0 } = error as ApiError;
        return of === 'request.rate-limited' ? `wait ${retryAfterMs}` : of;
      });
  return { clock, enter, asked: () => asked };
}

async function wrong(enter: ReturnType<typeof rig>['enter'], times: number): Promise<void> {
  for (let i = 0; i < times; i++) expect(await enter('float.bad-pin')).toBe('float.bad-pin');
}

describe('wrong PINs at one terminal', () => {
  it('are ten in a row before a minute’s wait, in which nothing is asked', async () => {
    const { clock, enter, asked } = rig();
    await wrong(enter, 10);
    expect(await enter()).toBe('wait 60000');
    await clock.advance(59_999);
    expect(await enter()).toBe('wait 1');
    expect(asked()).toBe(10);
    await clock.advance(1);
    expect(await enter()).toBe('in');
  });

  it('make each wait twice as long, to sixteen minutes', async () => {
    const { clock, enter } = rig();
    await wrong(enter, 10);
    for (const minutes of [1, 2, 4, 8, 16, 16]) {
      expect(await enter('float.bad-pin')).toBe(`wait ${minutes * 60_000}`);
      await clock.advance(minutes * 60_000);
      await wrong(enter, 1);
    }
  });

  it('are forgotten after a right one, and nothing else counts', async () => {
    const { enter } = rig();
    await wrong(enter, 9);
    expect(await enter('server.unavailable')).toBe('server.unavailable');
    expect(await enter()).toBe('in');
    await wrong(enter, 9);
    expect(await enter()).toBe('in');
  });
});
