import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RolesFile } from '@bianmin/purchase/api/admin-users';
import { READY_ROLES } from '@bianmin/purchase/api/ready-roles';
import { FreshAccess, HERE } from '../testing/fresh-access.ts';
import { codeOf } from '../testing/problem-code.ts';
import { staffMember } from '../testing/staff-world.ts';
import type { Approval } from './store/approvals.ts';

const anna = staffMember('anna');
const boris = staffMember('boris');

let fixture: FreshAccess;
beforeAll(async () => {
  fixture = await FreshAccess.open();
});
afterAll(() => fixture.close());
beforeEach(() => fixture.fresh());

const allow = (approval: Approval, checker = boris): Promise<Approval> =>
  fixture.access.approvals.decide({ id: approval._id, checker, accept: true, where: HERE });
const names = async (): Promise<string[]> => (await fixture.access.roles.list()).map(({ name }) => name);
const change = (role: string, permissions: string[], seen: number | null = null): Promise<Approval> =>
  fixture.access.roles.change({ role, permissions, seen }, anna, HERE);
const fileOf = (roles: Record<string, string[]>): RolesFile => ({
  format: 'bianmin-roles/1',
  roles: Object.entries(roles).map(([name, permissions]) => ({ name, permissions })),
});
const take = (file: RolesFile, seen: Record<string, number> = {}, by = anna): Promise<Approval> =>
  fixture.access.rolesFromFile.request(
    { file, seen: Object.entries(seen).map(([name, version]) => ({ name, version })) },
    by,
    HERE,
  );
const begin = () => fixture.access.roles.makeReady(fixture.access.stores.marks);

describe('the ready-made roles', () => {
  it('are there from the first start, once: what a province changed or removed stays so', async () => {
    await fixture.access.stores.users.putRole({ _id: 'ready:audit', permissions: ['audit:read'] });
    await begin();
    expect(await names()).toEqual(READY_ROLES.map(({ name }) => name).toSorted());
    // One that was there, however it came, is not written over.
    expect(await fixture.access.roles.get('ready:audit')).toMatchObject({ permissions: ['audit:read'] });
    const help = await fixture.access.roles.get('ready:help-line');
    const less = await change('ready:help-line', ['order:read'], help.version);
    const gone = await fixture.access.roles.remove({ role: 'ready:finance', seen: 1 }, anna, HERE);
    expect([(await allow(less)).status, (await allow(gone)).status]).toEqual(['done', 'done']);
    await begin();
    expect(await names()).not.toContain('ready:finance');
    expect(await fixture.access.roles.get('ready:help-line')).toMatchObject({ permissions: ['order:read'] });
    // It may come back under its own name.
    expect((await allow(await change('ready:finance', ['bill:read']))).status).toBe('done');
  });
});

describe('a role', () => {
  it('has a name of any script, and none that is taken for another', async () => {
    await begin();
    expect((await allow(await change('收费员', ['order:read']))).status).toBe('done');
    for (const name of ['财务', 'FINANCE', 'ready:mine']) {
      expect(await codeOf(change(name, [])), name).toBe('role.name-taken');
    }
    // Of two that differ in case alone and are asked for before either is there, one is made.
    const both = [await change('Counter', []), await change('COUNTER', [])];
    const ends = await Promise.all(both.map((each) => allow(each)));
    expect(ends.map(({ status, failure }) => failure ?? status).toSorted()).toEqual([
      'done',
      'role.name-taken',
    ]);
  });

  it('is removed by two, and not while somebody has it', async () => {
    await allow(await change('收费员', ['order:read']));
    const remove = () => fixture.access.roles.remove({ role: '收费员', seen: 1 }, anna, HERE);
    const asked = await remove();
    expect(await codeOf(allow(asked, anna))).toBe('approval.same-person');
    const user = { _id: 'u', name: 'u', passwordHash: 'x', roles: ['收费员'], createdAt: new Date(0) };
    await fixture.access.stores.users.insert({ ...user, status: 'active' });
    expect(await codeOf(remove())).toBe('role.in-use');
    expect(await allow(asked)).toMatchObject({ status: 'failed', failure: 'role.in-use' });
    await fixture.access.stores.users.edit('u', 0, { roles: [] });
    expect((await allow(await remove())).status).toBe('done');
    expect(await names()).toEqual([]);
    expect(await codeOf(fixture.access.roles.remove({ role: '收费员', seen: 1 }, anna, HERE))).toBe(
      'request.not-found',
    );
    expect(await codeOf(fixture.access.roles.remove({ role: 'administrator', seen: 1 }, anna, HERE))).toBe(
      'auth.forbidden',
    );
  });
});

describe('roles from a file', () => {
  it('are one approval: what differs, before and after, and the digest of the file', async () => {
    await allow(await change('收费员', ['order:read']));
    await allow(await change('stays', ['order:read']));
    const file = fileOf({
      收费员: ['order:note', 'order:read'],
      stays: ['order:read'],
      值班: ['alert:read'],
    });
    const asked = await take(file, { 收费员: 1 });
    expect(asked.content).toEqual({
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      changes: [
        { role: '收费员', permissions: ['order:note', 'order:read'], before: ['order:read'], version: 1 },
        { role: '值班', permissions: ['alert:read'], before: [], version: null },
      ],
    });
    expect((await take(file, { 收费员: 1 })).content['digest']).toBe(asked.content['digest']);
    expect((await allow(asked)).status).toBe('done');
    expect(await fixture.access.roles.get('收费员')).toMatchObject({ version: 2 });
    expect(await names()).toEqual(['stays', '值班', '收费员'].toSorted());
    expect(await codeOf(take(file))).toBe('request.malformed');
  });

  it('are taken whole or not at all where one role changed meanwhile', async () => {
    await allow(await change('收费员', ['order:read']));
    const file = fileOf({ 值班: ['alert:read'], 收费员: [] });
    const asked = await take(file, { 收费员: 1 });
    expect(await codeOf(take(file))).toBe('request.changed-meanwhile');
    await allow(await change('收费员', ['order:note'], 1));
    expect(await allow(asked)).toMatchObject({ status: 'failed', failure: 'request.changed-meanwhile' });
    expect(await names()).toEqual(['收费员']);
  });

  it('give nobody what their sender or their checker lacks, and know every permission', async () => {
    const file = fileOf({ 值班: ['alert:read'] });
    const less = (name: string) => staffMember(name, ['role:manage', 'approval:decide']);
    expect(await codeOf(take(file, {}, less('clerk')))).toBe('auth.beyond-own');
    const asked = await take(file);
    expect(await codeOf(allow(asked, less('checker')))).toBe('auth.beyond-own');
    expect(await codeOf(take(fileOf({ 值班: ['alert:read', 'no:such'] })))).toBe('request.malformed');
    expect(await codeOf(take(fileOf({ administrator: [] })))).toBe('auth.forbidden');
    const twice = { ...file, roles: [...file.roles, ...file.roles] };
    expect(await codeOf(take(twice))).toBe('request.malformed');
  });
});
