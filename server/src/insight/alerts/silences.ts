import type { Clock } from '@bianmin/card/clock';
import type { CreateSilence, SilenceView } from '@bianmin/purchase/api/alerts';
import { PROVINCE } from '@bianmin/purchase/api/org';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import { covers } from '../../kernel/scope.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { OrgStore } from '../../access/store/orgs.ts';
import type { Silence, SilenceStore } from './silence-store.ts';

/** Holding alerts back for a time: of one's own organisation and below, with a reason and an end. */
export class Silences {
  readonly #init: { store: SilenceStore; orgs: OrgStore; audit: AuditTrail; clock: Clock };

  constructor(init: { store: SilenceStore; orgs: OrgStore; audit: AuditTrail; clock: Clock }) {
    this.#init = init;
  }

  async list(by: AdminPrincipal): Promise<SilenceView[]> {
    return (await this.#init.store.active(this.#now(), by.scope)).map(viewOf);
  }

  /** Throws `order.idempotency-mismatch`. */
  async create(body: CreateSilence, by: AdminPrincipal, where: Where): Promise<SilenceView> {
    const { store, orgs } = this.#init;
    const { key, rule, subject, reason, minutes } = body;
    const known = await store.get(key);
    if (known !== null) return same(known, by);
    const from = this.#now();
    const made: Silence = {
      ...{ _id: key, rule, subject, reason, from, to: new Date(from.getTime() + minutes * 60_000) },
      orgPath: (await orgs.get(by.scope))?.path ?? PROVINCE_PATH,
      by: { id: by.userId, name: by.name },
    };
    const data = { rule, subject, reason, to: made.to.toISOString() };
    await this.#init.audit.record(byAdmin(by, { action: 'alert.silence', target: key, where, data }));
    if ((await store.insert(made)) === 'inserted') return viewOf(made);
    return same((await store.get(key)) ?? made, by);
  }

  /** Ends it now; one that is over stays so. Throws `request.not-found`. */
  async end(id: string, by: AdminPrincipal, where: Where): Promise<void> {
    const found = await this.#init.store.get(id);
    if (found === null || !covers(by.scope, found.orgPath)) {
      throw new ProblemError({ code: 'request.not-found', message: 'There is no such silence.' });
    }
    const { rule, subject } = found;
    await this.#init.audit.record(
      byAdmin(by, {
        action: 'alert.unsilence',
        target: id,
        where,
        data: { rule, subject },
      }),
    );
    await this.#init.store.end(id, this.#now());
  }

  #now(): Date {
    return new Date(this.#init.clock.now());
  }
}

function same(known: Silence, by: AdminPrincipal): SilenceView {
  if (known.by.id === by.userId) return viewOf(known);
  throw new ProblemError({
    code: 'order.idempotency-mismatch',
    message: 'This key was used for something else. Choose another.',
  });
}

function viewOf({ _id, rule, subject, reason, orgPath, by, from, to }: Silence): SilenceView {
  return {
    ...{ id: _id, rule, subject, reason, org: orgPath.at(-1) ?? PROVINCE, by },
    ...{ from: from.toISOString(), to: to.toISOString() },
  };
}
