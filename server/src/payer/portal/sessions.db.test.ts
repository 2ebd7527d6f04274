import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { PortalSession } from '@bianmin/purchase/api/portal';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { FOLLOWED_MS, PortalSessions, SESSION_MS } from './sessions.ts';

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

async function visit(): Promise<PortalSession> {
  const session = await portal.open('iptv3');
  await portal.join(session.token, APP);
  return session;
}

describe('a visit', () => {
  it('waits for the app, shows what the app shows, and ends when the app leaves', async () => {
    const { id, key, token } = await portal.open('iptv2');
    expect(await portal.follow(id, key, undefined)).toMatchObject({ state: 'waiting', view: null });
    expect(await portal.join(token, APP)).toMatchObject({ id, entry: 'iptv2' });
    await portal.sync(id, APP, { view: AMOUNT, taken: 0 });
    const seen = await portal.follow(id, key, 0);
    expect(seen).toMatchObject({ state: 'open', revision: 1, view: AMOUNT });
    expect((await portal.follow(id, key, seen.revision)).view).toBeNull();
    await portal.sync(id, APP, { taken: 0, end: true });
    expect((await portal.follow(id, key, 1)).state).toBe('ended');
    expect(await refusal(portal.sync(id, APP, { taken: 0 }))).toBe('request.not-found');
  });

  it('brings the app each command once, and none that was meant for what is gone', async () => {
    const { id, key } = await visit();
    await portal.sync(id, APP, { view: AMOUNT, taken: 0 });
    await portal.command(id, key, { for: 1, command: CHOSEN });
    await portal.command(id, key, { for: 0, command: { type: 'back' } });
    const { commands } = await portal.sync(id, APP, { taken: 0 });
    expect(commands).toEqual([{ no: 1, command: CHOSEN }]);
    // The answer was lost: it comes again, until it was taken.
    expect((await portal.sync(id, APP, { taken: 0 })).commands).toEqual(commands);
    expect((await portal.sync(id, APP, { taken: 1 })).commands).toEqual([]);
    await portal.command(id, key, { for: 1, command: { type: 'back' } });
    expect((await portal.sync(id, APP, { view: { screen: 'pay' }, taken: 1 })).commands).toEqual([]);
  });

  it('is the key’s and the app’s alone, and its token is good once', async () => {
    const session = await visit();
    const another = await visit();
    const { id } = session;
    expect(await refusal(portal.join(session.token, OTHER))).toBe('request.not-found');
    expect(await refusal(portal.follow(id, another.key, undefined))).toBe('request.not-found');
    expect(await refusal(portal.follow(id, '', undefined))).toBe('request.not-found');
    expect(await refusal(portal.command(id, another.key, { for: 0, command: CHOSEN }))).toBe(
      'request.not-found',
    );
    expect(await refusal(portal.sync(id, OTHER, { taken: 0 }))).toBe('request.not-found');
    const kept =
      (await t.redis.keys('portal*')).join() + JSON.stringify(await t.redis.hgetall(`portal:${id}`));
    expect(kept).not.toContain(session.key);
    expect(kept).not.toContain(session.token);
  });

  it('tells the app whether the page still follows, and is over when it has not for long', async () => {
    const { id, key } = await visit();
    await portal.follow(id, key, 0);
    expect((await portal.sync(id, APP, { taken: 0 })).followed).toBe(true);
    await clock.advance(FOLLOWED_MS);
    expect((await portal.sync(id, APP, { taken: 0 })).followed).toBe(false);
    await clock.advance(SESSION_MS);
    expect(await refusal(portal.sync(id, APP, { taken: 0 }))).toBe('request.not-found');
    expect(await refusal(portal.follow(id, key, 0))).toBe('request.not-found');
  });

  it('takes no view that is larger than a screen could be', async () => {
    const { id } = await visit();
    const view = { screen: 'who', name: '长'.repeat(4_000) };
    expect(await refusal(portal.sync(id, APP, { view, taken: 0 }))).toBe('request.too-large');
  });
});
