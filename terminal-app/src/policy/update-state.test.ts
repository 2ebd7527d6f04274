import { describe, expect, it } from 'vitest';
import { FEED_EVERY_MS, feedOf, installWay, isSafeSource, nextAskIn } from './feed.ts';
import {
  FAILED_STARTS,
  fallBackTo,
  HEALTHY_WITHIN_MS,
  mayTake,
  onHealthy,
  onRefused,
  onStart,
} from './update-state.ts';

const first = onHealthy(onStart(undefined, { version: '1.0.0', now: 0 }), 10);
const trial = onStart(first, { version: '1.1.0', now: 20 });

describe('a release on trial', () => {
  it('becomes good when it is healthy, and stays good', () => {
    expect(trial).toMatchObject({
      version: '1.1.0',
      startedAt: 20,
      healthyAt: null,
      starts: 1,
      good: '1.0.0',
    });
    const good = onHealthy(trial, 30);
    expect(good).toMatchObject({ healthyAt: 30, good: '1.1.0' });
    let state = good;
    for (let start = 0; start < 2 * FAILED_STARTS; start += 1)
      state = onStart(state, { version: '1.1.0', now: 40 });
    expect(fallBackTo(state, HEALTHY_WITHIN_MS)).toBeUndefined();
  });

  it('is given up after two failed starts, for the last good one', () => {
    const second = onStart(trial, { version: '1.1.0', now: 21 });
    const third = onStart(second, { version: '1.1.0', now: 22 });
    expect([trial, second, third].map((state) => fallBackTo(state, 0))).toEqual([
      undefined,
      undefined,
      '1.0.0',
    ]);
  });

  it('is given up when it is not healthy in time', () => {
    expect(fallBackTo(trial, HEALTHY_WITHIN_MS - 1)).toBeUndefined();
    expect(fallBackTo(trial, HEALTHY_WITHIN_MS)).toBe('1.0.0');
  });

  it('is not taken again, unless it is installed by hand', () => {
    const refused = onRefused(trial);
    expect(mayTake(refused, '1.1.0')).toBe(false);
    expect(mayTake(refused, '1.1.1')).toBe(true);
    const back = onStart(refused, { version: '1.0.0', now: 30 });
    expect(back).toMatchObject({ version: '1.0.0', good: '1.0.0', refused: ['1.1.0'] });
    expect(fallBackTo(back, HEALTHY_WITHIN_MS)).toBeUndefined();
    expect(mayTake(onStart(back, { version: '1.1.0', now: 40 }), '1.1.0')).toBe(true);
  });
});

it('the first release of all has nothing to fall back to', () => {
  let state = onStart(undefined, { version: '1.0.0', now: 0 });
  for (let start = 0; start < 9; start += 1) state = onStart(state, { version: '1.0.0', now: 1 });
  expect(fallBackTo(state, HEALTHY_WITHIN_MS)).toBeUndefined();
  expect(mayTake(undefined, '1.0.0')).toBe(true);
});

it.each([
  ['https://server.example/bianmin/', true],
  ['http://server.example', false],
  ['http://127.0.0.1:8080', true],
  ['http://127.0.0.1.evil.example/', false],
  ['file:///tmp/feed', false],
  ['nonsense', false],
])('releases may come from %s: %s', (serverUrl, safe) => {
  expect(isSafeSource(serverUrl)).toBe(safe);
});

it('a feed lies where the offer says, at the server', () => {
  expect(feedOf('https://server.example/bianmin/', '/updates/abc/')).toBe(
    'https://server.example/bianmin/updates/abc/',
  );
});

it.each([
  ['win32', true, undefined, 'nsis'],
  ['linux', true, '/opt/kiosk.AppImage', 'app-image'],
  // A deb is its package manager's.
  ['linux', true, undefined, undefined],
  ['linux', false, '/opt/kiosk.AppImage', undefined],
  ['darwin', true, undefined, undefined],
])('on %s, packaged %s, as %s: %s', (platform, isPackaged, appImage, way) => {
  expect(installWay({ platform, isPackaged, appImage })).toBe(way);
});

it('kiosks ask at different times', () => {
  expect([nextAskIn(0), nextAskIn(0.5), nextAskIn(1)].map((ms) => ms / FEED_EVERY_MS)).toEqual([0.5, 1, 1.5]);
});
