import type { Context } from 'koa';
import type { z } from 'zod';
import type { ProblemCode } from '@bianmin/purchase/api/problem';
import type { Principal } from '../kernel/principal.ts';
import type { Intent } from './idempotency.ts';
import type { Permission } from '../kernel/permissions.ts';

/** What the caller of an edit saw: a document's version, or `null` that there was none. */
export type Seen = number | null;

type Schema = z.ZodType | undefined;
type Out<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

/**
 * One endpoint as data: from it come the router, the checks, the OpenAPI document and the types in the
 * handler. A response body is parsed by its schema, so what is not declared never leaves.
 */
export interface Route<P extends Schema, Q extends Schema, B extends Schema, R extends Schema> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Koa router's form: `/v1/terminal/orders/:orderNo`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: 'terminal' | 'admin' | 'payer' | 'payment' | 'portal' | 'system';
  /** Who may call. `none` only for notifications, health, enrolment, tokens, login, an invitation, a phone's first visit, the stream's ticket, a release's ticket, and a box's time and package. */
  readonly auth: 'none' | 'terminal' | 'admin' | 'payer';
  /** Of `terminal`: taken by a beat's key as well, by the lane before the application. */
  readonly beatKey?: true;
  /** Checked for `admin`. */
  readonly permission?: Permission;
  /**
   * Of `admin`, whose data it is about. `own`: the caller's, the handler hands the caller's scope to the store. `province`:
   * only the province's people may call, which is also what holds where nothing is said; `matrix.db.test.ts` wants it said.
   */
  readonly scope?: 'own' | 'province';
  /**
   * Of `admin`: moves money or gives power, so that password or code must have been given within the last five minutes. `factors`:
   * changes what the next login wants, so that the password must, and the second factor where there is one.
   */
  readonly stepUp?: true | 'factors';
  /** Of `admin`: open to logins that still lack one of these; every other route is closed to them. */
  readonly during?: readonly ('totp' | 'password' | 'totp-setup')[];
  /** Requests that one network address may make in one minute; for endpoints that take credentials. */
  readonly perMinute?: number;
  readonly params?: P;
  readonly query?: Q;
  /** JSON body, 256 KiB at most. Absent: a body is refused, unless `rawBody`. */
  readonly body?: B;
  /** The handler takes the bytes as they came (notifications). */
  readonly rawBody?: boolean;
  /** The largest body, bytes, where 256 KiB are too few; it is held in memory. */
  readonly bodyLimit?: number;
  readonly status?: 200 | 201 | 202 | 204;
  /** Absent: no body, or the handler sets `ctx.body` itself and names its media type in `produces`. `optional()`: undefined is 204. */
  readonly response?: R;
  readonly produces?: string | readonly string[];
  /** Further statuses that the handler sets by itself, each with what it says. Of these, only 206 has a body. */
  readonly also?: Readonly<Partial<Record<204 | 206 | 304, string>>>;
  /** Media types that refusals come in where the caller's protocol has words of its own for them. */
  readonly refusesIn?: readonly string[];
  /** The answer is a document that is edited: its `version` goes out as `ETag`, which comes back as `If-Match`. */
  readonly etag?: true;
  /**
   * Edits or removes such a document: refused without the `ETag` that the caller saw, which the handler hands to the store's
   * compare-and-set (`versionSeen`). `or-new`: makes it, too, for `If-None-Match: *`.
   */
  readonly ifMatch?: true | 'or-new';
  /** Problem codes that this endpoint gives besides the general ones. */
  /** Moves money when a second person allows it: the caller's `Idempotency-Key` makes one of what is sent twice. */
  readonly idempotent?: true;
  readonly problems?: readonly ProblemCode[];
  readonly handler: (input: RouteInput<P, Q, B>) => Promise<Out<R>>;
}

interface RouteInput<P extends Schema, Q extends Schema, B extends Schema> {
  readonly params: Out<P>;
  readonly query: Out<Q>;
  readonly body: Out<B>;
  readonly rawBody: Buffer;
  /** Of a route with `ifMatch`; read it by `versionSeen`. */
  readonly seen: Seen | undefined;
  /** Of a route with `idempotent`. */
  readonly intent: Intent | undefined;
  readonly principal: Principal;
  readonly ctx: Context;
  readonly traceId: string;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a list holds routes of every shape
export type AnyRoute = Route<any, any, any, any>;

/** Gives the handler its types from the schemas beside it. */
export function defineRoute<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
  R extends Schema = undefined,
>(route: Route<P, Q, B, R>): Route<P, Q, B, R> {
  return route;
}
