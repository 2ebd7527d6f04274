import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Imports } from './imports.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bianmin-imports-'));
  await mkdir(join(root, 'a'));
  await mkdir(join(root, 'shared/card/src'), { recursive: true });
});
afterAll(() => rm(root, { recursive: true, force: true }));

const write = (path: string, text: string): Promise<void> => writeFile(join(root, path), text);

describe('what a program is made of', () => {
  it('is itself and all that it imports, in any form, but no type and no package', async () => {
    await write(
      'a/main.ts',
      `import {\n  one,\n  two,\n} from './one.ts';
import type { Three } from './three.ts';
import './four.ts';
import zod from 'zod';
export { five } from '@bianmin/card/five';
const late = await import('../six.ts');`,
    );
    await write('a/one.ts', `export * from './main.ts';\nexport * from './seven.ts';`);
    await write('shared/card/src/five.ts', '');
    expect([...(await new Imports(root).of('a/main.ts'))].sort()).toEqual([
      ...['a/four.ts', 'a/main.ts', 'a/one.ts', 'a/seven.ts'],
      ...['shared/card/src/five.ts', 'six.ts'],
    ]);
  });

  it('has changed when it says something else, not when it was written again or is gone for a moment', async () => {
    const imports = new Imports(root);
    await write('a/alone.ts', 'one');
    await imports.of('a/alone.ts');
    await write('a/alone.ts', 'one');
    expect(await imports.changed('a/alone.ts')).toBe(false);
    await rm(join(root, 'a/alone.ts'));
    expect(await imports.changed('a/alone.ts')).toBe(false);
    await write('a/alone.ts', `import './one.ts';`);
    expect(await imports.changed('a/alone.ts')).toBe(true);
    expect(await imports.of('a/alone.ts')).toContain('a/one.ts');
  });
});
