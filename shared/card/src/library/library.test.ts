import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = join(import.meta.dirname, '..');
const OPTIONAL = ['usb', 'node-hid', '@pokusew/pcsclite'];
const FROM = /(?:\bfrom|\bimport)\s*\(?\s*'([\w@./:-]+)'/gu;

/** Every file that is reached from these, and every package that one of them names. */
function reached(entries: readonly string[]): { readonly files: string[]; readonly packages: string[] } {
  const [files, packages] = [new Set<string>(), new Set<string>()];
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    for (const [, from = ''] of readFileSync(path, 'utf8').matchAll(FROM)) {
      const to = join(dirname(path), from);
      if (!from.startsWith('.')) packages.add(from);
      else if (existsSync(to)) waiting.push(to);
    }
  }
  return { files: [...files].map((path) => relative(SOURCE, path)), packages: [...packages] };
}

const entries = readdirSync(import.meta.dirname).filter((name) => !name.endsWith('.test.ts'));
const children = readdirSync(join(SOURCE, 'node')).filter((name) => /^(?!kept).*-child\.ts$/u.test(name));

describe('the card package', () => {
  const { files, packages } = reached([
    ...entries.map((name) => join(import.meta.dirname, name)),
    ...children.map((name) => join(SOURCE, 'node', name)),
    join(SOURCE, 'cli/process.ts'),
  ]);

  it('is made of the card layer alone', () => {
    const rooms = [
      ...new Set(files.map((path) => path.split('/')[0] ?? '').filter((room) => !room.endsWith('.ts'))),
    ];
    expect(rooms.sort()).toEqual([
      ...['bytes', 'chip', 'cli', 'framing', 'library', 'meter-card', 'node', 'reader', 'schema'],
      ...['transcript', 'usb', 'web'],
    ]);
    expect(files).toContain('node/pcsc-child.ts');
  });

  it('names no package but its optional ones', () => {
    const foreign = packages.filter((name) => !name.startsWith('node:') && !OPTIONAL.includes(name));
    expect(foreign).toEqual([]);
  });

  it('has each of its entries in its exports', () => {
    const manifest = JSON.parse(readFileSync(join(SOURCE, '../package.json'), 'utf8')) as {
      exports: Record<string, string>;
    };
    const named = Object.values(manifest.exports).filter((path) => path.startsWith('./src/library/'));
    expect(named.map((path) => path.slice('./src/library/'.length)).sort()).toEqual([...entries].sort());
  });

  it('loads the optional ones only when they are asked for', () => {
    const first = files.flatMap((path) => {
      const text = readFileSync(join(SOURCE, path), 'utf8');
      return OPTIONAL.filter((name) =>
        new RegExp(`^(?:import|export) (?!type).*from '${name}'`, 'mu').test(text),
      );
    });
    expect(first).toEqual([]);
  });
});
