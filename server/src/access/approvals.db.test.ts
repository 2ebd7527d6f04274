import { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../kernel/problem.ts';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import { Approvals } from './approvals.ts';
import type { Approval } from './store/approvals.ts';
import { staffMember } from '../testing/staff-world.ts';
import type { AdminPrincipal } from './sessions.ts';
import { FreshAccess, HERE } from '../testing/fresh-access.ts';
import { codeOf } from '../testing/problem-code.ts';

let fixture: FreshAccess;
beforeAll(async () => {
  fixture = await FreshAccess.open();
});
afterAll(() => fixture.close());
beforeEach(() => fixture.fresh());

describe('approvals', () => {
  let runs: string[];
  let fail: Error | undefined;
  const maker = staffMember('maker');
  const checker = staffMember('checker');
  beforeEach(() => {
    runs = [];
    fail = undefined;
    fixture.access.approvals.register('test', {
      permission: 'refund:approve',
      run: (approval) => {
        runs.push(approval._id);
        return fail === undefined ? Promise.resolve() : Promise.reject(fail);
      },
    });
  });
  const request = (): Promise<Approval> =>
    fixture.access.approvals.request({ kind: 'test', content: { fen: 5000 }, maker, where: HERE });
  const decide = (id: string, who: AdminPrincipal, accept = true): Promise<Approval> =>
    fixture.access.approvals.decide({ id, checker: who, accept, where: HERE });

  it('are carried out once, when a second person allows it', async () => {
    const { _id } = await request();
    expect(runs).toEqual([]);
    expect((await decide(_id, checker)).status).toBe('done');
    expect(runs).toEqual([_id]);
    expect(await codeOf(decide(_id, checker))).toBe('approval.already-decided');
    expect(runs).toEqual([_id]);
  });

  it('are not decided by their maker, nor by a checker without the permission', async () => {
    const { _id } = await request();
    expect(await codeOf(decide(_id, maker))).toBe('approval.same-person');
    expect(await codeOf(decide(_id, staffMember('clerk', ['approval:decide'])))).toBe('auth.forbidden');
    expect(await codeOf(decide('00000000-0000-4000-8000-000000000000', checker))).toBe('request.not-found');
    expect((await fixture.access.stores.approvals.get(_id))?.status).toBe('open');
    expect(
      await fixture.access.stores.approvals.decide(_id, 'accepted', { id: 'maker', name: '' }, new Date()),
    ).toBeNull();
  });

  it('that are refused are never carried out', async () => {
    const { _id } = await request();
    expect((await decide(_id, checker, false)).status).toBe('refused');
    expect(await fixture.access.approvals.resume(() => undefined)).toBe(0);
    expect(runs).toEqual([]);
  });

  it('of many checkers at once, one decides', async () => {
    const { _id } = await request();
    const codes = await Promise.all(
      Array.from({ length: 8 }, (_, n) => codeOf(decide(_id, staffMember(`checker-${n}`), n % 2 === 0))),
    );
    expect(codes.filter((code) => code === 'none')).toHaveLength(1);
    expect(codes.filter((code) => code === 'approval.already-decided')).toHaveLength(7);
    expect(runs.length).toBeLessThanOrEqual(1);
  });

  it('are carried out after a crash between the decision and the doing', async () => {
    const { _id } = await request();
    const who = { id: 'checker', name: 'checker' };
    await fixture.access.stores.approvals.decide(_id, 'accepted', who, new Date(fixture.clock.now()));
    expect(await fixture.access.approvals.resume(() => undefined)).toBe(1);
    expect(runs).toEqual([_id]);
    expect((await fixture.access.stores.approvals.get(_id))?.status).toBe('done');
  });

  it('are carried out again after a crash in the middle, by whom the lease lets', async () => {
    const { _id } = await request();
    const who = { id: 'checker', name: 'checker' };
    const at = new Date(fixture.clock.now());
    await fixture.access.stores.approvals.decide(_id, 'accepted', who, at);
    await fixture.access.stores.approvals.startRun(_id, at, new Date(fixture.clock.now() + 30_000));
    expect(await fixture.access.approvals.resume(() => undefined)).toBe(0);
    fixture.clock.jump(30_000);
    expect(await fixture.access.approvals.resume(() => undefined)).toBe(1);
    expect(runs).toEqual([_id]);
  });

  it('stay accepted through a passing failure, and end as failed by a problem', async () => {
    const passing = await request();
    fail = new Error('the database is away');
    await expect(decide(passing._id, checker)).rejects.toThrow('away');
    const seen: string[] = [];
    expect(await fixture.access.approvals.resume((_error, id) => seen.push(id))).toBe(0);
    expect(seen).toEqual([passing._id]);
    fail = undefined;
    expect(await fixture.access.approvals.resume(() => undefined)).toBe(1);
    const final = await request();
    fail = new ProblemError({ code: 'order.closed', message: 'Closed.' });
    expect(await decide(final._id, checker)).toMatchObject({ status: 'failed', failure: 'order.closed' });
    const old = await request();
    fail = z.strictObject({ version: z.int() }).safeParse({}).error;
    expect(await decide(old._id, checker)).toMatchObject({ status: 'failed', failure: 'request.malformed' });
  });

  it('asked for again under one key are one, also at the same moment, and never another request', async () => {
    const ask = (digest: string, by = maker) =>
      fixture.access.approvals.request({
        ...{ kind: 'test', content: { fen: 5000 }, maker: by },
        where: { ...HERE, intent: { key: 'one-intention-0001', digest } },
      });
    const [first, second] = await Promise.all([ask('a'), ask('a')]);
    expect(second._id).toBe(first._id);
    await fixture.access.approvals.decide({ id: first._id, checker, accept: true, where: HERE });
    expect(await ask('a')).toMatchObject({ _id: first._id, status: 'done' });
    await expect(ask('b')).rejects.toMatchObject({ code: 'order.idempotency-mismatch' });
    expect((await ask('a', checker))._id).not.toBe(first._id);
  });

  describe('of which there is only one about a thing', () => {
    const taken = (by: Approval | null) =>
      new ProblemError({ code: 'order.closed', message: `Taken by ${by?._id ?? 'one on its way'}.` });
    const ask = (key: string, over: Partial<Parameters<typeof fixture.access.approvals.request>[0]> = {}) =>
      fixture.access.approvals.request({
        ...{ kind: 'test', content: { fen: 5000 }, maker, where: HERE, only: { key, taken } },
        ...over,
      });
    const recorded = async (): Promise<string[]> =>
      (await fixture.access.stores.audit.find({ limit: 100 })).map(({ action }) => action);

    it('are refused without a record while another is open, accepted or done', async () => {
      const first = await ask('k');
      await expect(ask('k')).rejects.toThrow(`Taken by ${first._id}.`);
      expect((await ask('other')).status).toBe('open');
      fail = new Error('the database is away');
      await expect(decide(first._id, checker)).rejects.toThrow('away');
      expect(await codeOf(ask('k'))).toBe('order.closed');
      fail = undefined;
      expect(await fixture.access.approvals.resume(() => undefined)).toBe(1);
      expect(await codeOf(ask('k'))).toBe('order.closed');
      expect((await recorded()).filter((action) => action === 'approval.request')).toHaveLength(2);
    });

    it('are free again once it was refused, failed, or counts no more', async () => {
      await decide((await ask('k'))._id, checker, false);
      const second = await ask('k');
      fail = new ProblemError({ code: 'order.closed', message: 'Closed.' });
      expect((await decide(second._id, checker)).status).toBe('failed');
      fail = undefined;
      const third = await ask('k');
      expect((await decide(third._id, checker)).status).toBe('done');
      expect(await codeOf(ask('k'))).toBe('order.closed');
      const only = {
        key: 'k',
        taken: (by: Approval | null) => (by?._id === third._id ? undefined : taken(by)),
      };
      const fourth = await ask('k', { only });
      expect(await codeOf(ask('k', { only }))).toBe('order.closed');
      expect(fourth.status).toBe('open');
    });

    it('is one of many that are asked for at once, also where a refused one had it', async () => {
      await decide((await ask('k'))._id, checker, false);
      for (const key of ['k', 'new']) {
        const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(ask(key))));
        expect(codes.toSorted()).toEqual(['none', ...Array.from({ length: 7 }, () => 'order.closed')].sort());
      }
    });

    it('wait for one that was claimed and not stored, for half a minute', async () => {
      const { claims } = fixture.access.stores;
      await claims.insert({ _id: 'k', approval: 'never', at: new Date(fixture.clock.now()) });
      fixture.clock.jump(30_000);
      await expect(ask('k')).rejects.toThrow('Taken by one on its way.');
      fixture.clock.jump(1);
      expect((await ask('k')).status).toBe('open');
    });

    it('is the same one when it is asked for again under one key, also at the same moment', async () => {
      const where = { ...HERE, intent: { key: 'one-intention-0001', digest: 'a' } };
      const [first, second] = await Promise.all([ask('k', { where }), ask('k', { where })]);
      expect(second._id).toBe(first._id);
      expect(await ask('k', { where })).toMatchObject({ _id: first._id });
    });

    it('is none where another took over what waited too long for the trail', async () => {
      const { approvals: store, claims } = fixture.access.stores;
      const { clock, access } = fixture;
      const audit = {
        record: async () => {
          clock.jump(30_001);
          await ask('k');
        },
      };
      const slow = new Approvals({ store, claims, audit, clock });
      slow.register('test', { permission: 'refund:approve', run: () => Promise.resolve() });
      const only = { key: 'k', taken };
      const late = slow.request({ kind: 'test', content: {}, maker, where: HERE, only });
      expect(await codeOf(late)).toBe('order.closed');
      expect(await access.approvals.list(undefined, WHOLE_PROVINCE)).toHaveLength(1);
    });
  });

  it('know only kinds that were registered, each once', async () => {
    const unknown = fixture.access.approvals.request({ kind: 'other', content: {}, maker, where: HERE });
    await expect(unknown).rejects.toThrow('registered');
    expect(() => {
      fixture.access.approvals.register('test', { permission: 'user:manage', run: () => Promise.resolve() });
    }).toThrow('twice');
  });
});
