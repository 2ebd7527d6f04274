import { z } from 'zod';
import { adminApproval } from './approvals.ts';
import { adminConsent } from './consent.ts';
import { timestamp, words } from './scalars.ts';

const customerNo = z.string().regex(/^[0-9A-Za-z]{4,20}$/);
/** Why a user looks, or does what they do; kept in the trail. */
const reason = words(3, 500);
const masked = z.object({ name: z.string(), address: z.string(), customerNo: z.string() });

/** In a body, so that the number stands in no address and no log. */
export const residentLookUp = z.strictObject({ customerNo, reason });
export const residentBinding = z.object({
  id: z.string(),
  /** A resident's phone, of which no number is kept, or a family's box. */
  holder: z.enum(['phone', 'box']),
  /** Of a box. */
  terminalId: z.string().nullable(),
  customer: masked,
  createdAt: timestamp,
  usedAt: timestamp,
  expiresAt: timestamp,
});
export type ResidentBinding = z.infer<typeof residentBinding>;
/** What is kept of one household, and what of it an erasure would take away now. */
export const residentFound = z.object({
  bindings: z.array(residentBinding),
  /** That the staff of a community may buy for it. */
  consents: z.array(adminConsent),
  orders: z.object({
    /** With the household's name in them; `more`: that many at least. */
    named: z.int(),
    more: z.boolean(),
    /** Of those, how many an erasure takes the name out of now. The others follow by rule. */
    erasable: z.int(),
  }),
});
export type ResidentFound = z.infer<typeof residentFound>;
export const bindingRemoval = z.strictObject({ reason });
export const residentBindingParam = z.strictObject({
  holder: z.enum(['phone', 'box']),
  id: z.string().regex(/^[A-Za-z0-9_-]{16}$/),
});
export const erasureRequest = z.strictObject({ customerNo, reason });
export const erasureAsked = z.object({ approval: adminApproval, found: residentFound });

export const RETENTION_ACTIONS = ['remove', 'blank', 'keep'] as const;
/** One rule: what is kept how long, and why not longer or not shorter. */
export const retentionRule = z.object({
  id: z.string(),
  action: z.enum(RETENTION_ACTIONS),
  /** null: it is not taken away by us. */
  days: z.int().nullable(),
  /** How many are due now, and whether that is where the counting stopped; null where nothing is taken away. */
  due: z.int().nullable(),
  more: z.boolean(),
  /** The legal ground, as the law is cited. */
  ground: z.string(),
});
export const retentionState = z.object({ rules: z.array(retentionRule) });
export type RetentionState = z.infer<typeof retentionState>;
