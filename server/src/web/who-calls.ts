import type { Context } from 'koa';
import type { AdminSession, Principal } from '../kernel/principal.ts';
import { ProblemError } from '../kernel/problem.ts';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import type { AnyRoute } from '../route/route.ts';

/** Says who is calling, or throws the problem that stands in the way. */
type Authenticator = (ctx: Context) => Promise<Principal>;

export type Authenticators = Readonly<Record<'terminal' | 'admin', Authenticator>> & {
  readonly payer?: Authenticator;
};

/** Who calls, proven by what the route asks of them; throws the problem that stands in the way. */
export async function whoCalls(
  route: AnyRoute,
  ctx: Context,
  authenticators: Authenticators,
): Promise<Principal> {
  if (route.auth === 'none') return { kind: 'none' };
  const authenticator = authenticators[route.auth];
  if (authenticator === undefined) throw new Error(`Nothing here proves who calls ${route.path}.`);
  const principal = await authenticator(ctx);
  if (principal.kind === 'admin') finished(route, principal.session);
  if (
    route.permission !== undefined &&
    !(principal.kind === 'admin' && principal.permissions.has(route.permission))
  ) {
    throw new ProblemError({
      code: 'auth.forbidden',
      message: `This needs the permission ${route.permission}. Ask an administrator for it.`,
    });
  }
  if (principal.kind === 'admin' && route.scope !== 'own' && principal.scope !== WHOLE_PROVINCE) {
    throw new ProblemError({
      code: 'auth.out-of-scope',
      message: 'This concerns the whole province. Ask a user whose scope is the province.',
    });
  }
  stepUp(route, principal);
  return principal;
}

/** A login that lacks a step opens nothing but that step. */
function finished(route: AnyRoute, { next }: AdminSession): void {
  if (next === 'ready' || route.during?.includes(next) === true) return;
  const due = { totp: 'the code', password: 'a password of one’s own', 'totp-setup': 'a second factor' };
  throw new ProblemError({
    code: 'auth.unfinished',
    message: `The login is not finished: ${due[next]} is still due.`,
  });
}

function stepUp(route: AnyRoute, principal: Principal): void {
  if (route.stepUp === undefined) return;
  const session = principal.kind === 'admin' ? principal.session : undefined;
  if (route.stepUp === 'factors') {
    if (session?.freshFactors === true) return;
    throw new ProblemError({
      code: 'auth.step-up-factors',
      message:
        'Confirm with the password, and with a code or passkey where you have one (POST /v1/admin/me/confirm, once each), then send this again.',
    });
  }
  if (session?.fresh === true) return;
  throw new ProblemError({
    code: 'auth.step-up',
    message: 'Confirm with the password or a code (POST /v1/admin/me/confirm), then send this again.',
  });
}
