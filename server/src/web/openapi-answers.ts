import type { ResponseConfig, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { PROBLEMS, problemSchema, type ProblemCode } from '@bianmin/purchase/api/problem';
import type { AnyRoute } from '../route/route.ts';

/** With a name of its own, so that the document has it once. */
const PROBLEM = problemSchema.meta({ id: 'Problem' });

/** What an endpoint answers: done, or each problem that it can give. */
export function answersOf(route: AnyRoute): RouteConfig['responses'] {
  return { ...success(route), ...problemResponses(route) };
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
  if (route.stepUp === 'factors') codes.add('auth.step-up-factors');
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
