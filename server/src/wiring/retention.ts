import type { AccessServices } from './access.ts';
import type { AuditServices } from './audit.ts';
import type { ConsentServices } from './consents.ts';
import type { Deps } from '../config/deps.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { BindingStore } from '../people/residents/binding-store.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import { erasersOf } from '../people/retention/erasers.ts';
import { Erasures } from '../people/retention/erasures.ts';
import { BATCH, Retention } from '../people/retention/retention.ts';

const HOUR_MS = 3_600_000;

/** What people ask about personal data, wired once for each web process. */
export interface RetentionServices {
  readonly retention: Retention;
  readonly erasures: Erasures;
}

export function createRetention(
  { db, clock, config }: Pick<Deps, 'db' | 'clock' | 'config'>,
  { audit, approvals }: Pick<AccessServices, 'audit' | 'approvals'>,
  consents: Pick<ConsentServices, 'store' | 'views'>,
): RetentionServices {
  const seal = new NumberSeal(config.DATA_KEYS);
  const phones = new BindingStore(db, 'phones', seal);
  const boxes = new BindingStore(db, 'boxes', seal);
  return {
    retention: new Retention({ erasers: erasersOf(db, seal), audit, clock }),
    erasures: new Erasures({ db, phones, boxes, consents, seal, approvals, audit, clock }),
  };
}

/** The worker's part: the rules, a small batch at a time. */
export function workOnRetention(
  { db, clock, config, log }: Pick<Deps, 'db' | 'clock' | 'config' | 'log'>,
  { audit }: Pick<AuditServices, 'audit'>,
): () => Promise<void> {
  const erasers = erasersOf(db, new NumberSeal(config.DATA_KEYS));
  const retention = new Retention({ erasers, audit, clock });
  return startRounds({
    ...{ work: () => retention.round(), full: BATCH, everyMs: HOUR_MS, clock, log },
    what: 'what is kept no longer',
  });
}
