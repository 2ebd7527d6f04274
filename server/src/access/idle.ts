import type { Context } from 'koa';
import type { Session } from './store/sessions.ts';

/** Sent by what a page asks for by itself: nobody need be there. */
const BACKGROUND_HEADER = 'X-Background';
/** A login's use is written down at most so often. */
const NOTED_MS = 30_000;

type Used = Pick<Session, 'kind' | 'createdAt' | 'usedAt'>;

/** When a login of the console ends if nobody uses it; null for programs, which have nobody before them. */
export function idleEnd({ kind, createdAt, usedAt = createdAt }: Used, idleMs: number): Date | null {
  return kind === 'cookie' ? new Date(usedAt.getTime() + idleMs) : null;
}

/** Whether this call is a use that is worth writing down. */
export function isUse(ctx: Context, { kind, createdAt, usedAt = createdAt }: Used, now: number): boolean {
  return kind === 'cookie' && ctx.get(BACKGROUND_HEADER) !== '1' && now - usedAt.getTime() >= NOTED_MS;
}
