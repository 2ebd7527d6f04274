import type { Context } from 'koa';
import { canonicalJson, sha256Hex } from '../kernel/canonical.ts';
import { ProblemError } from '../kernel/problem.ts';

/** One intention of a caller's: sent again under its key, it is done once. */
export interface Intent {
  /** The caller's choice. */
  readonly key: string;
  /** Of what is asked for, so that a key that comes back with something else is told. */
  readonly digest: string;
}

export const INTENT_HEADER = 'Idempotency-Key';
export const INTENT_KEY = /^[\w-]{16,64}$/;

/** Of a route with `idempotent`; undefined for others. Throws `request.malformed`. */
export function intentOf(
  route: { readonly idempotent?: true | undefined },
  ctx: Context,
  body: unknown,
): Intent | undefined {
  if (route.idempotent === undefined) return undefined;
  const key = ctx.get(INTENT_HEADER).trim();
  if (INTENT_KEY.test(key)) {
    return { key, digest: sha256Hex(canonicalJson({ path: ctx.path, body: body ?? null })) };
  }
  throw new ProblemError({
    code: 'request.malformed',
    message: `Send a key of your choice in ${INTENT_HEADER}, one for each intention: 16 to 64 letters, digits, _ or -.`,
    errors: [{ pointer: '/headers/idempotency-key', detail: 'must be 16 to 64 letters, digits, _ or -' }],
  });
}

/** The key was used for something else. */
export function otherIntent(): ProblemError {
  return new ProblemError({
    code: 'order.idempotency-mismatch',
    message: 'This key was used for something else. Choose another key for each intention.',
  });
}
