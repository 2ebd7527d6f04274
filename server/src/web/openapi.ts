import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { PROBLEMS, problemSchema, type ProblemCode } from '@bianmin/shared/api/problem';
import { INTENT_HEADER, INTENT_KEY } from '../route/idempotency.ts';
import { exactly } from './openapi-exact.ts';
import type { AnyRoute } from '../route/route.ts';

type Document = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** With a name of its own, so that the document has it once. */
const PROBLEM = problemSchema.meta({ id: 'Problem' });

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
    ...(route.stepUp === true ? { 'x-step-up': true } : {}),
    request: {
      ...(params && { params }),
      ...(query && { query }),
      ...headersOf(route),
      ...(content && { body: { content, required: true } }),
    },
    responses: { ...success(route), ...problemResponses(route) },
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

const ETAG = {
  headers: z.object({
    ETag: z.string().describe('Of the document: goes back as If-Match where it is edited.'),
  }),
};

function success(route: AnyRoute): RouteConfig['responses'] {
  const declared = route.response as z.ZodType | undefined;
  const schema = declared instanceof z.ZodOptional ? (declared.unwrap() as z.ZodType) : declared;
  const status = route.status ?? (schema === undefined && route.produces === undefined ? 204 : 200);
  const content = schema ? { 'application/json': { schema } } : texts(route.produces);
  const also = Object.entries(route.also ?? {}).map(([other, description]) => [
    other,
    { description, ...(other === '206' && content && { content }) },
  ]);
  return {
    ...(Object.fromEntries(also) as RouteConfig['responses']),
    [status]: { description: 'Done.', ...(route.etag === true ? ETAG : {}), ...(content && { content }) },
    ...(schema === declared || route.also !== undefined ? {} : { 204: { description: 'There is none.' } }),
  };
}

/** Bodies that no schema describes, by their media types. */
function texts(types: string | readonly string[] | undefined): ResponseConfig['content'] {
  if (types === undefined) return undefined;
  // Of JSON nothing is said, and a stream of events is none of its events.
  const isText = (type: string): boolean => !type.includes('json') && type !== 'text/event-stream';
  const schemaOf = (type: string): { type?: 'string' } => (isText(type) ? { type: 'string' } : {});
  return Object.fromEntries([types].flat().map((type) => [type, { schema: schemaOf(type) }]));
}

/** Every problem an endpoint can give, one response a status, its codes named. */
function problemsOf(route: AnyRoute): ProblemCode[] {
  const codes = new Set<ProblemCode>(route.problems ?? []);
  codes.add('request.malformed').add('server.internal').add('server.unavailable');
  if (route.perMinute !== undefined) codes.add('request.rate-limited');
  if (route.body !== undefined || route.rawBody === true) codes.add('request.too-large');
  if (route.body !== undefined) codes.add('request.unsupported-media');
  if (route.auth !== 'none') codes.add('auth.required').add('auth.expired');
  if (route.auth === 'terminal') {
    codes.add('terminal.bad-proof').add('terminal.pending').add('terminal.rejected');
    codes.add('terminal.suspended').add('terminal.retired');
  }
  if (route.permission !== undefined || route.auth === 'payer') codes.add('auth.forbidden');
  if (route.auth === 'admin' && route.scope !== 'own') codes.add('auth.out-of-scope');
  if (route.auth === 'admin') codes.add('auth.unfinished');
  if (route.auth === 'admin' && route.method !== 'get') codes.add('auth.csrf');
  if (route.stepUp === true) codes.add('auth.step-up');
  if (route.idempotent === true) codes.add('order.idempotency-mismatch');
  if (route.ifMatch !== undefined) {
    codes.add('request.precondition-required').add('request.changed-meanwhile');
  }
  return [...codes];
}

const RETRY_AFTER = {
  headers: z.object({
    'Retry-After': z
      .string()
      .regex(/^\d+$/)
      .optional()
      .describe('Seconds, where it is known how long to wait.'),
  }),
};

function problemResponses(route: AnyRoute): RouteConfig['responses'] {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(route)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.join(', '),
        ...(codes.some((code) => PROBLEMS[code].retryable) ? RETRY_AFTER : {}),
        content: { 'application/problem+json': { schema: PROBLEM }, ...texts(route.refusesIn) },
      },
    ]),
  );
}
