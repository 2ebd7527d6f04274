import { beforeEach, describe, expect, it } from 'vitest';
import type { CommissionRuleRequest } from '@bianmin/purchase/api/commission';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { startOfDay } from '../../kernel/china-time.ts';
import { MemoryOffice } from '../../testing/memory-office.ts';
import { ANNA, HERE, staffMember } from '../../testing/staff-members.ts';
import type { PlacedRules } from './rule-store.ts';
import { CommissionRules } from './rules.ts';

const REQUEST: CommissionRuleRequest = {
  ...{ kind: 'commission', org: '650100', channel: null, from: '2026-03-02', until: null },
  ...{ perOrderFen: 50, basisPoints: 0, leastFen: 0, mostFen: null, reason: 'As agreed.' },
};

/** Rules in memory; `between` happens before the next change is stored. */
class MemoryRuleStore {
  readonly places = new Map<string, PlacedRules>();
  between: (() => void) | undefined;

  all() {
    return Promise.resolve([...this.places.values()].flatMap(({ rules }) => rules));
  }

  of(place: string) {
    return Promise.resolve(this.places.get(place) ?? null);
  }

  replace(place: string, before: PlacedRules | null, rules: PlacedRules['rules']) {
    this.between?.();
    this.between = undefined;
    if ((this.places.get(place)?.version ?? 0) !== (before?.version ?? 0)) return Promise.resolve(false);
    this.places.set(place, { _id: place, version: (before?.version ?? 0) + 1, rules });
    return Promise.resolve(true);
  }
}

let clock: ManualClock;
let store: MemoryRuleStore;
let office: MemoryOffice;
let rules: CommissionRules;
beforeEach(() => {
  clock = new ManualClock(startOfDay('2026-03-01').getTime() + 36_000_000);
  store = new MemoryRuleStore();
  office = new MemoryOffice(clock);
  const orgs = { get: (id: string) => Promise.resolve(id === '650100' ? ({ _id: id } as never) : null) };
  rules = new CommissionRules({ store, orgs, approvals: office.approvals, clock });
});

const propose = (over: Partial<CommissionRuleRequest> = {}) =>
  rules.propose({ ...REQUEST, ...over }, ANNA, HERE);
const made = async (over: Partial<CommissionRuleRequest> = {}): Promise<string> => {
  const allowed = await office.allow(await propose(over));
  expect(allowed).toMatchObject({ status: 'done' });
  return allowed._id;
};
const end = (ruleId: string, until: string) =>
  rules.requestEnd({ ruleId, until, reason: 'It is over.' }, ANNA, HERE);

describe('a commission rule', () => {
  it('holds once another person who may manage them allowed it', async () => {
    const asked = await propose();
    expect(asked).toMatchObject({ kind: 'commission.rule', status: 'open', content: REQUEST });
    expect(await rules.list()).toEqual([]);
    const clerk = staffMember('carl', ['approval:decide', 'discount:manage']);
    await expect(office.allow(asked, { checker: clerk })).rejects.toMatchObject({ code: 'auth.forbidden' });
    await office.allow(asked);
    const { reason: _, ...terms } = REQUEST;
    expect(await rules.list()).toEqual([
      {
        ...{ id: asked._id, ...terms },
        made: {
          maker: { id: 'anna', name: 'anna' },
          checker: { id: 'boris', name: 'boris' },
          at: expect.any(Date) as Date,
        },
      },
    ]);
  });

  it('begins tomorrow at the earliest, also on the day on which it is allowed', async () => {
    await expect(propose({ from: '2026-03-01' })).rejects.toMatchObject({ code: 'commission.day-booked' });
    const asked = await propose();
    clock.jump(startOfDay('2026-03-02').getTime() - clock.now() - 60_000);
    // Another process may have its clock ahead.
    expect(await office.allow(asked)).toMatchObject({ status: 'failed', failure: 'commission.day-booked' });
    expect(await rules.list()).toEqual([]);
  });

  it('is of an organisation that is there', async () => {
    await expect(propose({ org: '659999' })).rejects.toMatchObject({ code: 'request.not-found' });
  });

  it('holds on no day on which another of its place does', async () => {
    await made({ from: '2026-03-10', until: '2026-03-20' });
    for (const over of [{ from: '2026-03-02' }, { from: '2026-03-20', until: '2026-03-20' }]) {
      await expect(propose(over)).rejects.toMatchObject({ code: 'commission.overlaps' });
    }
    await made({ from: '2026-03-02', until: '2026-03-09' });
    await made({ from: '2026-03-21' });
    await made({ channel: 'cash' });
    await made({ kind: 'agency' });
    expect((await rules.list()).map(({ kind, channel, from }) => [kind, channel, from])).toEqual([
      ['agency', null, '2026-03-02'],
      ['commission', null, '2026-03-02'],
      ['commission', null, '2026-03-10'],
      ['commission', null, '2026-03-21'],
      ['commission', 'cash', '2026-03-02'],
    ]);
  });

  it('of two that are allowed at once is one', async () => {
    const [one, other] = [await propose(), await propose({ from: '2026-03-05' })];
    let raced: Promise<unknown> | undefined;
    store.between = () => {
      raced = office.allow(other);
    };
    const first = await office.allow(one);
    await raced;
    const all = await rules.list();
    expect(all).toHaveLength(1);
    const failed = [first, await office.approvals.list('failed', ANNA.scope)].flat();
    expect(failed.some((each) => each.failure === 'commission.overlaps')).toBe(true);
  });

  it('that is carried out again after a crash is one, also a day later', async () => {
    const asked = await propose();
    const allowed = await office.allow(asked);
    const before = await rules.list();
    clock.jump(2 * 86_400_000);
    office.store.approvals.set(allowed._id, { ...allowed, status: 'accepted' });
    expect(await office.approvals.resume(() => undefined)).toBe(1);
    expect(await rules.list()).toEqual(before);
  });
});

describe('the end of a commission rule', () => {
  it('is a day that is not over, and after it another may hold', async () => {
    const id = await made();
    await expect(end(id, '2026-02-28')).rejects.toMatchObject({ code: 'commission.day-booked' });
    await expect(end('none', '2026-03-05')).rejects.toMatchObject({ code: 'request.not-found' });
    const asked = await end(id, '2026-03-05');
    expect(asked.content).toMatchObject({ org: '650100', until: '2026-03-05', before: { until: null } });
    expect(await office.allow(asked)).toMatchObject({ status: 'done' });
    expect(await rules.list()).toMatchObject([
      { id, until: '2026-03-05', ended: { checker: { id: 'boris' } } },
    ]);
    await expect(end(id, '2026-03-05')).rejects.toMatchObject({ code: 'commission.day-booked' });
    await made({ from: '2026-03-06' });
  });

  it('may come before it begins, and then it never holds', async () => {
    const id = await made({ from: '2026-04-01', until: '2026-04-30' });
    await office.allow(await end(id, '2026-03-01'));
    await made({ from: '2026-03-15' });
    expect(await rules.list()).toHaveLength(2);
  });

  it('that is allowed when its day is over comes to nothing', async () => {
    const id = await made();
    const asked = await end(id, '2026-03-02');
    clock.jump(2 * 86_400_000);
    expect(await office.allow(asked)).toMatchObject({ status: 'failed', failure: 'commission.day-booked' });
    expect(await rules.list()).toMatchObject([{ id, until: null }]);
  });
});
