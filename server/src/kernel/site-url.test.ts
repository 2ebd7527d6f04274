import { expect, it } from 'vitest';
import { consoleUrl, siteUrl } from './site-url.ts';

it('an address has no slash at its end, however many it was given', () => {
  for (const url of ['https://a.example/b', 'https://a.example/b/', 'https://a.example/b//'])
    expect(siteUrl(url)).toBe('https://a.example/b');
});

it('the console is at its own address where it has one', () => {
  const PUBLIC_URL = 'https://pay.example/';
  expect(consoleUrl({ PUBLIC_URL })).toBe('https://pay.example');
  expect(consoleUrl({ PUBLIC_URL, ADMIN_ORIGIN: 'https://admin.example/' })).toBe('https://admin.example');
});
