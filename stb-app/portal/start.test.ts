import { describe, expect, it } from 'vitest';
import { MIDDLEWARE } from './fakes/middleware.ts';
import site from './site.json' with { type: 'json' };
import { VISIT } from './testing/server.ts';
import { APP, world } from './testing/started-portal.ts';

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
