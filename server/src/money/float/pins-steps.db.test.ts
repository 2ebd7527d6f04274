import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../access/password.ts';
import type { User, UserStore } from '../../access/store/users.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { CHEAP_HASH } from '../../testing/access.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { codeOf } from '../../testing/problem-code.ts';
import { StaffPins } from './pins.ts';

const PIN = '274913';
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
  const pins = new StaffPins({
    keys: Buffer.alloc(32, 5),
    ...{ db, clock },
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
  return { db, clock, pins, kept, hashed: () => hashed };
}

describe('a PIN', () => {
  it('gives its person a number of six digits, which stays with each new PIN', async () => {
    const { pins, kept } = await rig(undefined, [7, 899_999]);
    expect(await pins.numberOf('u-zhang')).toBeUndefined();
    expect(await pins.set('u-zhang', PIN)).toBe('100007');
    expect(await pins.set('u-zhang', '381947')).toBe('100007');
    expect(await pins.set('u-li', PIN)).toBe('999999');
    expect([await pins.numberOf('u-zhang'), await pins.numberOf('u-li')]).toEqual(['100007', '999999']);
    expect((await pins.check('zhang', '381947'))._id).toBe('u-zhang');
    // Six digits: with the hash alone somebody finds them in hours.
    expect(JSON.stringify(await kept('zhang'))).not.toMatch(/381947|argon2/u);
  });

  it('has a number of its own: what another has is drawn again', async () => {
    const { pins } = await rig(undefined, [7, 7, 7, 8]);
    expect(await pins.set('u-zhang', PIN)).toBe('100007');
    expect(await pins.set('u-li', PIN)).toBe('100008');
  });

  it('from before there were numbers gets one with the next PIN', async () => {
    const { db, pins } = await rig(undefined, [5]);
    const old = { _id: 'u-zhang', hash: 'x', wrong: 3, until: new Date(1) };
    await db.collection<{ _id: string }>('staffpins').insertOne(old);
    expect(await pins.numberOf('u-zhang')).toBeUndefined();
    expect(await pins.set('u-zhang', PIN)).toBe('100005');
    expect((await pins.check('zhang', PIN)).name).toBe('zhang');
  });

  it('is drawn a number from a hundred thousand on where nothing else is said', async () => {
    const { pins } = await rig();
    expect(await pins.set('u-zhang', PIN)).toMatch(/^[1-9]\d{5}$/u);
  });
});

describe('who gives name or number, and PIN', () => {
  it('is that person', async () => {
    const { pins } = await rig(undefined, [7]);
    await pins.set('u-zhang', PIN);
    expect((await pins.check('zhang', PIN))._id).toBe('u-zhang');
    expect((await pins.check('100007', PIN))._id).toBe('u-zhang');
  });

  it('is not taken for anybody with a wrong PIN, without one, with no account or a closed one', async () => {
    const people = [userOf('zhang'), userOf('li'), userOf('wang', 'disabled'), userOf('777777')];
    const { pins } = await rig(people, [7, 8, 9]);
    await pins.set('u-zhang', PIN);
    await pins.set('u-wang', PIN);
    await pins.set('u-777777', PIN);
    const wrong = pins.check('zhang', '000000');
    await expect(wrong).rejects.toThrow(ProblemError);
    await expect(wrong).rejects.toMatchObject({
      code: 'float.bad-pin',
      message:
        'The name or PIN is wrong, no PIN is set, or the account is not active. Check both, or ask an administrator.',
    });
    // Six digits are a number and never a name.
    for (const who of ['li', 'wang', 'none', '100008', '777777', '1000070', '10000']) {
      expect([who, await codeOf(pins.check(who, PIN))]).toEqual([who, 'float.bad-pin']);
    }
  });

  it('takes as long where there is no PIN: it is compared with one that is made once', async () => {
    const { pins, hashed } = await rig();
    await codeOf(pins.check('none', PIN));
    expect(hashed()).toBe(1);
    await codeOf(pins.check('none', PIN));
    expect(hashed()).toBe(1);
  });
});

describe('wrong PINs', () => {
  const wrongOnes = async (pins: StaffPins, n: number): Promise<string[]> => {
    const codes: string[] = [];
    for (let each = 0; each < n; each += 1) codes.push(await codeOf(pins.check('zhang', '000000')));
    return codes;
  };

  it('are counted before they are looked at, and a right one begins anew', async () => {
    const { pins, kept, clock } = await rig();
    await pins.set('u-zhang', PIN);
    expect(await wrongOnes(pins, 4)).toEqual(Array.from({ length: 4 }, () => 'float.bad-pin'));
    expect(await kept('zhang')).toMatchObject({ wrong: 4, until: new Date(clock.now() + QUARTER) });
    expect((await pins.check('zhang', PIN)).name).toBe('zhang');
    expect(await kept('zhang')).toMatchObject({ wrong: 0 });
  });

  it('lock it at the fifth, for a quarter of an hour from then; other people’s stay open', async () => {
    const { pins, clock } = await rig();
    await pins.set('u-zhang', PIN);
    await pins.set('u-li', PIN);
    expect((await wrongOnes(pins, 5)).at(-1)).toBe('float.bad-pin');
    await expect(pins.check('zhang', PIN)).rejects.toMatchObject({
      ...{ code: 'request.rate-limited', retryAfterS: 900 },
      message: 'Too many wrong PINs. Wait and try again.',
    });
    clock.jump(QUARTER - 1500);
    await expect(pins.check('zhang', PIN)).rejects.toMatchObject({ retryAfterS: 2 });
    clock.jump(1499);
    await expect(pins.check('zhang', PIN)).rejects.toMatchObject({ retryAfterS: 1 });
    expect((await pins.check('li', PIN)).name).toBe('li');
    clock.jump(1);
    expect((await pins.check('zhang', PIN)).name).toBe('zhang');
  });

  it('are five more once the lock is over, and none with a new PIN', async () => {
    const { pins, clock } = await rig();
    await pins.set('u-zhang', PIN);
    await wrongOnes(pins, 5);
    clock.jump(QUARTER);
    expect((await wrongOnes(pins, 6)).filter((code) => code === 'float.bad-pin')).toHaveLength(5);
    await pins.set('u-zhang', '381947');
    expect((await pins.check('zhang', '381947')).name).toBe('zhang');
  });
});
