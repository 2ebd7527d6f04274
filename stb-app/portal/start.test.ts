import { describe, expect, it } from 'vitest';
import type { FakeBox, Launch } from './fakes/launch.ts';
import { broken, MIDDLEWARE, type Middleware } from './fakes/middleware.ts';
import site from './site.json' with { type: 'json' };
import { PortalInVm, type PageInit } from './testing/page.ts';
import { FakeServer, VISIT } from './testing/server.ts';

const APP = site.app.package;
const STORE = 'com.amt.appstore.gddx';

interface World {
  readonly page: PortalInVm;
  readonly server: FakeServer;
  readonly box: FakeBox;
  readonly launches: Launch[];
}

async function world(
  make: Middleware | undefined,
  installed: string[],
  init: Partial<PageInit> & { removed?: string[] } = {},
): Promise<World> {
  const launches: Launch[] = [];
  const server = new FakeServer();
  const box: FakeBox = {
    installed,
    removed: init.removed ?? [],
    started: (launch) => launches.push(launch),
  };
  const page = await PortalInVm.open({
    server: server.answer,
    ...init,
    box: { ...(make === undefined ? {} : { STBAppManager: make(box) }), ...init.box },
  });
  return { page, server, box, launches };
}

describe.each(Object.entries(MIDDLEWARE))('on the middleware of %s', (_name, make) => {
  it('the app is started with the token and the way back, and the visit is followed', async () => {
    const search = '?entry=community&backurl=http%3A%2F%2Fepg.test%2Fhome%3Fa%3D1';
    const { page, server, launches } = await world(make, [APP], { search });
    expect(launches).toEqual([
      {
        package: APP,
        className: site.app.className,
        extras: { token: VISIT.token, backUrl: 'http://epg.test/home?a=1' },
      },
    ]);
    expect(page.asked[0]).toMatchObject({ method: 'POST', body: { entry: 'community' } });
    expect(page.screen?.name).toBe('opening');
    server.show({ screen: 'wait', reader: 'a reader' });
    page.advance(1000);
    expect(page.screen?.name).toBe('wait');
  });

  it('without a way back the intent has no empty value, which would abort it', async () => {
    const { launches } = await world(make, [APP]);
    expect(launches.map(({ extras }) => extras)).toEqual([{ token: VISIT.token }]);
  });

  it('the page stays in front where the deployment says so for its entry, until a person wants the app itself', async () => {
    const site = { readerMode: ['iptv2'] };
    const { page, server, launches } = await world(make, [APP], { search: '?entry=iptv2', site });
    expect(launches.map(({ extras }) => extras)).toEqual([{ token: VISIT.token, mode: 'reader' }]);
    server.show({ screen: 'cash-staff' });
    page.advance(1000);
    Object.assign(server, { state: 'waiting', view: null });
    page.choose('app');
    expect(launches.at(-1)?.extras).toEqual({ token: VISIT.token });
    expect(page.asked.filter(({ method }) => method === 'POST')).toHaveLength(2);
    expect(page.screen?.name).toBe('opening');
    const other = await world(make, [APP], { search: '?entry=iptv3', site });
    expect(other.launches.map(({ extras }) => extras)).toEqual([{ token: VISIT.token }]);
  });

  it('an app that does not come behind the page is started with its screens at the next try', async () => {
    const { page, launches } = await world(make, [APP], { site: { readerMode: ['iptv3'] } });
    page.advance(26_000);
    page.choose('retry');
    expect(launches.map(({ extras }) => extras)).toEqual([
      { token: VISIT.token, mode: 'reader' },
      { token: VISIT.token },
    ]);
  });

  it('an app that does not come is said to be so, with the phone’s code; and one that comes late is followed', async () => {
    const { page, server, launches } = await world(make, [], { removed: [APP] });
    page.advance(30_000);
    if (page.screen?.name === 'absent') return;
    expect(page.screen).toMatchObject({ name: 'failed', code: 'http://portal.test/p/' });
    expect(launches).toEqual([]);
    server.show({ screen: 'reading' });
    page.advance(2000);
    expect(page.screen?.name).toBe('reading');
  });
});

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

describe('leaving', () => {
  it('goes back to an address of the web and to no other', async () => {
    const there = await world(undefined, [], { search: '?backurl=https%3A%2F%2Fepg.test%2F' });
    there.page.choose('leave');
    expect(there.page.location.href).toBe('https://epg.test/');
    const forged = await world(undefined, [], { search: '?backurl=javascript%3Aalert(1)' });
    forged.page.choose('leave');
    expect(forged.page.location.href).toBe('http://portal.test/portal/');
    expect(forged.page.backs).toBe(1);
  });

  it('of a page that the box’s own launcher opened ends the portal', async () => {
    const calls: string[] = [];
    const box = { Utility: { setValueByName: (name: string) => calls.push(name) } };
    const { page } = await world(undefined, [], { search: '?fromLaunch=1', box });
    page.press(640);
    expect(calls).toEqual(['exitIptvApp']);
  });
});
