import { randomBytes } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import type { RecordConsentRequest } from '@bianmin/purchase/api/consent';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, whoIs, type AuditTrail } from '../../access/audit.ts';
import type { User } from '../../access/store/users.ts';
import { householdWord } from '../../kernel/household-word.ts';
import { COMMUNITY_PREFIX } from '../../kernel/org-path.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import type { CardSession, CardSessions } from '../../orders/desk/card-session.ts';
import type { RemoteOrders } from '../../orders/desk/remote-orders.ts';
import type { CounterTerminal } from '../counter/place.ts';
import { isAnothers, type Held } from '../residents/held.ts';
import {
  endOf,
  faultsOf,
  isSamePaper,
  stateOf,
  type ConsentLimits,
  type ConsentTerms,
  type StoredConsent,
} from './consent.ts';
import type { ConsentStore } from './consent-store.ts';
import { noConsent } from './usage.ts';

/** As many as a screen lists. */
export const LISTED = 200;

export interface ConsentsInit {
  readonly store: ConsentStore;
  readonly sessions: Pick<CardSessions, 'find'>;
  readonly remote: Pick<RemoteOrders, 'describe'>;
  readonly grid: string;
  readonly seal: NumberSeal;
  readonly bounds: ConsentLimits;
  readonly audit: AuditTrail;
  readonly clock: Pick<Clock, 'now'>;
}

/** Households that let the staff of their community buy for them: recorded with their card, and ended by anybody of the staff. */
export class Consents {
  readonly #init: ConsentsInit;

  constructor(init: ConsentsInit) {
    this.#init = init;
  }

  /**
   * The same paper again is the same consent. Throws `consent.no-community`, `card.session-expired`, `request.malformed`,
   * `meter.not-remote`, `consent.exists`, `customer.unknown`, `grid.refused`, `grid.unavailable`.
   */
  async record(
    { terminalId, orgPath }: CounterTerminal,
    by: { readonly staff: User; readonly where: Where },
    request: Omit<RecordConsentRequest, 'ticket'>,
  ): Promise<StoredConsent> {
    const { store, sessions, grid, seal, audit } = this.#init;
    const org = communityOf(orgPath);
    const session = await sessions.find(request.cardSession, terminalId);
    if (session === null) throw sessionExpired();
    const { customerNo } = session;
    const { form, perPurchaseFen, perMonthFen, endsOn } = request;
    const terms = { form, perPurchaseFen, perMonthFen, endsOn };
    this.#demandSound(terms, customerNo);
    const held = await this.#heldNow(session);
    const customer = seal.spellings(customerNo);
    const known = await store.ofHousehold({ grid, customer, org });
    const there = this.#inForce(known, held);
    if (there !== null) return samePaper(there, terms);
    const now = this.#now();
    const next: StoredConsent = {
      _id: known?._id ?? randomBytes(12).toString('base64url'),
      ...{ grid, customer: seal.seal(customerNo), org, ...held, ...terms },
      ...{ terminalId, recordedBy: by.staff._id, recordedAt: now, expiresAt: endOf(endsOn) },
      // What a household had of this month it had, whatever paper was in force; another holder's household is another one.
      holds: known === null || isAnothers(known, held, true) ? [] : known.holds,
      version: 1,
    };
    const data = { consent: next._id, org, terminalId, ...terms };
    const entry = { action: 'resident.consent-record', target: this.#wordOf(next), where: by.where, data };
    await audit.record(byAdmin({ userId: by.staff._id }, entry));
    const done = known === null ? (await store.insert(next)) === 'inserted' : await store.follow(known, next);
    if (done) return next;
    const raced = this.#inForce(await store.ofHousehold({ grid, customer, org }), held);
    if (raced === null) throw exists();
    return samePaper(raced, terms);
  }

  /** Those that a terminal's staff may buy by, the newest first. */
  list({ orgPath }: CounterTerminal, form?: string): Promise<StoredConsent[]> {
    return this.#init.store.find({ orgs: orgPath, form, liveAt: this.#now(), limit: LISTED });
  }

  /** One that is, or was, of this terminal's community. Throws `consent.none`. */
  async at({ orgPath }: CounterTerminal, id: string): Promise<StoredConsent> {
    const consent = await this.#init.store.get(id);
    if (consent !== null && orgPath.includes(consent.org)) return consent;
    throw noConsent();
  }

  /** Needs no proof: a household may always take back what it gave, by whoever tells us. May be repeated. */
  async revoke(
    consent: StoredConsent,
    by: { readonly userId: string; readonly where: Where; readonly data: Readonly<Record<string, unknown>> },
  ): Promise<void> {
    const { store, audit } = this.#init;
    if (stateOf(consent, this.#now()) !== 'live') return;
    const data = { consent: consent._id, form: consent.form, ...by.data };
    const entry = { action: 'resident.consent-revoke', target: this.#wordOf(consent), where: by.where, data };
    await audit.record(byAdmin(by, entry));
    await store.end(consent, 'revoked', this.#now());
  }

  /** Throws `consent.none`, and ends it, where another holds the account by now. */
  async stillHeld(consent: StoredConsent, now: Held): Promise<void> {
    if (!isAnothers(consent, now, true)) return;
    const { store, audit } = this.#init;
    await audit.record({
      who: { kind: 'system', id: 'consents' },
      action: 'resident.consent-end',
      target: this.#wordOf(consent),
      where: { ip: '', traceId: '' },
      data: { consent: consent._id, form: consent.form, why: 'other-holder' },
    });
    await store.end(consent, 'other-holder', this.#now());
    throw noConsent();
  }

  /** Staff are about to buy by it: before the order. */
  async recordUse(
    consent: StoredConsent,
    by: { readonly staff: User; readonly where: Where },
    order: { readonly terminalId: string; readonly key: string; readonly fen: number },
  ): Promise<void> {
    const { key: purchase, ...of } = order;
    const data = { consent: consent._id, form: consent.form, purchase, ...of };
    const entry = { action: 'resident.consent-use', target: this.#wordOf(consent), where: by.where, data };
    await this.#init.audit.record({ who: whoIs({ userId: by.staff._id }), ...entry });
  }

  customerNoOf(consent: StoredConsent): string {
    return this.#init.seal.open(consent.customer);
  }

  #demandSound(terms: ConsentTerms, customerNo: string): void {
    const { bounds } = this.#init;
    const errors = faultsOf(terms, { bounds, customerNo, now: this.#now() });
    if (errors.length === 0) return;
    throw new ProblemError({
      code: 'request.malformed',
      message: 'A household may not consent to this. Look at the form’s number, the limits and the last day.',
      errors,
    });
  }

  /** Who holds the household now, by the grid, where its meter can be credited from afar. */
  async #heldNow(session: CardSession): Promise<Held> {
    const { customer, holder, blocked } = await this.#init.remote.describe(session.customerNo);
    if (blocked === 'meter.not-remote') {
      throw new ProblemError({
        code: 'meter.not-remote',
        message: 'This meter cannot be credited from afar: somebody must bring its card to buy.',
      });
    }
    const held = { masked: customer, ...(holder === undefined ? {} : { holder }) };
    const { masked, holder: holderThen } = session;
    const then = { masked, ...(holderThen === undefined ? {} : { holder: holderThen }) };
    // The card was read for a holder who is none any more.
    if (isAnothers(then, held, true)) throw sessionExpired();
    return held;
  }

  #inForce(consent: StoredConsent | null, held: Held): StoredConsent | null {
    const isLive = consent !== null && stateOf(consent, this.#now()) === 'live';
    return isLive && !isAnothers(consent, held, true) ? consent : null;
  }

  #wordOf(consent: Pick<StoredConsent, 'customer'>): string {
    const { seal } = this.#init;
    return householdWord(seal, seal.open(consent.customer));
  }

  #now(): Date {
    return new Date(this.#init.clock.now());
  }
}

function communityOf(orgPath: readonly string[]): string {
  const org = orgPath.at(-1);
  if (org?.startsWith(COMMUNITY_PREFIX) === true) return org;
  throw new ProblemError({
    code: 'consent.no-community',
    message: 'This terminal stands in no community. A consent is given to the staff of one.',
  });
}

function samePaper(there: StoredConsent, terms: ConsentTerms): StoredConsent {
  if (isSamePaper(there, terms)) return there;
  throw exists();
}

function exists(): ProblemError {
  return new ProblemError({
    code: 'consent.exists',
    message: 'This household has consented at this community already. Revoke that consent first.',
  });
}

function sessionExpired(): ProblemError {
  return new ProblemError({
    code: 'card.session-expired',
    message: 'The card was not read here within the last minutes. Put it in again.',
  });
}
