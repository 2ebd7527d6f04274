import type { Clock } from '@bianmin/card/clock';
import type { Config } from '../config/config.ts';
import type { Deps } from '../config/deps.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { AuditStore } from '../access/store/audit.ts';
import { AuditCheck } from '../access/audit-check.ts';
import { auditHeads, type AuditHeads } from '../access/audit-heads.ts';
import { tieHeads } from '../access/audit-ties.ts';
import { AuditTrail } from '../access/audit.ts';

const HOUR_MS = 3_600_000;

/** The audit trail of a process: a chain of its own. */
export interface AuditServices {
  readonly audit: AuditTrail;
  readonly auditStore: AuditStore;
  readonly auditHeads: AuditHeads;
  readonly auditCheck: AuditCheck;
}

export async function createAudit({
  db,
  clock,
  config,
}: Pick<Deps, 'db'> & {
  clock: Clock;
  config: Pick<Config, 'DATA_KEYS'>;
}): Promise<AuditServices> {
  const auditStore = new AuditStore(db);
  const heads = auditHeads(db, config.DATA_KEYS);
  await Promise.all([auditStore.prepare(), heads.store.prepare()]);
  return {
    audit: new AuditTrail(auditStore, heads, clock),
    auditStore,
    auditHeads: heads,
    auditCheck: new AuditCheck({ store: auditStore, heads }),
  };
}

/** The worker's part: heads go into the trail, and into the log, which is kept elsewhere. */
export function workOnAudit(
  { clock, log }: Pick<Deps, 'clock' | 'log'>,
  { audit: trail, auditStore: store, auditHeads: heads }: AuditServices,
): () => Promise<void> {
  return startRounds({
    async work() {
      const tied = await tieHeads({ trail, store, heads });
      if (tied.length > 0) log.info({ heads: tied }, 'the heads of the audit trail');
      return tied.length;
    },
    everyMs: HOUR_MS,
    what: "the audit trail's heads",
    ...{ clock, log },
  });
}
