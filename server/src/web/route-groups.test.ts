import { expect, it } from 'vitest';
import { RouteGroups } from './route-groups.ts';

const groups = new RouteGroups();
for (const [method, path] of [
  ['get', '/v1/admin/orders/:orderNo'],
  ['delete', '/v1/admin/orders/:orderNo'],
  ['post', '/v1/admin/orders/search'],
  ['get', '/v1/admin/orders'],
] as const) {
  groups.add({ method, path }, (ctx) => {
    ctx.body = path;
  });
}

/** The pattern that answers; undefined where none does. */
async function answering(method: string, path: string): Promise<unknown> {
  const ctx = { method, path, state: {}, request: {} } as unknown as Parameters<
    ReturnType<typeof groups.routes>
  >[0];
  await groups.routes()(ctx, () => Promise.resolve());
  return ctx.body;
}

it('an address that is spelt out is no parameter of another pattern', async () => {
  expect(await answering('POST', '/v1/admin/orders/search')).toBe('/v1/admin/orders/search');
  expect(await answering('GET', '/v1/admin/orders/search')).toBeUndefined();
  expect(groups.methodsAt('/v1/admin/orders/search')).toEqual(['POST']);
  expect(await answering('GET', '/v1/admin/orders/260115100000000001')).toBe('/v1/admin/orders/:orderNo');
});

it('says which methods an address takes, HEAD with GET', async () => {
  expect(groups.methodsAt('/v1/admin/orders')).toEqual(['GET', 'HEAD']);
  expect(new Set(groups.methodsAt('/v1/admin/orders/1'))).toEqual(new Set(['GET', 'HEAD', 'DELETE']));
  expect(groups.methodsAt('/v1/admin/cases')).toEqual([]);
  expect(await answering('HEAD', '/v1/admin/orders')).toBe('/v1/admin/orders');
});
