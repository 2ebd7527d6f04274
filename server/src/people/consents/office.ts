import type { AdminConsents } from '@bianmin/purchase/api/consent';
import type { Where } from '../../access/approvals.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { OrgStore } from '../../access/store/orgs.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import { covers, WHOLE_PROVINCE, type Scope } from '../../kernel/scope.ts';
import type { ConsentStore } from './consent-store.ts';
import { LISTED, type Consents } from './consents.ts';
import { noConsent } from './usage.ts';
import type { ConsentViews } from './views.ts';

export interface ConsentOfficeInit {
  readonly store: Pick<ConsentStore, 'find' | 'get'>;
  readonly consents: Consents;
  readonly views: ConsentViews;
  readonly orgs: Pick<OrgStore, 'get' | 'within'>;
}

/** Consents at the console: of the communities within a person's scope, wherever those stand by now. */
export class ConsentOffice {
  readonly #init: ConsentOfficeInit;

  constructor(init: ConsentOfficeInit) {
    this.#init = init;
  }

  /** The newest first, with those that ended and are still kept. */
  async list(scope: Scope, form?: string): Promise<AdminConsents> {
    const { store, views, orgs } = this.#init;
    const below = scope === WHOLE_PROVINCE ? undefined : (await orgs.within(scope)).map(({ _id }) => _id);
    const found = await store.find({ orgs: below, form, limit: LISTED + 1 });
    return { consents: await views.inOffice(found.slice(0, LISTED)), more: found.length > LISTED };
  }

  /** May be repeated. Throws `consent.none`, also for one outside of the scope. */
  async revoke(
    of: { readonly id: string; readonly reason: string },
    by: AdminPrincipal,
    where: Where,
  ): Promise<void> {
    const { store, consents, orgs } = this.#init;
    const consent = await store.get(of.id);
    const path = consent === null ? undefined : (await orgs.get(consent.org))?.path;
    if (consent === null || !covers(by.scope, path ?? PROVINCE_PATH)) throw noConsent();
    await consents.revoke(consent, { userId: by.userId, where, data: { reason: of.reason } });
  }
}
