import { ALERT_LIMITS, LIMIT_NAMES, type ChangeLimits } from '@bianmin/purchase/api/alert-limits';
import type { AlertLimits } from '@bianmin/purchase/api/alerts';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { changedMeanwhile } from '../../route/precondition.ts';
import { limitsOf } from './limits.ts';
import type { LimitStore } from './limit-store.ts';

/** From when on something is an alert, as administrators see and change it. */
export class LimitDesk {
  readonly #store: LimitStore;
  readonly #audit: AuditTrail;

  constructor(init: { store: LimitStore; audit: AuditTrail }) {
    this.#store = init.store;
    this.#audit = init.audit;
  }

  async get(): Promise<AlertLimits> {
    const { values, version } = await this.#store.get();
    const now = limitsOf(values);
    return {
      limits: LIMIT_NAMES.map((name) => ({ name, ...ALERT_LIMITS[name], value: now[name] })),
      version,
    };
  }

  /** Throws `request.changed-meanwhile`. */
  async change(
    init: ChangeLimits & { version: number },
    by: AdminPrincipal,
    where: Where,
  ): Promise<AlertLimits> {
    const known = await this.#store.get();
    if (known.version !== init.version) throw changedMeanwhile(await this.get());
    const chosen = Object.fromEntries(init.limits.map(({ name, value }) => [name, value]));
    const was = limitsOf(known.values);
    const before = Object.fromEntries(init.limits.map(({ name }) => [name, was[name]]));
    const data = { before, after: chosen };
    await this.#audit.record(byAdmin(by, { action: 'alert.change-limits', target: 'limits', where, data }));
    if (await this.#store.change(init.version, { ...known.values, ...chosen })) return this.get();
    throw changedMeanwhile(await this.get());
  }
}
