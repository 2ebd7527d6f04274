import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { ApiError } from '../api/client-error.ts';
import type { Heartbeat } from '../api/heartbeat.ts';
import { BeatCounts } from './beat-counts.ts';
import { Heartbeats, POWER_WAIT_MS } from './heartbeat.ts';

function rig(
  init: { away?: (beat: number) => boolean | Error; random?: number; firstWithinMs?: number } = {},
) {
  const clock = new ManualClock();
  const start = clock.now();
  const sent: { at: number; beat: Heartbeat }[] = [];
  const counts = new BeatCounts();
  const heartbeats = new Heartbeats({
    ...{ clock, counts, ...(init.firstWithinMs === undefined ? {} : { firstWithinMs: init.firstWithinMs }) },
    random: () => init.random ?? 0.5,
    vitals: () => ({ version: '1.0.0', readers: ['R'] }),
    send: (beat) => {
      sent.push({ at: clock.now() - start, beat });
      const away = init.away?.(sent.length - 1) ?? false;
      if (away === false) return Promise.resolve({ nextMs: 60_000 });
      return Promise.reject(away === true ? new Error('away') : away);
    },
  });
  heartbeats.start();
  return { clock, counts, heartbeats, sent };
}

describe('heartbeats', () => {
  it('come when the server says, the first one soon', async () => {
    const { clock, heartbeats, sent } = rig();
    await clock.advance(130_000);
    expect(sent.map(({ at }) => at)).toEqual([2_500, 62_500, 122_500]);
    await heartbeats.stop();
    await clock.advance(600_000);
    expect(sent).toHaveLength(3);
  });

  it('begin within the time that they are given', async () => {
    const { clock, sent } = rig({ firstWithinMs: POWER_WAIT_MS });
    await clock.advance(100_000);
    expect(sent.map(({ at }) => at)).toEqual([30_000, 90_000]);
  });

  it('tell what was counted, once', async () => {
    const { clock, counts, sent } = rig();
    counts.card('SLE4442');
    counts.card('SLE4442');
    counts.card('CPU');
    counts.fault('reader.timeout');
    await clock.advance(63_000);
    expect(sent[0]?.beat).toEqual({
      version: '1.0.0',
      readers: ['R'],
      chips: [
        { chip: 'SLE4442', count: 2 },
        { chip: 'CPU', count: 1 },
      ],
      errors: [{ code: 'reader.timeout', count: 1 }],
    });
    expect(sent[1]?.beat).toMatchObject({ chips: [], errors: [] });
  });

  it('lose no count while the server does not answer', async () => {
    const { clock, counts, sent } = rig({ away: (beat) => beat < 2 });
    counts.fault('reader.timeout');
    await clock.advance(3_000);
    counts.fault('reader.timeout');
    counts.card('CPU');
    await clock.advance(60_000);
    expect(sent).toHaveLength(3);
    expect(sent[2]?.beat).toMatchObject({
      chips: [{ chip: 'CPU', count: 1 }],
      errors: [{ code: 'reader.timeout', count: 2 }],
    });
  });

  it('spread over a longer and longer wait while the server does not answer', async () => {
    const first = rig({ away: () => true, random: 0 });
    const last = rig({ away: () => true, random: 1 });
    await first.clock.advance(3_600_000);
    await last.clock.advance(3_600_000);
    // With the luck of the draw: every five seconds, or every five minutes.
    expect(first.sent.length).toBeGreaterThan(700);
    expect(last.sent.slice(-2).map(({ at }) => at)).toSatisfy(
      ([one, two]: [number, number]) => two - one === 305_000,
    );
  });

  it('come again when a besieged server says, and at a moment of their own within that second', async () => {
    const busy = new ApiError({ code: 'server.busy', message: '', status: 503, retryAfterMs: 90_000 });
    const { clock, sent } = rig({ away: (beat) => (beat === 0 ? busy : false) });
    await clock.advance(2_500 + 90_499);
    expect(sent).toHaveLength(1);
    await clock.advance(1);
    expect(sent.map(({ at }) => at)).toEqual([2_500, 93_000]);
  });

  it('name no sentence', async () => {
    const { clock, counts, sent } = rig();
    counts.fault('The card of 张三 is broken');
    counts.fault();
    await clock.advance(3_000);
    expect(sent[0]?.beat.errors).toEqual([{ code: 'other.codes', count: 2 }]);
  });

  it('name 32 codes at most', async () => {
    const { clock, counts, sent } = rig();
    for (let code = 0; code < 50; code += 1) counts.fault(`reader.c${code}`);
    await clock.advance(3_000);
    const errors = sent[0]?.beat.errors ?? [];
    expect(errors).toHaveLength(32);
    expect(errors).toContainEqual({ code: 'other.codes', count: 19 });
  });
});
