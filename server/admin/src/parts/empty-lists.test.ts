import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { flat, type AreaWords } from '../words/area-words.ts';

const AREAS = join(import.meta.dirname, '../areas');
const pages = readdirSync(AREAS, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.vue'))
  .map((path) => ({ path, text: readFileSync(join(AREAS, path), 'utf8') }));

/** Tables whose lines are always there, or which are shown only where there are some. */
const NEVER_EMPTY = new Set([
  'account/AccountPage.vue',
  'alerts/LimitsTab.vue',
  'audit/VerifyPart.vue',
  'cases/CasesOfDay.vue',
  'money/MoneyFlows.vue',
  'retention/RetentionPage.vue',
]);

const TABLE =
  /<ElTable\s(?<attributes>(?:"[^"]*"|[^>"])*)>(?<inside>\s*<template #empty\s*>.*?<\/template>)?/gsu;
const LIST = /<EmptyList\s(?:"[^"]*"|[^>"])*>/gsu;
const keysIn = (text: string): string[] =>
  [...text.matchAll(/'([a-z]+(?:\.[\w-]+)+)'/gu)].map(([, key = '']) => key);

/** Keys of what a table says where it is empty. */
function saidBy({ attributes = '', inside = '' }: Readonly<Record<string, string | undefined>>): string[] {
  const said = /:empty-text="([^"]*)"/u.exec(attributes)?.[1] ?? /:comes="([^"]*)"/u.exec(inside)?.[1] ?? '';
  return keysIn(said);
}

it('every table says what will stand in it, with words of its own page', () => {
  const found = pages.flatMap(({ path, text }) =>
    [...text.matchAll(TABLE)].map(({ groups = {} }) => ({ path, keys: saidBy(groups) })),
  );
  expect(found.length).toBeGreaterThan(40);
  const without = found.filter(
    ({ path, keys }) =>
      !NEVER_EMPTY.has(path) &&
      (keys.length === 0 || keys.some((key) => !path.startsWith(`${key.split('.')[0] ?? ''}/`))),
  );
  expect(without).toEqual([]);
});

it('no list says the bare word that nothing is there, and no two the same', async () => {
  const keys = pages.flatMap(({ path, text }) => {
    const lists = [...text.matchAll(LIST)].flatMap(([list]) =>
      keysIn(/:comes="([^"]*)"/u.exec(list)?.[1] ?? ''),
    );
    const tables = [...text.matchAll(TABLE)].flatMap(({ groups = {} }) => saidBy(groups));
    return [...new Set([...lists, ...tables])].map((key) => ({ path, key }));
  });
  const areas = [...new Set(keys.map(({ key }) => key.split('.')[0] ?? ''))];
  const words = await Promise.all(
    areas.map(async (area) => ({
      area,
      of: ((await import(join(AREAS, area, 'words.ts'))) as { words: AreaWords }).words,
    })),
  );
  for (const language of ['zh-CN', 'en'] as const) {
    const all = Object.assign({}, ...words.map(({ area, of }) => flat(of[language], area))) as Record<
      string,
      string
    >;
    const said = keys.map(({ key }) => all[key] ?? key);
    expect(said.filter((sentence) => sentence.length < 4)).toEqual([]);
    expect(said.filter((sentence, n) => said.indexOf(sentence) !== n)).toEqual([]);
  }
});
