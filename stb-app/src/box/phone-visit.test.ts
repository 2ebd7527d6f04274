import { describe, expect, it } from 'vitest';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import { ApiError } from '@bianmin/purchase/api/client-error';
import type { PortalCommand, SyncedPortalSession, SyncPortalSession } from '@bianmin/purchase/api/portal';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { MEET_MS } from './meeting.ts';
import { CODE_SHOWN_MS, PHONE_ALONE_MS, PhoneVisit, type PhoneState } from './phone-visit.ts';

const AMOUNT: Extract<PurchaseView, { screen: 'amount' }> = {
  screen: 'amount',
  household: {
    ...{ name: '张*', address: '幸福路***', customerNo: '****4321' },
    ...{ balanceFen: 1234, balanceAt: null, arrearsFen: 0 },
  },
  limits: { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [5000] },
  busyFen: null,
};
const DONE: PurchaseView = {
  ...{ screen: 'done', orderNo: '1', faceFen: 5000, paidFen: 5000, discountFen: 0 },
  ...{ receiptCode: 'AB12', resumed: false },
};
const WAIT: PurchaseView = { screen: 'wait', reader: 'x' };
const chosen = (faceFen: number): PortalCommand => ({ type: 'choose-amount', faceFen });

const problem = (code: 'request.not-found' | 'server.unavailable') =>
  new ApiError({ code, message: 'No.', status: 400, retryable: false });

function rig() {
  const clock = new ManualClock();
  const asked: SyncPortalSession[] = [];
  const states: (PhoneState | null)[] = [];
  const faults: string[] = [];
  let opened = 0;
  let away = false;
  let answer: () => SyncedPortalSession = () => ({ commands: [], followed: false });
  const visit = new PhoneVisit({
    api: {
      openPhoneVisit: async () => {
        if (away) throw problem('server.unavailable');
        opened += 1;
        return { id: `visit-${opened}`, url: `https://x/p/#/tv/${opened}` };
      },
      syncPortal: async (_, request) => {
        asked.push(request);
        return answer();
      },
    },
    clock,
    onState: (state) => states.push(state),
    onFault: (where) => faults.push(where),
  });
  return {
    ...{ clock, asked, states, faults, visit },
    answers: (next: typeof answer) => (answer = next),
    goAway: () => (away = true),
    /** The phone is there, and chose this. */
    chooses: async (faceFen: number, no: number) => {
      answer = () => ({ commands: [{ no, command: chosen(faceFen) }], followed: true });
      await clock.advance(MEET_MS);
      answer = () => ({ commands: [], followed: true });
      await clock.advance(MEET_MS);
    },
  };
}

/** Beside a screen that asks for the amount. */
async function scanned() {
  const all = rig();
  all.visit.show(AMOUNT);
  void all.visit.open();
  await settled();
  all.answers(() => ({ commands: [], followed: true }));
  await all.clock.advance(MEET_MS);
  return all;
}

describe('a phone beside the television', () => {
  it('scans, chooses, and orders nothing: the remote says whether the amount is right', async () => {
    const { states, visit, asked, chooses } = await scanned();
    expect(states).toEqual([{ is: 'opening' }, { is: 'code', url: 'https://x/p/#/tv/1' }, { is: 'here' }]);
    await chooses(5000, 1);
    expect(visit.state).toEqual({ is: 'chosen', faceFen: 5000 });
    expect(asked.at(-1)?.view).toMatchObject({ screen: 'amount', chosenFen: 5000 });
    visit.decline();
    expect(visit.state).toEqual({ is: 'here' });
    await chooses(3000, 2);
    visit.show({ ...AMOUNT, busyFen: 3000 });
    expect(visit.state).toEqual({ is: 'here' });
  });

  it('sees a masked name, amounts and the outcome; neither customer number nor balance', async () => {
    const { asked } = await scanned();
    const { household, limits } = AMOUNT;
    expect(asked[0]?.view).toEqual({
      ...{ screen: 'amount', limits, busyFen: null },
      household: { name: household.name, address: household.address },
    });
  });

  it('is not heard for an amount that cannot be, for anything else, and on another screen', async () => {
    const { clock, visit, answers, chooses } = await scanned();
    await chooses(999, 1);
    await chooses(5050, 2);
    await chooses(50_100, 3);
    answers(() => ({ commands: [{ no: 4, command: { type: 'confirm-card' } }], followed: true }));
    await clock.advance(MEET_MS);
    expect(visit.state).toEqual({ is: 'here' });
    visit.show({ ...AMOUNT, busyFen: 5000 });
    await chooses(5000, 5);
    visit.show(DONE);
    await chooses(5000, 6);
    expect(visit.state).toEqual({ is: 'here' });
  });

  it('keeps how the purchase ended when the card is taken out, and no timer is left', async () => {
    const { clock, asked, visit } = await scanned();
    visit.show(DONE);
    visit.show({ screen: 'reading' });
    visit.show(WAIT);
    await settled();
    expect(asked.at(-1)).toMatchObject({ view: { screen: 'done', receiptCode: 'AB12' }, end: true });
    expect(visit.state).toBeNull();
    await clock.advance(MEET_MS);
    expect(clock.sleepers).toBe(0);
  });

  it('is said to be lost, comes back, and the television may go on without it at any time', async () => {
    const { clock, asked, visit, answers } = await scanned();
    answers(() => ({ commands: [], followed: false }));
    await clock.advance(MEET_MS);
    expect(visit.state).toEqual({ is: 'lost' });
    answers(() => ({ commands: [], followed: true }));
    await clock.advance(MEET_MS);
    expect(visit.state).toEqual({ is: 'here' });
    visit.leave();
    expect(visit.state).toBeNull();
    expect(asked.at(-1)?.end).toBe(true);
    await clock.advance(MEET_MS);
    expect(clock.sleepers).toBe(0);
  });

  it('is waited for as long as its code is good, and longer once it was there', async () => {
    const waiting = rig();
    waiting.visit.show(AMOUNT);
    void waiting.visit.open();
    await settled();
    await waiting.clock.advance(CODE_SHOWN_MS + MEET_MS);
    expect([waiting.visit.state, waiting.asked.at(-1)?.end]).toEqual([null, true]);
    const { clock, visit, answers } = await scanned();
    answers(() => ({ commands: [], followed: false }));
    await clock.advance(CODE_SHOWN_MS + MEET_MS);
    expect(visit.state).toEqual({ is: 'lost' });
    await clock.advance(PHONE_ALONE_MS);
    expect(visit.state).toBeNull();
    expect(clock.sleepers).toBe(0);
  });

  it('has one code at a time, and none where the server is away or has forgotten', async () => {
    const { asked, visit, answers, goAway, faults, clock } = await scanned();
    answers(() => ({ commands: [], followed: false }));
    void visit.open();
    await settled();
    expect(visit.state).toEqual({ is: 'code', url: 'https://x/p/#/tv/2' });
    expect(asked.filter(({ end }) => end)).toHaveLength(1);
    answers(() => {
      throw problem('request.not-found');
    });
    await clock.advance(MEET_MS);
    expect(visit.state).toBeNull();
    goAway();
    await visit.open();
    expect([visit.state, faults]).toEqual([{ is: 'failed' }, ['phone']]);
  });
});
