import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AreaWords, Words } from './area-words.ts';
import { common } from './common.ts';

const SRC = join(import.meta.dirname, '..');
const AREAS = readdirSync(join(SRC, 'areas'));

async function wordsOf(area: string): Promise<AreaWords> {
  return ((await import(join(SRC, 'areas', area, 'words.ts'))) as { words: AreaWords }).words;
}

const ALL: ReadonlyMap<string, AreaWords> = new Map([
  ['common', common],
  ...(await Promise.all(AREAS.map(async (area) => [area, await wordsOf(area)] as const))),
]);

function flat(words: Words, prefix: string): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    const name = `${prefix}.${key}`;
    if (typeof value === 'string') all.set(name, value);
    else for (const [inner, text] of flat(value, name)) all.set(inner, text);
  }
  return all;
}

const placesIn = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe.each([...ALL])('the words of %s', (area, words) => {
  const zh = flat(words['zh-CN'], area);
  const en = flat(words.en, area);

  it('are in both languages, with the same places to fill in', () => {
    expect([...en.keys()]).toEqual([...zh.keys()]);
    for (const [key, text] of zh) expect([key, placesIn(en.get(key) ?? '')]).toEqual([key, placesIn(text)]);
  });

  it('are Chinese where they should be, and nowhere empty', () => {
    for (const [key, text] of en) {
      expect([key, text.trim() === '', /[\u4e00-\u9fff]/.test(text)]).toEqual([key, false, false]);
    }
  });
});

it('every key that a page names is there', () => {
  const known = new Set([...ALL].flatMap(([area, words]) => [...flat(words['zh-CN'], area).keys()]));
  const unknown = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:vue|ts)$/.test(path) && !path.endsWith('.test.ts'))
    .flatMap((path) => {
      const text = readFileSync(join(SRC, path), 'utf8');
      const titles = path.endsWith('routes.ts') ? text.matchAll(/title: '([\w.-]+)'/g) : [];
      const named = [...text.matchAll(/\bt\('([\w.-]+)'/g), ...titles];
      return named.flatMap(([, key]) => (key === undefined || known.has(key) ? [] : [`${path}: ${key}`]));
    });
  expect(unknown).toEqual([]);
});
