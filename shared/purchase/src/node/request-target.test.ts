import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAddress, isHost, isLocalPage, isNeighbour, isOrigin, pathOf } from './request-target.ts';

describe('the path of a target', () => {
  it.each([
    ['/', '/'],
    ['/v1/terminal/enrol', '/v1/terminal/enrol'],
    ['/admin/', '/admin/'],
    ["/p/r/Aa0_-~.!$&'()*+,=:@", "/p/r/Aa0_-~.!$&'()*+,=:@"],
    ['/v1/x/%E4%B9%8C%20%25', '/v1/x/%E4%B9%8C%20%25'],
    ['/x?a=//..;b\\&c="%2f', '/x'],
    ['/.well-known/x', '/.well-known/x'],
    ['/x..y/...', '/x..y/...'],
  ])('%s is %s', (target, path) => {
    expect(pathOf(target)).toBe(path);
  });

  it.each([
    ...['', '*', 'x', '//', '//x', '/x//y', '/x//', 'http://127.0.0.1/x', 'x:443'],
    ...['/.', '/..', '/./x', '/x/../y', '/x/.', '/x/..?a'],
    ...['/%6detrics', '/x%2Fy', '/x%5Cy', '/x%2e', '/x%2E', '/x/%2e%2e/y', '/%e4%b9%8c', '/%', '/%4', '/%zz'],
    ...[
      '/%E4%B9',
      '/%FF',
      '/%00',
      '/%0A',
      '/%7F',
      '/x;y',
      '/x;',
      '/x\\y',
      '/x y',
      '/x\ty',
      '/x\u0000',
      '/\u00e4',
    ],
    ...['/x#y', '/x?a b', '/x?a#b', '/x?\u00e4', '/"x"', '/<x>', '/[x]', '/{x}', '/x|y', '/^', '/`'],
  ])('%s is none of ours', (target) => {
    expect(pathOf(target)).toBeUndefined();
  });

  it('has one spelling for each place: what a parser makes of it is what it says', () => {
    const part = fc.constantFrom(
      ...[
        '/',
        '//',
        '/.',
        '/..',
        'a',
        'A',
        'metrics',
        '%6d',
        '%2F',
        '%2e',
        '%5C',
        '\\',
        ';',
        '?',
        '#',
        ':',
        '@',
        '%E4%B9%8C',
      ],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const path = pathOf(parts.join(''));
        if (path === undefined) return;
        expect(new URL(path, 'http://x').pathname).toBe(path);
        const decoded = path.split('/').map((segment) => decodeURIComponent(segment));
        expect(decoded.join('/').split('/').length).toBe(path.split('/').length);
      }),
    );
  });

  it('is found in the time that its length takes', () => {
    for (const piece of ['/', '/a', '/%41', '/.', '%', '/a%']) {
      const begun = performance.now();
      pathOf(`/${piece.repeat(16_000 / piece.length)}`);
      expect(performance.now() - begun).toBeLessThan(1000);
    }
  });
});

describe('the headers that say where and from where', () => {
  it.each(['x', 'bianmin.example.org', '127.0.0.1:8080', '[::1]:80', 'a_b.c-d:1'])('%s is a host', (text) => {
    expect(isHost(text)).toBe(true);
  });
  it.each([
    '',
    ':80',
    'a b',
    'a/b',
    'u@h',
    'a:b',
    'a:123456',
    '[::1',
    '[x]',
    'a,b',
    '.a',
    'ä',
    'x'.repeat(300),
  ])('%s is no host', (text) => {
    expect(isHost(text)).toBe(false);
  });
  it('knows addresses from names that a DNS may give to anybody', () => {
    for (const host of ['127.0.0.1:1', 'localhost', 'localhost:80', '[::1]:5', '192.168.1.7'])
      expect(isAddress(host), host).toBe(true);
    for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil', 'x', '127.0.0.1:1.evil'])
      expect(isAddress(host), host).toBe(false);
  });
  it('knows pages of this machine', () => {
    for (const origin of [undefined, 'http://localhost:1', 'https://127.0.0.1', 'http://[::1]:9'])
      expect(isLocalPage(origin)).toBe(true);
    for (const origin of [
      'null',
      'http://evil',
      'http://localhost.evil',
      'http://127.0.0.1:1@evil',
      'file://',
    ])
      expect(isLocalPage(origin), origin).toBe(false);
  });
  it('knows pages of another port of the same machine', () => {
    expect(isNeighbour('http://192.168.1.7:8080', '192.168.1.7:8093')).toBe(true);
    expect(isNeighbour('https://[::1]', '[::1]:8093')).toBe(true);
    for (const origin of [
      undefined,
      'null',
      'http://192.168.1.70:1',
      'http://192.168.1.7.evil',
      'ftp://192.168.1.7',
    ])
      expect(isNeighbour(origin, '192.168.1.7:8093'), origin).toBe(false);
  });
  it('knows an origin', () => {
    for (const text of ['null', 'http://a', 'https://a:1', 'file://', 'chrome-extension://abc'])
      expect(isOrigin(text)).toBe(true);
    for (const text of ['', 'x', 'http://a/', 'http://a, http://b', 'http://a b'])
      expect(isOrigin(text)).toBe(false);
  });
});
