import { z } from 'zod';
import { consentId } from './consent-id.ts';
import { maskedHousehold } from './household.ts';
import { orgId } from './org.ts';
import { fen, timestamp, words } from './scalars.ts';

const ticket = z.string().min(1).max(64);

/** The number of the paper that the household signed: letters, digits, dashes and strokes, so that no name is in it. */
export const consentForm = z
  .string()
  .regex(/^[0-9A-Za-z][0-9A-Za-z/-]{2,39}$/, { error: 'must be 3 to 40 letters, digits, dashes, strokes' });

/** At most so much, fen: for one purchase, and in one month of Beijing's calendar. */
const limits = { perPurchaseFen: fen.min(100), perMonthFen: fen.min(100) };

/**
 * A household that cannot come lets the staff of its community buy for it (代购授权). Recorded while its card is in the reader: the
 * card says which household it is, and no number is typed.
 */
export const recordConsentRequest = z.strictObject({
  ticket,
  cardSession: z.string().min(1).max(64),
  form: consentForm,
  ...limits,
  /** The last day on which it is good, in Beijing; a year on at most. */
  endsOn: z.iso.date(),
});
export type RecordConsentRequest = z.infer<typeof recordConsentRequest>;

/** A consent as staff may see it; the household is masked. */
export const consentView = z.object({
  id: consentId,
  customer: maskedHousehold,
  form: consentForm,
  ...limits,
  /** Bought by it in this month so far, with what is under way; what came to nothing does not count. */
  usedFen: fen,
  endsOn: z.iso.date(),
  recordedAt: timestamp,
});
export type ConsentView = z.infer<typeof consentView>;

/** Those of the terminal's community that are good now, the newest first; the newest two hundred, or those of one form. */
export const consentsRequest = z.strictObject({ ticket, form: consentForm.optional() });
export const consentList = z.object({ consents: z.array(consentView) });
export const revokeConsentRequest = z.strictObject({ ticket, consent: consentId });

export const CONSENT_STATES = ['live', 'over', 'revoked', 'other-holder'] as const;
/** `over`: its last day has passed. `other-holder`: another holds the account now. */
export const consentState = z.enum(CONSENT_STATES);
export type ConsentState = z.infer<typeof consentState>;

export const adminConsent = consentView.extend({
  state: consentState,
  /** The community whose staff may buy. */
  org: orgId,
  /** Where it was recorded, and by whom: the name they sign in with, null where there is no such user any more. */
  terminalId: z.string(),
  recordedBy: z.string().nullable(),
});
export type AdminConsent = z.infer<typeof adminConsent>;
/** The newest first; `more`: there are others, which `form` finds. */
export const adminConsents = z.object({ consents: z.array(adminConsent), more: z.boolean() });
export type AdminConsents = z.infer<typeof adminConsents>;
export const adminConsentsQuery = z.strictObject({ form: consentForm.optional() });
export const consentParam = z.strictObject({ id: consentId });
export const consentRevocation = z.strictObject({ reason: words(3, 500) });
