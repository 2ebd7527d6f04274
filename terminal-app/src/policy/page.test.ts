import { describe, expect, it } from 'vitest';
import {
  APP_URL,
  isOurSender,
  mayNavigate,
  mayRequest,
  pageHeaders,
  resolveRequest,
  windowOpenAnswer,
} from './page.ts';

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

  it('opens no window', () => {
    expect(windowOpenAnswer()).toEqual({ action: 'deny' });
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

describe('what the page may ask of a network', () => {
  it.each([
    ['bianmin://kiosk/assets/a.js', true],
    ['data:image/png;base64,AA==', true],
    ['blob:bianmin://kiosk/1', true],
    ['https://kiosk/', false],
    ['wss://kiosk/', false],
    ['http://127.0.0.1:9222/json', false],
    ['file:///etc/passwd', false],
  ])('%s: %s', (url, allowed) => {
    expect(mayRequest(url)).toBe(allowed);
  });
});

it('an answer lets in its own files only, and shows no modal, prints nothing and downloads nothing', () => {
  const { 'content-security-policy': policy = '', 'content-type': type } = pageHeaders('text/html');
  expect(type).toBe('text/html');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/; sandbox allow-scripts allow-same-origin$/);
  expect(policy).not.toMatch(/unsafe|\*|allow-(?:modals|popups|downloads|forms|top-navigation)/);
});
