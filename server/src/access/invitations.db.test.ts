import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InvitationLink } from '@bianmin/purchase/api/admin-users';
import { FreshAccess, HERE, PASSWORD } from '../testing/fresh-access.ts';
import { codeOf } from '../testing/problem-code.ts';
import { staffMember } from '../testing/staff-world.ts';
import { PERMISSIONS } from '../kernel/permissions.ts';
import { scopeOf } from '../kernel/scope.ts';
import { INVITATION_LIFE_MS } from './invitation-link.ts';
import type { Approval } from './store/approvals.ts';

const OWN = 'known to zhang alone';
const OTHER = 'known to another alone';
const URUMQI = '650100';
const KASHGAR = '653100';
const anna = staffMember('anna');
const boris = staffMember('boris');

let fixture: FreshAccess;
beforeAll(async () => {
  fixture = await FreshAccess.open();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  await fixture.fresh();
  const { marks, users } = fixture.access.stores;
  await marks.set({ _id: 'second-person', at: new Date(0) });
  const both = { passwordHash: 'x', roles: [], status: 'active', createdAt: new Date(0) } as const;
  for (const name of ['one', 'two']) await users.insert({ ...both, _id: name, name });
});

const allow = (approval: Approval | null, checker = boris): Promise<Approval> =>
  fixture.access.approvals.decide({ id: approval?._id ?? '', checker, accept: true, where: HERE });
const tokenOf = (link: InvitationLink | null): string => /#([\w-]{43})$/.exec(link?.path ?? '')?.[1] ?? '';
const accept = (token: string, password = OWN): Promise<string> =>
  fixture.access.invitations.accept({ token, password }, HERE);
const look = (token: string) => fixture.access.invitations.look(token, HERE);
const again = (id: string, maker = anna) => fixture.access.invitations.again(id, maker, HERE);
const enters = (password: string): Promise<string> =>
  codeOf(fixture.access.sessions.login('zhang', password));
const statusOf = async (id: string) => (await fixture.access.stores.users.get(id))?.status;

async function invited(over: { roles?: string[]; org?: string } = {}) {
  const init = { name: 'zhang', roles: [], ...over, maker: anna, where: HERE };
  const { user, approval, invitation } = await fixture.access.users.create(init);
  return { id: user._id, approval, token: tokenOf(invitation) };
}

describe('an invitation', () => {
  it('opens nothing until a second person allows it, then once, and is kept as a digest', async () => {
    const { id, approval, token } = await invited({ org: URUMQI });
    expect(token).not.toBe('');
    expect(await look(token)).toMatchObject({ name: 'zhang', org: { en: 'Urumqi' }, waits: true });
    expect(await codeOf(accept(token))).toBe('invitation.waits');
    expect(await codeOf(allow(approval, anna))).toBe('approval.same-person');
    expect((await allow(approval)).status).toBe('done');
    expect(await look(token)).toMatchObject({ waits: false });
    expect(await codeOf(accept(token, 'woaini5201314'))).toBe('user.weak-password');
    expect(await accept(token)).toBe('zhang');
    expect(await enters(OWN)).toBe('none');
    expect([await codeOf(accept(token, OTHER)), await codeOf(look(token))]).toEqual([
      'invitation.spent',
      'invitation.spent',
    ]);
    expect(await enters(OTHER)).toBe('auth.bad-credentials');
    const [entry] = await fixture.access.stores.audit.find({ target: id, action: 'user.accept', limit: 1 });
    expect(entry?.who).toEqual({ kind: 'admin', id });
    for (const name of ['invitations', 'approvals', 'audit', 'users', 'attempts']) {
      expect(JSON.stringify(await fixture.t.db.collection(name).find().toArray()), name).not.toContain(token);
    }
  });

  it('is over after 72 hours', async () => {
    const { id, approval, token } = await invited();
    await allow(approval);
    fixture.clock.jump(INVITATION_LIFE_MS - 1);
    expect(await codeOf(look(token))).toBe('none');
    fixture.clock.jump(1);
    expect(await codeOf(accept(token))).toBe('invitation.spent');
    const user = await fixture.access.users.getWithin(id, anna.scope);
    expect(await fixture.access.users.view(user)).toMatchObject({ invitedUntil: null });
  });

  it('is revoked by one person, and by shutting its user out, for good', async () => {
    const { id, approval, token } = await invited();
    await allow(approval);
    const user = await fixture.access.users.getWithin(id, anna.scope);
    expect((await fixture.access.users.view(user)).invitedUntil).not.toBeNull();
    await fixture.access.invitations.revoke(id, boris, HERE);
    expect(await codeOf(accept(token))).toBe('invitation.spent');
    const next = await again(id);
    await allow(next.approval);
    await fixture.access.users.disable(id, boris, HERE);
    await allow(await fixture.access.users.enable(id, anna, HERE));
    expect(await codeOf(accept(tokenOf(next.invitation)))).toBe('invitation.spent');
    const elsewhere = staffMember('dora', PERMISSIONS, scopeOf(KASHGAR));
    expect(await codeOf(fixture.access.invitations.revoke(id, elsewhere, HERE))).toBe('request.not-found');
  });

  it('cannot be guessed: twenty an hour from one network, and the right one is not looked at then', async () => {
    const { approval, token } = await invited();
    await allow(approval);
    const wrong = (n: number): string => String(n).padStart(43, 'a');
    for (let n = 0; n < 20; n += 1) expect(await codeOf(look(wrong(n)))).toBe('invitation.spent');
    expect(await codeOf(look(wrong(20)))).toBe('request.rate-limited');
    expect(await codeOf(accept(token))).toBe('request.rate-limited');
    const there = { ...HERE, ip: '203.0.113.7' };
    expect(await fixture.access.invitations.accept({ token, password: OWN }, there)).toBe('zhang');
  });

  it('is spent by one of two who use it at the same moment', async () => {
    const { approval, token } = await invited();
    await allow(approval);
    const both = await Promise.all([codeOf(accept(token, OWN)), codeOf(accept(token, OTHER))]);
    expect(both.toSorted()).toEqual(['invitation.spent', 'none']);
    const winner = both[0] === 'none' ? [OWN, OTHER] : [OTHER, OWN];
    expect(await Promise.all(winner.map(enters))).toEqual(['none', 'auth.bad-credentials']);
  });
});

describe('what changed since an invitation was asked for', () => {
  it('the organisation: it is not allowed as it was, and anew with what is there', async () => {
    const { id, approval, token } = await invited({ org: URUMQI });
    const move = await fixture.access.users.moveTo(id, { org: KASHGAR, seen: 1 }, boris, HERE);
    expect((await allow(move, anna)).status).toBe('done');
    expect(await allow(approval)).toMatchObject({ status: 'failed', failure: 'request.changed-meanwhile' });
    expect([await statusOf(id), await codeOf(accept(token))]).toEqual(['proposed', 'invitation.waits']);
    const next = await again(id);
    expect(next.approval).toMatchObject({ kind: 'user.create', content: { org: KASHGAR } });
    expect((await allow(next.approval)).status).toBe('done');
    expect(await codeOf(accept(token))).toBe('invitation.spent');
    expect(await look(tokenOf(next.invitation))).toMatchObject({ org: { en: 'Kashgar' }, waits: false });
    expect(await accept(tokenOf(next.invitation))).toBe('zhang');
  });

  it('what the role holds: nobody is let in with more than was read', async () => {
    const { users } = fixture.access.stores;
    await users.putRole({ _id: '收费员', permissions: ['order:read'] });
    const { id, approval } = await invited({ roles: ['收费员'] });
    expect(approval?.content).toMatchObject({ permissions: ['order:read'] });
    await users.putRole({ _id: '收费员', permissions: ['order:read', 'refund:request'] });
    expect(await allow(approval)).toMatchObject({ status: 'failed', failure: 'request.changed-meanwhile' });
    expect(await statusOf(id)).toBe('proposed');
    expect((await allow((await again(id)).approval)).status).toBe('done');
  });

  it('the link: whoever put another in its place gets in by no word that was given for the first', async () => {
    const { id, approval } = await invited();
    const taken = await again(id, boris);
    expect((await allow(approval)).status).toBe('done');
    expect(await codeOf(accept(tokenOf(taken.invitation)))).toBe('invitation.waits');
    expect(await allow(taken.approval, anna)).toMatchObject({ status: 'failed' });
    expect(await codeOf(accept(tokenOf(taken.invitation)))).toBe('invitation.waits');
  });
});

describe('another link for somebody who is in', () => {
  it('takes two, leaves the password until it is used, and then ends every login', async () => {
    const { id, approval, token } = await invited();
    await allow(approval);
    await accept(token);
    await fixture.access.sessions.login('zhang', OWN);
    const { approval: asked, invitation } = await again(id);
    expect(asked).toMatchObject({ kind: 'user.invite', content: { userName: 'zhang' } });
    expect(await codeOf(accept(tokenOf(invitation), OTHER))).toBe('invitation.waits');
    expect((await allow(asked)).status).toBe('done');
    expect(await enters(OWN)).toBe('none');
    expect(await accept(tokenOf(invitation), OTHER)).toBe('zhang');
    expect(await fixture.access.stores.sessions.ofUser(id)).toEqual([]);
    expect([await enters(OWN), await enters(OTHER)]).toEqual(['auth.bad-credentials', 'none']);
  });

  it('is made for nobody who may do more than its maker, and never for oneself', async () => {
    await fixture.access.stores.users.putRole({ _id: 'finance', permissions: ['refund:approve'] });
    const { id, approval } = await invited({ roles: ['finance'] });
    await allow(approval);
    const clerk = staffMember('clerk', ['user:manage']);
    expect(await codeOf(again(id, clerk))).toBe('auth.beyond-own');
    expect(await codeOf(again(id, { ...anna, userId: id }))).toBe('auth.forbidden');
  });
});

it('the second person ever, who never came, gets another link from the first alone, and not once they were in', async () => {
  await fixture.fresh();
  const init = { name: 'zhang', roles: [], maker: anna, where: HERE };
  const { user, approval, invitation } = await fixture.access.users.create(init);
  expect([user.status, approval]).toEqual(['active', null]);
  fixture.clock.jump(INVITATION_LIFE_MS);
  expect(await codeOf(accept(tokenOf(invitation)))).toBe('invitation.spent');
  const next = await again(user._id);
  expect(next.approval).toBeNull();
  expect(await accept(tokenOf(next.invitation))).toBe('zhang');
  await fixture.access.sessions.login('zhang', OWN);
  const later = await again(user._id);
  expect(later.approval).toMatchObject({ kind: 'user.invite' });
  expect(await codeOf(accept(tokenOf(later.invitation)))).toBe('invitation.waits');
});

it('a password that is given makes no link', async () => {
  const init = { name: 'li', password: PASSWORD, roles: [], maker: anna, where: HERE };
  expect((await fixture.access.users.create(init)).invitation).toBeNull();
  expect(await fixture.t.db.collection('invitations').countDocuments()).toBe(0);
});
