import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wordFaults } from '@bianmin/purchase/testing/word-faults';
import { flat, type AreaWords } from './area-words.ts';
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

describe.each([...ALL])('the words of %s', (area, words) => {
  it('are in both languages, with the same places to fill in, each in its own letters and nowhere empty', () => {
    expect(wordFaults({ 'zh-CN': flat(words['zh-CN'], area), en: flat(words.en, area) })).toEqual([]);
  });
});

it('every key that a page names is there', () => {
  const known = new Set([...ALL].flatMap(([area, words]) => Object.keys(flat(words['zh-CN'], area))));
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
