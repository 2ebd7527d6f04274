import { z } from 'zod';

/** As much of an OpenAPI 3.1 document as is shown. */
const schema = z.unknown();
const content = z.record(z.string(), z.object({ schema })).optional();
const operation = z.object({
  operationId: z.string(),
  summary: z.string().default(''),
  tags: z.array(z.string()).default([]),
  security: z.array(z.record(z.string(), z.array(z.string()))).default([]),
  'x-permission': z.string().optional(),
  parameters: z
    .array(z.object({ in: z.string(), name: z.string(), required: z.boolean().default(false), schema }))
    .default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content })),
});
export const openApi = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), schema).default({}) }).default({ schemas: {} }),
});
export type OpenApi = z.infer<typeof openApi>;
export type Operation = z.infer<typeof operation> & { readonly path: string; readonly method: string };

/** All operations, by tag and then by address. */
export function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(document.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, each]) => ({ ...each, path, method: method.toUpperCase() })),
    )
    .sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method));
}

/** The same order in every language. */
const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Those whose address, summary or permission has all the words; no word: all. */
export function found(operations: readonly Operation[], text: string): Operation[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return operations.filter((each) => {
    const where = [each.method, each.path, each.summary, each['x-permission'] ?? ''].join(' ').toLowerCase();
    return words.every((word) => where.includes(word));
  });
}

/** A schema as it is read: names of the document's own schemas instead of references. */
export function shown(part: unknown): string {
  return JSON.stringify(part, null, 2).replace(/\{\s*"\$ref": "#\/components\/schemas\/(\w+)"\s*\}/g, '$1');
}
