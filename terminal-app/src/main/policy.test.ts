import { describe, expect, it } from 'vitest';
import {
  APP_URL,
  isOurSender,
  mayHave,
  mayInstallUpdate,
  mayNavigate,
  resolveRequest,
  UPDATE_IDLE_MS,
  WEB_PREFERENCES,
  windowOpenAnswer,
} from './policy.ts';

describe('where the page may go', () => {
  it.each([
    ['bianmin://kiosk/', true],
    ['bianmin://kiosk/index.html#pay', true],
    ['bianmin://kiosk.evil/', false],
    ['bianmin://evil@kiosk/', true],
    ['bianmin://kiosk@evil/', false],
    ['bianminx://kiosk/', false],
    ['https://kiosk/', false],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['about:blank', false],
    ['', false],
  ])('%s: %s', (url, allowed) => {
    expect(mayNavigate(url)).toBe(allowed);
  });

  it('opens no window and grants nothing', () => {
    expect(windowOpenAnswer()).toEqual({ action: 'deny' });
    expect(mayHave()).toBe(false);
  });
});

describe('who may send', () => {
  it('only the top frame of our page', () => {
    expect(isOurSender({ url: APP_URL, parent: null })).toBe(true);
    expect(isOurSender({ url: APP_URL, parent: {} })).toBe(false);
    expect(isOurSender({ url: 'https://evil.example/', parent: null })).toBe(false);
    expect(isOurSender(null)).toBe(false);
  });
});

describe('what our scheme serves', () => {
  const root = '/app/dist/renderer';

  it.each([
    ['bianmin://kiosk/', '/app/dist/renderer/index.html'],
    ['bianmin://kiosk/assets/index-B1.js', '/app/dist/renderer/assets/index-B1.js'],
    ['bianmin://kiosk/assets/a.woff2?x', '/app/dist/renderer/assets/a.woff2'],
  ])('%s', (url, file) => {
    expect(resolveRequest(root, url, 'GET')?.file).toBe(file);
  });

  it.each([
    'bianmin://kiosk/../main/main.js',
    'bianmin://kiosk/%2e%2e/main/main.js',
    'bianmin://kiosk/..%2fmain%2fmain.js',
    'bianmin://kiosk/..%5cmain.js',
    'bianmin://kiosk/%E0%A4%A',
    'bianmin://kiosk//etc/passwd.html',
    'bianmin://kiosk/.env.json',
    'bianmin://kiosk/assets/a.exe',
    'bianmin://other/index.html',
  ])('nothing outside it: %s', (url) => {
    const file = resolveRequest(root, url, 'GET')?.file;
    // A URL's own `..` is resolved by the parser before we see it; what is left must lie inside.
    expect(file === undefined || file.startsWith(`${root}/`)).toBe(true);
    expect(file ?? '').not.toMatch(/passwd|\.env|\.exe/);
  });

  it('answers reads only', () => {
    expect(resolveRequest(root, APP_URL, 'POST')).toBeUndefined();
  });
});

describe('when an update may be installed', () => {
  const night = { busy: false, idleMs: UPDATE_IDLE_MS, undelivered: 0, hour: 3 };

  it('at night, when it is quiet', () => {
    expect(mayInstallUpdate(night)).toBe(true);
    expect(mayInstallUpdate({ ...night, idleMs: UPDATE_IDLE_MS - 1 })).toBe(false);
  });

  it('never in a purchase, nor while a claim is undelivered', () => {
    expect(mayInstallUpdate({ ...night, busy: true })).toBe(false);
    expect(mayInstallUpdate({ ...night, undelivered: 1 })).toBe(false);
  });

  it('by day only after a quiet hour', () => {
    expect(mayInstallUpdate({ ...night, hour: 10 })).toBe(false);
    expect(mayInstallUpdate({ ...night, hour: 10, idleMs: 3_600_000 })).toBe(true);
  });
});

it('the window is a sandbox', () => {
  expect(WEB_PREFERENCES).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
});
