import { describe, expect, it } from 'vitest';
import { broken, MIDDLEWARE } from './fakes/middleware.ts';
import { FakeServer, VISIT } from './testing/server.ts';
import { APP, world } from './testing/started-portal.ts';

const STORE = 'com.amt.appstore.gddx';

describe('where the app cannot start', () => {
  it('a box before Android 5 is too old, whatever its middleware says', async () => {
    const userAgent = 'Mozilla/5.0 (Linux; U; Android 4.4.2; zh-cn; EC6108V9) AppleWebKit/534.24';
    const { page, launches } = await world(MIDDLEWARE.huawei, [APP], { userAgent });
    expect(page.screen).toMatchObject({ name: 'old', code: 'http://portal.test/p/' });
    expect([launches, page.asked]).toEqual([[], []]);
  });

  it('a browser without middleware sends to the phone', async () => {
    const { page } = await world(undefined, [APP]);
    expect(page.screen).toMatchObject({ name: 'none', code: 'http://portal.test/p/' });
  });

  it('calls that throw are as calls that do nothing', async () => {
    const { page } = await world(broken, [APP]);
    expect(page.screen?.name).toBe('opening');
    page.advance(26_000);
    expect(page.screen?.name).toBe('failed');
    page.choose('retry');
    expect(page.screen?.name).toBe('opening');
  });

  it('a server that does not answer is said to be so, and asked again on request', async () => {
    const server = new FakeServer();
    server.isAway = true;
    const { page } = await world(MIDDLEWARE.amt, [APP], { server: server.answer });
    expect(page.screen?.name).toBe('server-away');
    server.isAway = false;
    page.choose('retry');
    expect(page.screen?.name).toBe('opening');
  });
});

describe('an app that is not installed', () => {
  it('is fetched in the carrier’s store, named with the kind of intent, and started once it is there', async () => {
    const search = '?carrier=gd-telecom&jumpId=41&appId=7&backurl=http://epg.test/';
    const said: Record<string, string> = { UserID: 'u1', SessionID: '', EPGDomain: 'http://epg.test/a' };
    const box = { Authentication: { CTCGetConfig: (key: string) => said[key] } };
    const { page, box: on, launches } = await world(MIDDLEWARE.amt, [STORE], { search, box });
    expect(page.screen).toMatchObject({ name: 'install', code: 'http://portal.test/p/' });
    page.choose('store');
    expect(launches).toEqual([
      {
        package: STORE,
        className: null,
        extras: {
          extraKey: `jumpId=41&appPkg=${APP}&appId=7&account=null`,
          domain: 'http://epg.test/a',
          userid: 'u1',
          backurl: 'http://epg.test/',
        },
      },
    ]);
    on.installed.push(APP);
    page.advance(2000);
    expect(launches.at(-1)).toMatchObject({ package: APP, extras: { token: VISIT.token } });
  });

  it('is the phone’s where no store is known', async () => {
    const { page } = await world(MIDDLEWARE.amt, [], { search: '?carrier=constructor' });
    expect(page.screen).toMatchObject({ name: 'absent', code: 'http://portal.test/p/' });
    expect(page.screen?.choices?.map(({ id }) => id)).toEqual(['leave']);
  });
});
