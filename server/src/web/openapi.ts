import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { INTENT_HEADER, INTENT_KEY } from '../route/idempotency.ts';
import { answersOf } from './openapi-answers.ts';
import { exactly } from './openapi-exact.ts';
import type { AnyRoute } from '../route/route.ts';

type Document = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** How a caller proves who they are, in words for the document. */
export type SecurityScheme =
  | { readonly type: 'http'; readonly scheme: string; readonly description: string }
  | { readonly type: 'apiKey'; readonly in: 'cookie'; readonly name: string; readonly description: string };

/**
 * The OpenAPI 3.1 document of a list of routes: what the router serves is what it describes. `schemes`: by the names that
 * routes' `auth` stands for.
 */
export function openApiDocument(
  routes: readonly AnyRoute[],
  publicUrl: string,
  schemes: Readonly<Record<string, SecurityScheme>> = {},
): Document {
  const registry = new OpenAPIRegistry();
  for (const [name, scheme] of Object.entries(schemes)) {
    registry.registerComponent('securitySchemes', name, scheme);
  }
  for (const route of routes) registry.registerPath(operationOf(route));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Bianmin',
      version: '1',
      description: 'Prepaid electricity: terminals, administration, payment notifications. Money is in fen.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
  });
  return exactly(document);
}

function operationOf(route: AnyRoute): RouteConfig {
  const params = route.params as z.ZodObject | undefined;
  const query = route.query as z.ZodObject | undefined;
  const body = route.body as z.ZodType | undefined;
  const content =
    route.rawBody === true
      ? { 'application/octet-stream': { schema: { type: 'string' as const } } }
      : body && { 'application/json': { schema: body } };
  return {
    method: route.method,
    path: route.path.replaceAll(/:(\w+)/g, '{$1}'),
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.tag],
    security: securityOf(route),
    ...(route.permission === undefined ? {} : { 'x-permission': route.permission }),
    ...(route.stepUp === undefined ? {} : { 'x-step-up': route.stepUp }),
    request: {
      ...(params && { params }),
      ...(query && { query }),
      ...headersOf(route),
      ...(content && { body: { content, required: true } }),
    },
    responses: answersOf(route),
  };
}

const IF_MATCH = z
  .string()
  .regex(/^"\d{1,15}"$/)
  .describe('The ETag that was seen.');
const PRECONDITIONS = {
  edit: { headers: z.object({ 'If-Match': IF_MATCH }) },
  put: {
    headers: z.object({
      'If-Match': IF_MATCH.optional(),
      'If-None-Match': z.literal('*').optional().describe('Where there was none: one of the two is needed.'),
    }),
  },
};

const INTENT = {
  headers: z.object({
    [INTENT_HEADER]: z
      .string()
      .regex(INTENT_KEY)
      .describe('One for each intention, chosen by the caller: sent again, it is done once.'),
  }),
};

function headersOf({ ifMatch, idempotent }: AnyRoute): { headers?: z.ZodObject } {
  if (idempotent === true) return INTENT;
  if (ifMatch === undefined) return {};
  return ifMatch === true ? PRECONDITIONS.edit : PRECONDITIONS.put;
}

function securityOf({ auth, beatKey }: AnyRoute): Record<string, string[]>[] {
  if (auth === 'none') return [];
  if (beatKey === true) return [{ terminal: [] }, { beat: [] }];
  return auth === 'admin' ? [{ admin: [] }, { console: [] }] : [{ [auth]: [] }];
}

/** `POST /v1/terminal/orders/:orderNo/claim` → `postTerminalOrdersOrderNoClaim`. */
function operationId(route: Pick<AnyRoute, 'method' | 'path'>): string {
  const words = route.path
    .replace(/^\/v1\//, '/')
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== '');
  return route.method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
