import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { z } from 'zod';
import { serveAdmin, type AdminCalls } from '../testing/admin-calls.ts';
import { openApiDocument } from '../web/openapi.ts';
import { changedMeanwhile, versionSeen, versionSeenOrNone } from './precondition.ts';
import { defineRoute } from './route.ts';

const document = z.object({ version: z.int(), text: z.string() });
const admin = { tag: 'admin', auth: 'admin', path: '/document' } as const;
let stored = { version: 3, text: 'as it is' };

const routes = [
  defineRoute({
    ...{ ...admin, method: 'get', summary: 'Reads it', response: document, etag: true },
    handler: () => Promise.resolve(stored),
  }),
  defineRoute({
    ...{ ...admin, method: 'put', summary: 'Edits it', response: document, etag: true, ifMatch: true },
    handler: (input) => {
      if (versionSeen(input) !== stored.version) return Promise.reject(changedMeanwhile(stored));
      stored = { version: stored.version + 1, text: 'edited' };
      return Promise.resolve(stored);
    },
  }),
  defineRoute({
    ...{ ...admin, path: '/made', method: 'put', summary: 'Makes or edits it', ifMatch: 'or-new' },
    response: z.object({ seen: z.int().nullable() }),
    handler: (input) => Promise.resolve({ seen: versionSeenOrNone(input) }),
  }),
];

let calls: AdminCalls;
beforeAll(async () => {
  calls = await serveAdmin(routes, { log: pino({ level: 'silent' }) });
});
afterAll(() => calls.close());

const put = (headers: Record<string, string>, path = '/document') => calls.call('put', path, { headers });

describe('a document that is edited', () => {
  it('is given with its ETag, and edited by the caller that hands that in, once', async () => {
    const read = await fetch(`${calls.url}/document`, { headers: { authorization: 'Bearer anna' } });
    expect([await read.json(), read.headers.get('etag')]).toEqual([stored, '"3"']);
    expect(await put({ 'if-match': '"3"' })).toMatchObject({ status: 200, body: { version: 4 } });
    expect(await put({ 'if-match': '"3"' })).toMatchObject({
      status: 412,
      body: { code: 'request.changed-meanwhile', present: { version: 4, text: 'edited' } },
    });
  });

  it.each([{}, { 'if-match': '*' }, { 'if-none-match': '*' }])(
    'is not edited blindly: %j',
    async (headers) => {
      expect(await put(headers)).toMatchObject({
        status: 428,
        body: { code: 'request.precondition-required' },
      });
    },
  );

  it.each(['W/"4"', '4', '"a"', '"4", "5"', '"-1"'])('has never been %s', async (tag) => {
    expect(await put({ 'if-match': tag })).toMatchObject({ status: 412 });
  });

  it('is made where nothing was seen', async () => {
    expect((await put({ 'if-none-match': '*' }, '/made')).body).toEqual({ seen: null });
    expect((await put({ 'if-match': '"2"' }, '/made')).body).toEqual({ seen: 2 });
    expect((await put({}, '/made')).status).toBe(428);
    expect((await put({ 'if-match': '', 'if-none-match': '*' }, '/made')).status).toBe(428);
  });

  it('says so in the API’s description', () => {
    const { paths } = openApiDocument(routes, 'https://example.test');
    const edit = paths?.['/document']?.['put'];
    expect(edit?.parameters).toMatchObject([{ in: 'header', name: 'If-Match', required: true }]);
    expect(edit?.responses?.['200']).toMatchObject({ headers: { ETag: { schema: { type: 'string' } } } });
    expect(Object.keys(edit?.responses ?? {})).toEqual(expect.arrayContaining(['412', '428']));
    expect(paths?.['/made']?.['put']?.parameters).toMatchObject([
      { name: 'If-Match', required: false },
      { name: 'If-None-Match', required: false },
    ]);
  });
});
