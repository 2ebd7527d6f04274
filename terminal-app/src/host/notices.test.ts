import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { TerminalAnnouncements } from '@bianmin/purchase/api/announcements';
import { Notices } from './notices.ts';

const MINUTE = 60_000;

/** Announcements that end after so many minutes. */
function at(clock: ManualClock, ends: Record<string, number>): TerminalAnnouncements {
  const announcements = Object.entries(ends).map(([zh, minutes]) => ({
    ...{ id: zh, texts: { 'zh-CN': zh } },
    to: new Date(clock.now() + minutes * MINUTE).toISOString(),
  }));
  return { announcements };
}

describe('notices', () => {
  it('are shown in turn, outlive a server that is away, and end when they end', async () => {
    const clock = new ManualClock();
    const shown: (string | null)[] = [];
    const answers = [at(clock, { first: 9, second: 3 })];
    const notices = new Notices({
      fetch: () => {
        const answer = answers.shift();
        return answer === undefined ? Promise.reject(new Error('away')) : Promise.resolve(answer);
      },
      show: (notice) => shown.push(notice?.['zh-CN'] ?? null),
      clock,
      now: () => clock.now(),
    });
    notices.start();
    notices.start();
    for (let minute = 0; minute < 10; minute += 1) {
      await expect.poll(() => clock.sleepers).toBe(1);
      clock.jump(MINUTE);
    }
    await expect.poll(() => clock.sleepers).toBe(1);
    expect(shown.slice(0, 4)).toEqual(['first', 'second', 'first', 'first']);
    expect(shown.slice(-2)).toEqual([null, null]);
    await notices.stop();
    expect(clock.sleepers).toBe(0);
  });
});
