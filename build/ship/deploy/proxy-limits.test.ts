import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LIMITS } from '../../../server/src/kernel/limits.ts';

it('nginx waits for web until web has said what it could not do in time', () => {
  const conf = readFileSync(new URL('nginx/http.conf', import.meta.url), 'utf8');
  const [, seconds] = /^proxy_read_timeout (\d+)s;/m.exec(conf) ?? [];
  expect(Number(seconds) * 1000).toBeGreaterThanOrEqual(LIMITS.proxy);
});
