import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { AWAY_MS, PHONE_CODE_MS, PortalSessions } from './sessions.ts';

const APP = `t${'a'.repeat(30)}`;
const OTHER = `t${'b'.repeat(30)}`;
const AMOUNT = { screen: 'amount' };
const CHOSEN = { type: 'choose-amount', faceFen: 5000 } as const;

const clock = new ManualClock();
let t: TestContext;
let portal: PortalSessions;
beforeAll(async () => {
  t = await openTestContext();
  portal = new PortalSessions({ redis: t.redis, clock, publicUrl: 'https://bianmin.example/' });
});
afterAll(() => t.close());

const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => codeOf(error),
  );

/** A key of a phone's own making. */
const [KEY, ANOTHER_KEY] = ['k'.repeat(22), 'z'.repeat(22)];

async function shown(): Promise<{ id: string; code: string }> {
  const { id, url } = await portal.openForPhone(APP);
  const [, code = ''] = /^https:\/\/bianmin\.example\/p\/#\/tv\/([\w-]{22})$/.exec(url) ?? [];
  return { id, code };
}

describe('a phone beside the television', () => {
  it('has the visit by the code on the screen, chooses an amount, and sees what becomes of it after the end', async () => {
    const { id, code } = await shown();
    expect((await portal.sync(id, APP, { view: AMOUNT, taken: 0 })).followed).toBe(false);
    expect(await portal.joinByPhone(code, KEY)).toMatchObject({ id });
    expect(await portal.follow(id, KEY, 0)).toMatchObject({ state: 'open', view: AMOUNT, away: false });
    await portal.command(id, KEY, { for: 1, command: CHOSEN });
    expect(await portal.sync(id, APP, { taken: 0 })).toEqual({
      commands: [{ no: 1, command: CHOSEN }],
      followed: true,
    });
    await portal.sync(id, APP, { view: { screen: 'done' }, taken: 1, end: true });
    expect(await portal.follow(id, KEY, 1)).toMatchObject({ state: 'ended', view: { screen: 'done' } });
  });

  it('is one phone: the same may ask again, a second one is refused, and so is a code of before', async () => {
    const { id, code } = await shown();
    expect(await refusal(portal.follow(id, KEY, 0))).toBe('request.not-found');
    const both = await Promise.all([KEY, ANOTHER_KEY].map((key) => refusal(portal.joinByPhone(code, key))));
    expect(both.toSorted()).toEqual(['done', 'request.not-found']);
    const has = both[0] === 'done' ? KEY : ANOTHER_KEY;
    expect(await refusal(portal.joinByPhone(code, has))).toBe('done');
    const kept = JSON.stringify([await t.redis.keys('*phone*'), await t.redis.hgetall(`portal:${id}`)]);
    expect(kept).not.toContain(code);
    expect(kept).not.toContain(has);

    const late = await shown();
    await clock.advance(PHONE_CODE_MS);
    expect(await refusal(portal.joinByPhone(late.code, KEY))).toBe('request.not-found');
    const left = await shown();
    await portal.sync(left.id, APP, { taken: 0, end: true });
    expect(await refusal(portal.joinByPhone(left.code, KEY))).toBe('request.not-found');
  });

  it('may choose an amount and nothing else, and only by its own key; its code starts no app', async () => {
    const { id, code } = await shown();
    await portal.joinByPhone(code, KEY);
    await portal.sync(id, APP, { view: AMOUNT, taken: 0 });
    for (const type of ['confirm-card', 'back', 'resume', 'retry', 'finish'] as const)
      expect(await refusal(portal.command(id, KEY, { for: 1, command: { type } }))).toBe('auth.forbidden');
    const forged = portal.command(id, ANOTHER_KEY, { for: 1, command: CHOSEN });
    expect(await refusal(forged)).toBe('request.not-found');
    expect(await refusal(portal.join(code, APP))).toBe('request.not-found');
    expect(await refusal(portal.sync(id, OTHER, { taken: 0 }))).toBe('request.not-found');
    expect((await portal.sync(id, APP, { taken: 0 })).commands).toEqual([]);
  });

  it('is told when the television is not heard of any more, and when it is back', async () => {
    const { id, code } = await shown();
    await portal.joinByPhone(code, KEY);
    await clock.advance(AWAY_MS);
    expect((await portal.follow(id, KEY, 0)).away).toBe(true);
    await portal.sync(id, APP, { taken: 0 });
    expect((await portal.follow(id, KEY, 0)).away).toBe(false);
  });
});
