import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestWeb, type TestWeb } from './testing/web.ts';
import { openApi } from './testing/open-api-document.ts';
import { callWeb, type WebRequest } from './testing/web-call.ts';

let s: TestWeb;
beforeAll(async () => {
  s = await openTestWeb();
});
afterAll(() => s.close());

const call = (...request: WebRequest) => callWeb(s.web.url, ...request);

it('whatever edits a document wants what was seen of it', () => {
  const blind = s.web.routes.filter(
    ({ method, tag, ifMatch }) => method === 'put' && tag === 'admin' && ifMatch === undefined,
  );
  expect(blind.map(({ path }) => path)).toEqual([
    // These say where a terminal stands, whatever was said before.
    '/v1/admin/terminals/:id/community',
    '/v1/admin/terminals/:id/address',
    // The byte that a piece begins with says what was there.
    '/v1/admin/releases/:id/files/:name',
    '/v1/admin/discounts/household-files/:id/parts',
  ]);
});

describe('the OpenAPI document', () => {
  it('has the form of 3.1 and names every operation once', async () => {
    const { body } = await call('GET', '/openapi.json');
    const document = openApi.parse(body);
    const ids: string[] = [];
    for (const [path, operations] of Object.entries(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const each of Object.values(operations)) {
        ids.push(each.operationId);
        const declared = (each.parameters ?? []).filter((parameter) => parameter.in === 'path');
        expect(declared.map(({ name }) => name).toSorted()).toEqual(inPath.toSorted());
        expect(declared.every(({ required }) => required === true)).toBe(true);
        expect(Object.keys(each.responses).some((status) => status.startsWith('2'))).toBe(true);
        expect(each.responses['500']?.content?.['application/problem+json']?.schema).toEqual({
          $ref: '#/components/schemas/Problem',
        });
        for (const scheme of each.security.flatMap((entry) => Object.keys(entry))) {
          expect(Object.keys(document.components.securitySchemes)).toContain(scheme);
        }
      }
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining([
        'postTerminalCardsIdentify',
        'postTerminalOrdersOrderNoClaim',
        'postNotifyChannel',
        'postAdminApprovalsIdDecide',
        'getOpenapiJson',
      ]),
    );
    // Few other readers of patterns know the properties of characters.
    expect(JSON.stringify(body)).not.toMatch(/\\p\{/iu);
    for (const [, name] of JSON.stringify(body).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(Object.keys(document.components.schemas)).toContain(name);
    }
  });
});
