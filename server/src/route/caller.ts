import type { Principal } from '../kernel/principal.ts';

export type TerminalPrincipal = Extract<Principal, { kind: 'terminal' }>;
export type PayerPrincipal = Extract<Principal, { kind: 'payer' }>;

/** The terminal that the route's `auth: 'terminal'` has proven. */
export function terminalOf(principal: Principal): TerminalPrincipal {
  if (principal.kind !== 'terminal') throw new Error('This route is not declared with auth: terminal.');
  return principal;
}

/** The resident's phone that the route's `auth: 'payer'` has proven. */
export function payerOf(principal: Principal): PayerPrincipal {
  if (principal.kind !== 'payer') throw new Error('This route is not declared with auth: payer.');
  return principal;
}
