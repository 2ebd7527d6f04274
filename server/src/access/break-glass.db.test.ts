import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FreshAccess, HERE, PASSWORD } from '../testing/fresh-access.ts';
import { codeOf } from '../testing/problem-code.ts';
import { staffMember } from '../testing/staff-world.ts';
import { breakGlassSheets } from '../wiring/break-glass-sheets.ts';
import { BreakGlass } from './break-glass.ts';
import { ADMINISTRATOR } from './roles.ts';
import { BreakGlassStore } from './store/break-glass.ts';

const OWN = 'a password of lina alone';
let fixture: FreshAccess;
let glass: BreakGlass;
beforeAll(async () => {
  fixture = await FreshAccess.open();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  await fixture.fresh();
  const { users, setup, guesses, audit } = fixture.access;
  const store = new BreakGlassStore(fixture.t.db);
  glass = new BreakGlass({ store, users, setup, guesses, audit, clock: fixture.clock });
  await users.bootstrap(PASSWORD);
});

const open = (code: string, name = 'lina') =>
  glass.open({ code, name, by: 'wang', reason: 'Everybody is gone.' });
const use = (link: string, name = 'lina') =>
  fixture.access.setup.use({ token: link.split('#')[1] ?? '', name, password: OWN }, HERE);

describe('the sealed code', () => {
  it('is on paper alone, half and half', async () => {
    const halves = await glass.seal('li');
    const stored = JSON.stringify(await fixture.t.db.collection('breakglass').find().toArray());
    for (const half of halves) expect(stored).not.toContain(half);
    const sheets = breakGlassSheets(halves, { by: 'li', at: new Date(0) }).split('\f');
    const shown = (at: number): string => halves[at]?.replace(/(.{4})(?=.)/gu, '$1 ') ?? '?';
    expect(sheets.map((sheet, at) => [sheet.includes(shown(at)), sheet.includes(shown(1 - at))])).toEqual([
      [true, false],
      [true, false],
    ]);
  });

  it('lets one administrator in, once, and says so', async () => {
    const [first, second] = await glass.seal('li');
    expect(await codeOf(open(first))).toBe('setup.spent');
    const link = await open(`${first.toLowerCase()} - ${second}`);
    expect(await codeOf(open(first + second))).toBe('setup.spent');
    expect(await codeOf(use(link, 'other'))).toBe('setup.spent');
    const again = await open((await glass.seal('li')).join(''));
    expect(again).toMatch(/^\/admin\/setup\?name=lina#[\w-]{43}$/u);
    await use(again);
    expect(await codeOf(use(again))).toBe('setup.spent');
    expect((await fixture.access.sessions.login('lina', OWN)).next).toBe('ready');
    const { access } = fixture;
    const found = await access.stores.audit.find({ limit: 20 });
    expect(found.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['break-glass.seal', 'break-glass.open', 'break-glass.enter', 'secret.refuse']),
    );
    expect(found.find(({ action }) => action === 'break-glass.open')?.data).toMatchObject({
      ...{ userName: 'lina', owner: 'wang', reason: 'Everybody is gone.' },
    });
    // Whoever came this way is a second person: no other is made alone any more.
    const admin = staffMember((await access.stores.users.byName('admin'))?._id ?? '');
    const made = { name: 'puppet', password: PASSWORD, roles: [ADMINISTRATOR], maker: admin, where: HERE };
    expect((await access.users.create(made)).approval).not.toBeNull();
  });

  it('lets an administrator in again who lost everything, and nobody who is none', async () => {
    const { stores, users } = fixture.access;
    const { _id } = (await stores.users.byName('admin')) ?? { _id: '' };
    await stores.users.proposeTotp(_id, 's');
    await stores.users.turnTotpOn(_id, { sealed: 's', lastStep: 1 }, []);
    await stores.users.edit(_id, 1, { status: 'disabled' });
    const code = (await glass.seal('li')).join('');
    await stores.users.insert({
      ...{ _id: 'clerk', name: 'clerk', passwordHash: 'x', roles: [], status: 'active' },
      createdAt: new Date(0),
    });
    expect(await codeOf(open(code, 'clerk'))).toBe('user.name-taken');
    await use(await open(code, 'admin'), 'admin');
    expect((await fixture.access.sessions.login('admin', OWN)).next).toBe('ready');
    const view = await users.view((await stores.users.get(_id)) ?? staff());
    expect(view).toMatchObject({ status: 'active', totp: false });
  });

  it('is guessed five times an hour', async () => {
    const code = (await glass.seal('li')).join('');
    for (let guess = 0; guess < 5; guess += 1) expect(await codeOf(open('WRONG'))).toBe('setup.spent');
    expect(await codeOf(open(code))).toBe('request.rate-limited');
    fixture.clock.jump(3_600_000);
    expect(await codeOf(open(code))).toBe('none');
  });
});

const staff = (): never => {
  throw new Error('The user is gone.');
};
