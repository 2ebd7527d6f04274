import { expect, it } from 'vitest';
import { settingsOf } from './settings.ts';

it('adds the values that there is something under to the settings', () => {
  const known = [{ paths: '^/v1/pay/', parameter: 'token', values: ['a"b', 'c'] }];
  expect(settingsOf('[generation]\nx = 1\n', known)).toBe(
    [
      ...['[generation]', 'x = 1', ''],
      ...['[dictionaries.known-0]', 'values = ["a\\"b", "c"]', ''],
      ...['[[operations]]', 'include-path-regex = "^/v1/pay/"', '[operations.parameters]'],
      ...['"path.token" = { dictionary = "known-0", probability = 0.7 }', ''],
    ].join('\n'),
  );
});
