import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../..');
const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
/** Paths from the root: in backticks, or where a link leads. */
const named = [
  ...text.matchAll(/`((?:build|docs|server|shared|stb-app|terminal-app)\/[^`\s]*)`|\]\(([^)#:]+)\)/g),
].map(([, quoted, linked]) => quoted ?? linked ?? '');

describe('CONTRIBUTING.md', () => {
  it('names many places', () => {
    expect(new Set(named).size).toBeGreaterThan(40);
  });

  it.each([...new Set(named)])('names a place that there is: %s', (path) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
  });

  it('names commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const [, name = ''] of text.matchAll(/`npm run ([\w:]+)/g))
      expect(scripts, name).toHaveProperty(name);
  });
});
