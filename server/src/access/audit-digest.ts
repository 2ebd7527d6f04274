import type { AuditEntry } from './store/audit.ts';
import { canonicalJson, sha256Hex } from '../kernel/canonical.ts';

/** What an entry's `digest` must be. */
export function digestOf(entry: Omit<AuditEntry, 'digest'>): string {
  return sha256Hex(canonicalJson(entry));
}
