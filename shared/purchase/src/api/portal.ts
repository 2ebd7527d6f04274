import { z } from 'zod';
import { fen, payCode, timestamp } from './scalars.ts';

/** Entrances whose pages are a portal's: 智慧社区, IPTV 2.0, IPTV 3.0. */
export const portalEntry = z.enum(['community', 'iptv2', 'iptv3']);
export type PortalEntry = z.infer<typeof portalEntry>;

const secret = z.string().regex(/^[\w-]{22}$/);
export const portalSessionId = z.strictObject({ id: secret });

export const openPortalSession = z.strictObject({ entry: portalEntry });

/** Of a portal's page that is about to start the app. */
export const portalSession = z.object({
  id: secret,
  /** The page's own: who has it follows the session and commands. Never given to the app. */
  key: secret,
  /** For the app, by the intent that starts it; good once, and two minutes. */
  token: secret,
  expiresAt: timestamp,
});
export type PortalSession = z.infer<typeof portalSession>;

/**
 * What the app shows, as `PurchaseView`: the portal's page draws the screens that it knows and says of any other that
 * the app is to be looked at. Masked as on the app's own screen.
 */
export const portalView = z.looseObject({ screen: z.string().min(1).max(32) });
export type PortalView = z.infer<typeof portalView>;

/** What a household may do on the portal's page; everything else is done in the app. */
export const portalCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('confirm-card') }),
  z.strictObject({ type: z.literal('choose-amount'), faceFen: fen }),
  z.strictObject({ type: z.literal('choose-channel'), channel: payCode }),
  z.strictObject({ type: z.enum(['back', 'resume', 'retry', 'finish']) }),
]);
export type PortalCommand = z.infer<typeof portalCommand>;

export const portalFollowQuery = z.strictObject({ after: z.coerce.number().int().min(0).optional() });

/** `waiting`: the app has not come yet. `ended`: it left. */
export const portalState = z.object({
  state: z.enum(['waiting', 'open', 'ended']),
  /** Grows with each change of what is shown. */
  revision: z.int(),
  /** Null: nothing yet, or nothing newer than what was asked for. */
  view: portalView.nullable(),
  /** The app has not been heard of for a while: it lost its power or its network. */
  away: z.boolean(),
  expiresAt: timestamp,
});
export type PortalState = z.infer<typeof portalState>;

/** `for`: the revision that the person saw. A command for another one is passed over: it was meant for what is gone. */
export const portalCommandRequest = z.strictObject({ for: z.int().min(0), command: portalCommand });

/** The app's: exchanges the token that the intent brought. */
export const joinPortalSession = z.strictObject({ token: z.string().max(64) });
export const joinedPortalSession = z.object({ id: secret, entry: portalEntry, expiresAt: timestamp });
export type JoinedPortalSession = z.infer<typeof joinedPortalSession>;

/** The app's: what it shows now, if that changed, and which commands it has had. */
export const syncPortalSession = z.strictObject({
  view: portalView.optional(),
  /** Number of the last command that was taken; 0: none yet. */
  taken: z.int().min(0),
  /** The app leaves. */
  end: z.literal(true).optional(),
});
export type SyncPortalSession = z.infer<typeof syncPortalSession>;
export const syncedPortalSession = z.object({
  commands: z.array(z.object({ no: z.int(), command: portalCommand })),
  /** Whether the portal's page still follows. */
  followed: z.boolean(),
});
export type SyncedPortalSession = z.infer<typeof syncedPortalSession>;

/** Of a home box that shows a code for a phone: the visit, and what the code says. */
export const openedPhoneVisit = z.object({ id: secret, url: z.string().max(400) });
export type OpenedPhoneVisit = z.infer<typeof openedPhoneVisit>;

/**
 * The phone that scanned: the code's secret, and a key of the phone's own making by which it follows the visit. The
 * first key that comes with a secret has the visit; the same one may come again.
 */
export const joinPhoneVisit = z.strictObject({ code: secret, key: secret });
export const joinedPhoneVisit = z.object({ id: secret, expiresAt: timestamp });
export type JoinedPhoneVisit = z.infer<typeof joinedPhoneVisit>;
