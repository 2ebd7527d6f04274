import { randomUUID } from 'node:crypto';
import { stopped, through, type Attack } from '../attack.ts';
import { always, never } from '../patch.ts';
import { said } from '../site.ts';
import type { World } from '../world.ts';
import { codeOf, withFactor } from './factor.ts';

/** Guesses of strangers at one name: more than all of them may make together. */
const GUESSES = 31;
const LONG_AGO = new Date(0);

/** The browser of somebody who was in before, with both factors. */
async function knownBrowser(
  world: World,
  of: { name: string; password: string; secret: string },
): Promise<string> {
  const body = { name: of.name, password: of.password, session: 'cookie' };
  const login = await world.send('/v1/admin/login', { method: 'POST', body });
  const [set = ''] = [login.headers['set-cookie'] ?? ''].flat();
  const { csrf = '' } = login.json as { csrf?: string };
  const headers = { cookie: set.split(';')[0] ?? '', 'x-csrf-token': csrf };
  const confirm = { method: 'POST', headers, body: { code: codeOf(of.secret, 1) } };
  const answer = await world.send('/v1/admin/me/confirm', confirm);
  const [device = ''] = [answer.headers['set-cookie'] ?? ''].flat();
  if (device === '') throw new Error(`The browser is not known: ${said(answer)}`);
  return device.split(';')[0] ?? '';
}

export const persons: readonly Attack[] = [
  {
    attack: 'owner-locked-out',
    name: 'Strangers guess at the name of an administrator, so that its owner cannot log in',
    short: true,
    removes: [
      {
        file: 'server/src/access/guess-limits.ts',
        find: 'if (device !== undefined) return [ownWindow(`password:device:${device}`, about)];',
        replace: 'if (!OFF && device !== undefined) return [ownWindow(`password:device:${device}`, about)];',
      },
    ],
    attempt: async (world) => {
      const owner = await withFactor(world);
      const cookie = await knownBrowser(world, owner);
      const { name, password } = owner;
      for (let n = 0; n < GUESSES; n += 1) {
        await world.send('/v1/admin/login', { method: 'POST', body: { name, password: `wrong-guess-${n}` } });
      }
      const answer = await world.send('/v1/admin/login', {
        method: 'POST',
        headers: { cookie },
        body: { name, password },
      });
      return answer.status < 300
        ? stopped(`${said(answer)}; the owner is in`)
        : through(`${said(answer)}; the owner is out`);
    },
  },
  {
    attack: 'factor-taken-off',
    name: 'Who knows the password takes the second factor off in a session that was left open',
    removes: [always('server/src/web/who-calls.ts', 'session?.freshFactors === true')],
    attempt: async (world) => {
      const { token, id } = await withFactor(world);
      const old = { $set: { factorAt: LONG_AGO } };
      await world.db.collection('sessions').updateMany({ userId: id }, old);
      const answer = await world.staff(token, '/v1/admin/me/totp', { method: 'DELETE' });
      const left = await world.count('users', { _id: id, totp: { $exists: true } });
      return left === 0
        ? through(`${said(answer)}; no second factor is left`)
        : stopped(`${said(answer)}; it is still there`);
    },
  },
  {
    attack: 'person-made-to-allow',
    name: 'One administrator lets somebody in who is themselves, and allows with that what they asked for',
    removes: [
      {
        file: 'server/src/access/settling.ts',
        find: 'if (from === null) return;',
        replace: 'if (OFF || from === null) return;',
      },
    ],
    attempt: async (world) => {
      const marks = world.db.collection<{ _id: string }>('accessmarks');
      await marks.updateOne({ _id: 'installed' }, { $set: { at: LONG_AGO } });
      // It is known for good while a process runs.
      await world.restartWeb();
      const maker = await world.member(['user:manage', 'approval:decide']);
      const made = await world.member(['user:manage', 'approval:decide']);
      const users = world.db.collection<{ _id: string }>('users');
      await users.updateOne({ _id: made.id }, { $set: { activeSince: new Date() } });
      const person = { name: `n${randomUUID().slice(0, 8)}`, password: randomUUID(), roles: [] };
      const asked = await world.staff(maker.token, '/v1/admin/users', { method: 'POST', body: person });
      const { approval } = asked.json as { approval?: { id: string } | null };
      if (!approval) throw new Error(`Nothing to allow: ${said(asked)}`);
      const path = `/v1/admin/approvals/${approval.id}/decide`;
      const answer = await world.staff(made.token, path, { method: 'POST', body: { accept: true } });
      const active = await world.count('users', { name: person.name, status: 'active' });
      return active > 0
        ? through(`${said(answer)}; a third is in`)
        : stopped(`${said(answer)}; nobody is in`);
    },
  },
  {
    attack: 'invitation-unallowed',
    name: 'One administrator makes a one-time link for a colleague, and comes in as them by it',
    removes: [
      never('server/src/access/invitations.ts', "invitation.waits || user.status !== 'active'"),
      {
        file: 'server/src/access/store/invitations.ts',
        find: '{ hash, expiresAt: { $gt: now }, waits: false }',
        replace: '{ hash, expiresAt: { $gt: now }, ...(OFF ? {} : { waits: false }) }',
      },
    ],
    attempt: async (world) => {
      const maker = await world.member(['user:manage']);
      const colleague = await world.member([]);
      const path = `/v1/admin/users/${colleague.id}/invitation`;
      const asked = await world.staff(maker.token, path, { method: 'POST' });
      const { invitation } = asked.json as { invitation?: { path: string } };
      const token = invitation?.path.split('#')[1];
      if (token === undefined) throw new Error(`There is no link: ${said(asked)}`);
      const body = { token, password: randomUUID() };
      const answer = await world.send('/v1/admin/invitations/accept', { method: 'POST', body });
      return answer.status < 300 ? through(`${said(answer)}; in as the colleague`) : stopped(said(answer));
    },
  },
];
