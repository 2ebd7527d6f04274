import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { portalEntry, type PortalState } from '@bianmin/purchase/api/portal';

/** A visit as Redis has it, all in strings. */
export const storedVisit = z.object({
  /** Absent until a phone brought its own. */
  key: z.string().optional(),
  /** Absent: the visit of a phone that a box asked for. */
  entry: portalEntry.optional(),
  expiresAt: z.coerce.number(),
  terminal: z.string().optional(),
  ended: z.string().optional(),
  view: z.string().optional(),
  revision: z.coerce.number().default(0),
  followedAt: z.coerce.number().default(0),
  metAt: z.coerce.number().default(0),
  /** Until when a phone may join. */
  codeUntil: z.coerce.number().default(0),
});
export type StoredVisit = z.output<typeof storedVisit>;

/** Where the visit is: begun, with its app, or over. */
export function stateOf({ terminal, ended }: StoredVisit): PortalState['state'] {
  if (ended !== undefined) return 'ended';
  return terminal === undefined ? 'waiting' : 'open';
}

export const sessionKey = (id: string): string => `portal:${id}`;
export const commandsKey = (id: string): string => `portal:${id}:commands`;
export const phoneCodeKey = (code: string): string => `phone-code:${digest(code)}`;
export const tokenKey = (token: string): string => `portal-token:${digest(token)}`;

/** 128 bits, 22 characters. */
export function secret(): string {
  return randomBytes(16).toString('base64url');
}

/** What is kept of a key or a token: what is read of Redis opens nothing. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
