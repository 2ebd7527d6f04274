import { describe, expect, it } from 'vitest';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import { ApiError } from '@bianmin/purchase/api/client-error';
import type { PortalCommand, SyncedPortalSession, SyncPortalSession } from '@bianmin/purchase/api/portal';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { MEET_MAX_MS, MEET_MS } from './meeting.ts';
import { ALONE_MS, PortalVisit } from './portal-visit.ts';

const WAIT: PurchaseView = { screen: 'wait', reader: 'x' };
const READING: PurchaseView = { screen: 'reading' };
const YES: PortalCommand = { type: 'confirm-card' };

const problem = (code: 'request.not-found' | 'server.unavailable') =>
  new ApiError({ code, message: 'No.', status: 400, retryable: false });

function rig() {
  const clock = new ManualClock();
  const asked: SyncPortalSession[] = [];
  const done: PortalCommand[] = [];
  const faults: string[] = [];
  let over = 0;
  let answer: () => SyncedPortalSession = () => ({ commands: [], followed: true });
  const visit = new PortalVisit({
    api: {
      joinPortal: async (token) => {
        if (token !== 'good') throw problem('request.not-found');
        return { id: 'visit', entry: 'iptv2', expiresAt: '2026-01-15T02:00:00.000Z' };
      },
      syncPortal: async (_, request) => {
        asked.push(request);
        return answer();
      },
    },
    clock,
    command: (command) => done.push(command),
    onFault: (where) => faults.push(where),
    onOver: () => void (over += 1),
  });
  const overs = (): number => over;
  return { clock, asked, done, faults, visit, overs, answers: (next: typeof answer) => (answer = next) };
}

describe('a visit from the portal', () => {
  it('shows what changed, once, and says what the page’s household chose', async () => {
    const { clock, asked, done, visit, answers } = rig();
    visit.show(WAIT);
    await visit.join('good');
    expect(visit.entry).toBe('iptv2');
    await clock.advance(MEET_MS);
    visit.show(READING);
    answers(() => ({ commands: [{ no: 3, command: YES }], followed: true }));
    await clock.advance(MEET_MS);
    answers(() => ({ commands: [], followed: true }));
    await clock.advance(MEET_MS);
    expect(done).toEqual([YES]);
    expect(asked).toEqual([
      { view: WAIT, taken: 0 },
      { taken: 0 },
      { view: READING, taken: 0 },
      { taken: 3 },
    ]);
  });

  it('passes over what was chosen for a screen that changed while it was asked', async () => {
    const { clock, done, visit, answers } = rig();
    visit.show(WAIT);
    await visit.join('good');
    answers(() => {
      visit.show(READING);
      return { commands: [{ no: 1, command: YES }], followed: true };
    });
    await clock.advance(MEET_MS);
    expect(done).toEqual([]);
  });

  it('is over when the page is gone, when the server says so, or when the app leaves, and leaves no timer', async () => {
    for (const end of ['alone', 'unknown', 'leave'] as const) {
      const { clock, visit, answers } = rig();
      await visit.join('good');
      if (end === 'alone') answers(() => ({ commands: [], followed: false }));
      if (end === 'unknown')
        answers(() => {
          throw problem('request.not-found');
        });
      if (end === 'leave') visit.leave();
      await clock.advance(ALONE_MS + 2 * MEET_MS);
      await settled();
      expect(clock.sleepers, end).toBe(0);
    }
  });

  it('tells the page that the app left, once, and which commands it had; nothing of a visit that is no more', async () => {
    const { clock, asked, visit, answers } = rig();
    answers(() => ({ commands: [{ no: 2, command: YES }], followed: true }));
    await visit.join('good');
    await settled();
    visit.leave();
    visit.leave();
    expect(asked.at(-1)).toEqual({ taken: 2, end: true });
    expect(asked.filter(({ end }) => end)).toHaveLength(1);
    answers(() => {
      throw problem('request.not-found');
    });
    await visit.join('good');
    await clock.advance(MEET_MS);
    visit.leave();
    expect(asked.filter(({ end }) => end)).toHaveLength(1);
  });

  it('waits longer while the server is away, and says so once', async () => {
    const { clock, asked, faults, visit, answers } = rig();
    answers(() => {
      throw problem('server.unavailable');
    });
    await visit.join('good');
    await clock.advance(ALONE_MS);
    expect(asked.length).toBeLessThan(ALONE_MS / MEET_MAX_MS + 5);
    expect(faults).toEqual(['portal']);
  });

  it('says when it is over, and not where the app left it', async () => {
    for (const end of ['alone', 'unknown', 'leave'] as const) {
      const { clock, visit, overs, answers } = rig();
      await visit.join('good');
      expect([visit.isUnderWay, overs()]).toEqual([true, 0]);
      if (end === 'alone') answers(() => ({ commands: [], followed: false }));
      if (end === 'unknown')
        answers(() => {
          throw problem('request.not-found');
        });
      if (end === 'leave') visit.leave();
      await clock.advance(ALONE_MS + 2 * MEET_MS);
      await settled();
      expect([visit.isUnderWay, overs()], end).toEqual([false, end === 'leave' ? 0 : 1]);
    }
  });

  it('goes on when another app brings a token that is not good, and ends for a good one', async () => {
    const { clock, asked, visit, overs } = rig();
    await visit.join('good');
    await visit.join('forged');
    await clock.advance(MEET_MS);
    expect([visit.isUnderWay, overs(), asked.some(({ end }) => end)]).toEqual([true, 0, false]);
    await visit.join('good');
    expect(asked.filter(({ end }) => end)).toHaveLength(1);
    expect([visit.isUnderWay, overs()]).toEqual([true, 0]);
    await clock.advance(MEET_MS);
    expect(clock.sleepers).toBe(1);
  });

  it('is none by a token that is not good, and the app goes on by itself', async () => {
    const { clock, faults, visit, overs } = rig();
    await visit.join('forged');
    expect(visit.entry).toBeUndefined();
    expect(faults).toEqual(['portal']);
    expect(clock.sleepers).toBe(0);
    expect([visit.isUnderWay, overs()]).toEqual([false, 1]);
  });
});
