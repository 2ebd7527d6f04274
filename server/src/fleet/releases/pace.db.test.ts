import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { CommunityPace, LONGEST_WAIT_MS } from './pace.ts';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

describe("a community's line", () => {
  const never = new AbortController().signal;

  it('is shared by all downloads to it, from whichever process, and with no other community', async () => {
    const clock = new ManualClock();
    const paces = [0, 1].map(() => new CommunityPace({ redis: t.redis, clock, bytesPerS: 100_000 }));
    const sent: string[] = [];
    const send = async (no: number, community: string): Promise<void> => {
      await paces[no]?.take(community, 100_000, never);
      sent.push(`${no} ${community}`);
    };
    const all = [send(0, 'c1'), send(1, 'c1'), send(0, 'c1'), send(1, 'c2')];
    await expect.poll(() => clock.sleepers).toBe(2);
    await settled();
    // A second's worth at once for each line; the next second is the next one's.
    expect(sent.toSorted()).toHaveLength(2);
    expect(sent).toContain('1 c2');
    await clock.advance(1000);
    expect(sent).toHaveLength(3);
    await clock.advance(1000);
    await Promise.all(all);
    expect(sent).toHaveLength(4);
  });

  it('admits no more downloads while the wait is long, and says how long', async () => {
    const clock = new ManualClock();
    const pace = new CommunityPace({ redis: t.redis, clock, bytesPerS: 1000 });
    await pace.admit('c3');
    await pace.take('c3', LONGEST_WAIT_MS + 5000, never);
    await expect(pace.admit('c3')).rejects.toMatchObject({ code: 'request.rate-limited', retryAfterS: 25 });
    clock.jump(5000);
    await pace.admit('c3');
  });
});
