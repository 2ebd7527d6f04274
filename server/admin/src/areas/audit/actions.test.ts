import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ACTIONS } from './actions.ts';
import { words } from './words.ts';

const SERVER = join(import.meta.dirname, '../../../../src');
const WRITTEN = [/\baction: '([a-z-]+\.[a-z-]+)'/g, /#record\('([a-z-]+\.[a-z-]+)'/g];

it('every action that the server writes into the trail is offered and has words', () => {
  const written = readdirSync(SERVER, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('.test.') && !path.startsWith('testing'))
    .flatMap((path) => {
      const text = readFileSync(join(SERVER, path), 'utf8');
      return WRITTEN.flatMap((pattern) => [...text.matchAll(pattern)].map(([, action]) => action ?? ''));
    });
  expect(written.length).toBeGreaterThan(30);
  expect(written.filter((action) => !ACTIONS.includes(action))).toEqual([]);
  const { subject, verb } = words.en as Record<string, Record<string, string>>;
  const without = ACTIONS.filter((action) => {
    const [first = '', second = ''] = action.split('.');
    return subject?.[first] === undefined || verb?.[second] === undefined;
  });
  expect(without).toEqual([]);
});
