import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('main and preload stay thin: under 300 lines together', async () => {
  let lines = 0;
  for (const folder of ['main', 'preload']) {
    const path = join(import.meta.dirname, '..', folder);
    const names = (await readdir(path)).filter((name) => !name.endsWith('.test.ts'));
    for (const name of names) lines += (await readFile(join(path, name), 'utf8')).split('\n').length - 1;
  }
  expect(lines).toBeGreaterThan(100);
  expect(lines).toBeLessThan(300);
});
