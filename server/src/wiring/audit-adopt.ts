import { noteHead } from '../access/audit-heads.ts';
import type { AuditServices } from './audit.ts';

/**
 * Seals, as they stand now, the chains of a trail that is older than heads. Asked for by hand and written into the trail: done by
 * itself it would seal whatever an intruder left after removing a head.
 */
export async function adoptChains(
  { audit, auditStore, auditHeads }: AuditServices,
  now: Date,
): Promise<{ chains: string[] }> {
  const without: string[] = [];
  for (const writer of await auditStore.writers()) {
    if ((await auditHeads.store.get(writer)) === null) without.push(writer);
  }
  await audit.record({
    who: { kind: 'system', id: 'operator' },
    action: 'audit.adopt',
    target: 'audit',
    where: { ip: '', traceId: '' },
    data: { chains: without },
  });
  for (const writer of without) {
    const last = await auditStore.lastOf(writer);
    if (last !== null) await noteHead(auditHeads, { writer, n: last.n, digest: last.digest }, now);
  }
  return { chains: without };
}
