import { expect, it } from 'vitest';
import { found, openApi, operationsOf, shown } from './document.ts';

const DOCUMENT = openApi.parse({
  paths: {
    '/v1/b': {
      post: { operationId: 'postB', summary: 'Makes one', responses: {}, 'x-permission': 'b:make' },
    },
    '/v1/a': { get: { operationId: 'getA', summary: 'All of them', responses: {} } },
  },
});

it('operations stand by their address and are found by words of it, of the summary and of the permission', () => {
  const all = operationsOf(DOCUMENT);
  expect(all.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/a', 'POST /v1/b']);
  expect(found(all, 'post one')).toHaveLength(1);
  expect(found(all, 'B:MAKE')[0]?.path).toBe('/v1/b');
  expect(found(all, 'get one')).toEqual([]);
  expect(found(all, ' ')).toHaveLength(2);
});

it('a reference is shown as the name of what it is to', () => {
  expect(shown({ items: { $ref: '#/components/schemas/Problem' } })).toBe('{\n  "items": Problem\n}');
});
