import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../access/password.ts';
import type { User, UserStore } from '../../access/store/users.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { CHEAP_HASH } from '../../testing/access.ts';
import { guessesOn } from '../../testing/guesses.ts';
import { HERE } from '../../testing/staff-members.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { codeOf } from '../../testing/problem-code.ts';
import { StaffPins } from './pins.ts';

const PIN = '274913';
const KIOSK = 'kiosk-a';
const QUARTER = 15 * 60_000;

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

function userOf(name: string, status: User['status'] = 'active'): User {
  return { _id: `u-${name}`, name, passwordHash: '', roles: [], status, createdAt: new Date(0) };
}

/** Pins of these people; `draws`: what new numbers are made of. */
async function rig(users: User[] = [userOf('zhang'), userOf('li')], draws: number[] = []) {
  const [db, clock] = [t.another(), new ManualClock()];
  let hashed = 0;
  const { guesses, told } = guessesOn(db, clock);
  const pins = new StaffPins({
    keys: Buffer.alloc(32, 5),
    ...{ db, guesses },
    users: {
      byName: (name) => Promise.resolve(users.find((user) => user.name === name) ?? null),
      get: (id) => Promise.resolve(users.find(({ _id }) => _id === id) ?? null),
    } as UserStore,
    hash: (pin) => {
      hashed += 1;
      return hashPassword(pin, CHEAP_HASH);
    },
    ...(draws.length === 0 ? {} : { draw: () => draws.shift() ?? 0 }),
  });
  await pins.prepare();
  const kept = (name: string) =>
    db.collection<{ _id: string; wrong: number; until: Date }>('staffpins').findOne({ _id: `u-${name}` });
  const check = (who: string, pin: string, terminalId = KIOSK) =>
    pins.check(who, pin, { terminalId, where: HERE });
  return { db, clock, pins, kept, check, guesses, told, hashed: () => hashed };
}

describe('a PIN', () => {
  it('gives its person a number of six digits, which stays with each new PIN', async () => {
    const { pins, kept, check } = await rig(undefined, [7, 899_999]);
    expect(await pins.numberOf('u-zhang')).toBeUndefined();
    expect(await pins.set('u-zhang', PIN)).toBe('100007');
    expect(await pins.set('u-zhang', '381947')).toBe('100007');
    expect(await pins.set('u-li', PIN)).toBe('999999');
    expect([await pins.numberOf('u-zhang'), await pins.numberOf('u-li')]).toEqual(['100007', '999999']);
    expect((await check('zhang', '381947'))._id).toBe('u-zhang');
    // Six digits: with the hash alone somebody finds them in hours.
    expect(JSON.stringify(await kept('zhang'))).not.toMatch(/381947|argon2/u);
  });

  it('has a number of its own: what another has is drawn again', async () => {
    const { pins } = await rig(undefined, [7, 7, 7, 8]);
    expect(await pins.set('u-zhang', PIN)).toBe('100007');
    expect(await pins.set('u-li', PIN)).toBe('100008');
  });

  it('from before there were numbers gets one with the next PIN', async () => {
    const { db, pins, check } = await rig(undefined, [5]);
    const old = { _id: 'u-zhang', hash: 'x', wrong: 3, until: new Date(1) };
    await db.collection<{ _id: string }>('staffpins').insertOne(old);
    expect(await pins.numberOf('u-zhang')).toBeUndefined();
    expect(await pins.set('u-zhang', PIN)).toBe('100005');
    expect((await check('zhang', PIN)).name).toBe('zhang');
  });

  it('is drawn a number from a hundred thousand on where nothing else is said', async () => {
    const { pins } = await rig();
    expect(await pins.set('u-zhang', PIN)).toMatch(/^[1-9]\d{5}$/u);
  });
});

describe('who gives name or number, and PIN', () => {
  it('is that person', async () => {
    const { pins, check } = await rig(undefined, [7]);
    await pins.set('u-zhang', PIN);
    expect((await check('zhang', PIN))._id).toBe('u-zhang');
    expect((await check('100007', PIN))._id).toBe('u-zhang');
  });

  it('is not taken for anybody with a wrong PIN, without one, with no account or a closed one', async () => {
    const people = [userOf('zhang'), userOf('li'), userOf('wang', 'disabled'), userOf('777777')];
    const { pins, check } = await rig(people, [7, 8, 9]);
    await pins.set('u-zhang', PIN);
    await pins.set('u-wang', PIN);
    await pins.set('u-777777', PIN);
    const wrong = check('zhang', '000000');
    await expect(wrong).rejects.toThrow(ProblemError);
    await expect(wrong).rejects.toMatchObject({
      code: 'float.bad-pin',
      message:
        'The name or PIN is wrong, no PIN is set, or the account is not active. Check both, or ask an administrator.',
    });
    // Six digits are a number and never a name.
    for (const who of ['li', 'wang', 'none', '100008', '777777', '1000070', '10000']) {
      expect([who, await codeOf(check(who, PIN))]).toEqual([who, 'float.bad-pin']);
    }
  });

  it('takes as long where there is no PIN: it is compared with one that is made once', async () => {
    const { check, hashed } = await rig();
    await codeOf(check('none', PIN));
    expect(hashed()).toBe(1);
    await codeOf(check('none', PIN));
    expect(hashed()).toBe(1);
  });
});

describe('wrong PINs', () => {
  type Rig = Awaited<ReturnType<typeof rig>>;
  const wrongOnes = async ({ check }: Rig, n: number, terminalId = KIOSK): Promise<string[]> => {
    const codes: string[] = [];
    for (let each = 0; each < n; each += 1) codes.push(await codeOf(check('zhang', '000000', terminalId)));
    return codes;
  };
  const opened = async (): Promise<Rig> => {
    const made = await rig();
    await made.pins.set('u-zhang', PIN);
    await made.pins.set('u-li', PIN);
    return made;
  };

  it('are counted before they are looked at, and a right one begins anew', async () => {
    const r = await opened();
    expect(await wrongOnes(r, 4)).toEqual(Array.from({ length: 4 }, () => 'float.bad-pin'));
    expect((await r.check('zhang', PIN)).name).toBe('zhang');
    expect(await wrongOnes(r, 4)).toEqual(Array.from({ length: 4 }, () => 'float.bad-pin'));
    expect(r.told.map(({ action, target }) => [action, target])).toEqual(
      Array.from({ length: 8 }, () => ['secret.refuse', 'u-zhang']),
    );
  });

  it('lock it there at the fifth, for a quarter of an hour; other people’s and other counters stay open', async () => {
    const r = await opened();
    const began = r.clock.now();
    expect((await wrongOnes(r, 5)).at(-1)).toBe('float.bad-pin');
    await expect(r.check('zhang', PIN)).rejects.toMatchObject({
      ...{ code: 'request.rate-limited', retryAfterS: 900 },
      message: 'Too many wrong tries. Try again in 15 min.',
    });
    expect(r.told.at(-1)).toMatchObject({ action: 'secret.lock', data: { factor: 'pin' } });
    expect((await r.check('zhang', PIN, 'kiosk-b')).name).toBe('zhang');
    expect((await r.check('li', PIN)).name).toBe('li');
    r.clock.jump(began + QUARTER - 1 - r.clock.now());
    await expect(r.check('zhang', PIN)).rejects.toMatchObject({ retryAfterS: 1 });
    r.clock.jump(1);
    expect((await r.check('zhang', PIN)).name).toBe('zhang');
  });

  it('at one counter end after twenty whoever they are of, and of one person after twenty in an hour', async () => {
    const r = await opened();
    const names = Array.from({ length: 25 }, (_, at) => codeOf(r.check(`staff-${at}`, '000000')));
    const codes = await Promise.all(names);
    expect(codes.filter((code) => code === 'float.bad-pin')).toHaveLength(20);
    for (const terminal of ['b', 'c', 'd', 'e']) await wrongOnes(r, 5, terminal);
    expect(await codeOf(r.check('zhang', PIN, 'kiosk-f'))).toBe('request.rate-limited');
    expect(await r.guesses.lockedOf(['zhang', 'li'])).toEqual(new Set(['zhang']));
    await r.guesses.unlock('zhang');
    expect((await r.check('zhang', PIN, 'kiosk-f')).name).toBe('zhang');
  });
});
