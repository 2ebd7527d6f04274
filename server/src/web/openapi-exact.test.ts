import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openApiDocument } from './openapi.ts';
import { defineRoute } from '../route/route.ts';

const route = defineRoute({
  method: 'post',
  path: '/things/:ref',
  summary: 'Makes a thing',
  tag: 'system',
  auth: 'none',
  params: z.object({ ref: z.string().regex(/^\d+\/[a-z]$/u) }),
  query: z.object({ limit: z.coerce.number().int().min(1).optional() }),
  body: z.strictObject({ many: z.int(), few: z.int().min(0).max(9), some: z.int().nullable() }),
  response: z.object({ cell: z.tuple([z.int(), z.int()]), pair: z.tuple([z.string(), z.int()]) }),
  produces: ['text/csv', 'application/pdf'],
  also: { 304: 'It is the same.' },
  problems: ['grid.unavailable'],
  handler: () => Promise.resolve({ cell: [1, 2] as [number, number], pair: ['a', 1] as [string, number] }),
});
const file = defineRoute({
  method: 'get',
  path: '/files',
  summary: 'A file',
  tag: 'system',
  auth: 'none',
  produces: ['text/csv', 'application/json'],
  refusesIn: ['text/plain'],
  also: { 206: 'A part.' },
  handler: () => Promise.resolve(undefined),
});

const edit = defineRoute({
  method: 'put',
  path: '/things',
  summary: 'Edits a thing',
  tag: 'system',
  auth: 'none',
  ifMatch: true,
  handler: () => Promise.resolve(undefined),
});

const operation = z.looseObject({
  parameters: z.array(z.looseObject({ name: z.string(), schema: z.unknown() })).default([]),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown() })) })
    .optional(),
  responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })),
});
const document = z
  .object({ paths: z.record(z.string(), z.record(z.string(), operation)) })
  .parse(openApiDocument([route, file, edit], 'https://bianmin.example'));
const things = document.paths['/things/{ref}']?.['post'];
const files = document.paths['/files']?.['get'];

describe('the document', () => {
  it('says how long a tuple is, and one of like items as a list', () => {
    expect(things?.responses['200']).toMatchObject({
      content: {
        'application/json': {
          schema: {
            properties: {
              cell: { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2 },
              pair: { prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false, minItems: 2 },
            },
          },
        },
      },
    });
  });

  it('bounds the whole numbers that are sent to us by those that every reader knows', () => {
    const [most, least] = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    expect(things?.requestBody?.content['application/json']?.schema).toMatchObject({
      properties: {
        many: { minimum: least, maximum: most },
        few: { minimum: 0, maximum: 9 },
        some: { type: ['integer', 'null'], minimum: least, maximum: most },
      },
    });
    const limit = things?.parameters.find(({ name }) => name === 'limit');
    expect(limit?.schema).toMatchObject({ minimum: 1, maximum: most });
  });

  it('says what an ETag that goes back looks like', () => {
    const [header] = document.paths['/things']?.['put']?.parameters ?? [];
    expect(header).toMatchObject({ name: 'If-Match', schema: { pattern: '^"\\d{1,15}"$' } });
  });

  it('leaves the flags out of a pattern', () => {
    const ref = things?.parameters.find(({ name }) => name === 'ref');
    expect(ref?.schema).toEqual({ type: 'string', pattern: '^\\d+\\/[a-z]$' });
  });

  it('names every media type, every status, and how long to wait', () => {
    expect(things?.responses['304']).toEqual({ description: 'It is the same.' });
    expect(things?.responses['503']).toMatchObject({ headers: { 'Retry-After': { required: false } } });
    expect(Object.keys(files?.responses['206']?.content ?? {})).toEqual(['text/csv', 'application/json']);
    expect(Object.keys(files?.responses['400']?.content ?? {})).toEqual([
      'application/problem+json',
      'text/plain',
    ]);
  });
});
