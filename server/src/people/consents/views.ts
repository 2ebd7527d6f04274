import type { Clock } from '@bianmin/card/clock';
import type { AdminConsent, ConsentView } from '@bianmin/purchase/api/consent';
import { stateOf, type StoredConsent } from './consent.ts';
import type { ConsentUsage } from './usage.ts';

export interface ConsentViewsInit {
  readonly usage: Pick<ConsentUsage, 'usedFen'>;
  readonly users: { get(id: string): Promise<{ readonly name: string } | null> };
  readonly clock: Pick<Clock, 'now'>;
}

/** Consents as staff may see them. */
export class ConsentViews {
  readonly #init: ConsentViewsInit;

  constructor(init: ConsentViewsInit) {
    this.#init = init;
  }

  async of(consent: StoredConsent): Promise<ConsentView> {
    const { _id, masked, form, perPurchaseFen, perMonthFen, endsOn, recordedAt } = consent;
    const usedFen = await this.#init.usage.usedFen(consent);
    return {
      ...{ id: _id, customer: { ...masked }, form, perPurchaseFen, perMonthFen, usedFen, endsOn },
      recordedAt: recordedAt.toISOString(),
    };
  }

  /** At the console. */
  async inOffice(consents: readonly StoredConsent[]): Promise<AdminConsent[]> {
    const { users, clock } = this.#init;
    const ids = [...new Set(consents.map(({ recordedBy }) => recordedBy))];
    const named = await Promise.all(
      ids.map(async (id) => [id, (await users.get(id))?.name ?? null] as const),
    );
    const names = new Map(named);
    const now = new Date(clock.now());
    return Promise.all(
      consents.map(async (consent) => {
        const { org, terminalId, recordedBy } = consent;
        return {
          ...(await this.of(consent)),
          ...{ state: stateOf(consent, now), org, terminalId },
          recordedBy: names.get(recordedBy) ?? null,
        };
      }),
    );
  }
}
