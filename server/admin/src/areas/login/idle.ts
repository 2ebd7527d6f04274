/** How long before the end it is said. */
const WARN_MS = 60_000;
/** Input without a call for so long is told to the server as use. */
export const PING_MS = 60_000;

export type IdleStep = { readonly is: 'used' | 'over' } | { readonly is: 'warned'; readonly leftS: number };

/** Where a login stands that ends then; `undefined`: none, or one that nothing ends. */
export function idleStep(endsAt: number | undefined, now: number): IdleStep {
  if (endsAt === undefined || endsAt - now > WARN_MS) return { is: 'used' };
  return endsAt > now ? { is: 'warned', leftS: Math.ceil((endsAt - now) / 1000) } : { is: 'over' };
}
