import { createHash } from 'node:crypto';
import { covers, scopeOf } from '../../kernel/scope.ts';
import type { Rollout } from './rollout-store.ts';

/** Whom a rollout is for, and how far it has come. */
export type Audience = Pick<Rollout, '_id' | 'org' | 'terminals' | 'stages' | 'stage'>;

/**
 * A terminal's place among a thousand, the same each time it asks, and another in another rollout, so that it is not always the
 * same people who try what is new.
 */
function placeOf(rolloutId: string, terminalId: string): number {
  const digest = createHash('sha256').update(`${rolloutId}:${terminalId}`).digest();
  return Math.floor((digest.readUInt32BE(0) / 2 ** 32) * 1000);
}

/** Whether the terminal belongs to those who are offered it at the rollout's present step. */
export function isOffered(rollout: Audience, terminal: { id: string; orgPath: readonly string[] }): boolean {
  if (!covers(scopeOf(rollout.org), terminal.orgPath)) return false;
  if (rollout.terminals.length > 0 && !rollout.terminals.includes(terminal.id)) return false;
  return placeOf(rollout._id, terminal.id) < (rollout.stages[rollout.stage]?.permille ?? 0);
}
