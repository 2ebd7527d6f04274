import type { Connection } from 'mongoose';
import { AuditHeadStore, type AuditHead } from './store/audit-heads.ts';
import type { KeySource } from '../kernel/key-ring.ts';
import { HeadSeal } from './head-seal.ts';

/** What the trail's writers and its check share: where each chain's head is noted, and what it is sealed with. */
export interface AuditHeads {
  readonly store: AuditHeadStore;
  readonly seal: HeadSeal;
}

export function auditHeads(db: Connection, keys: KeySource): AuditHeads {
  return { store: new AuditHeadStore(db), seal: new HeadSeal(keys) };
}

/** Notes that a chain has come this far. */
export function noteHead({ store, seal }: AuditHeads, head: AuditHead, at: Date): Promise<void> {
  return store.put({ ...head, at, seal: seal.of(head) });
}
