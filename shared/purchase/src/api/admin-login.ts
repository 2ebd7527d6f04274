import { z } from 'zod';
import { passkeyAnswer } from './passkeys.ts';
import { timestamp } from './scalars.ts';

export const loginRequest = z.strictObject({
  name: z.string().min(1).max(64),
  password: z.string().min(1).max(256),
  /** `cookie`: for the console's pages; `bearer`: for programs. */
  session: z.enum(['cookie', 'bearer']).default('bearer'),
});
/** What is still due before anything else may be done: the code or a passkey, a password of one's own, a second factor. */
export const loginNext = z.enum(['ready', 'totp', 'password', 'totp-setup']);
export type LoginNext = z.infer<typeof loginNext>;
/** The token goes into `Authorization: Bearer …`; keep it in memory. */
export const loginResponse = z.object({ token: z.string(), expiresAt: timestamp, next: loginNext });
export type LoginResponse = z.infer<typeof loginResponse>;
/** The token is in a cookie that no script can read; changes carry `csrf` in `X-CSRF-Token`. */
export const cookieLoginResponse = z.object({ csrf: z.string(), expiresAt: timestamp, next: loginNext });
export type CookieLogin = z.infer<typeof cookieLoginResponse>;

export const adminMe = z.object({
  id: z.string(),
  name: z.string(),
  permissions: z.array(z.string()),
  /** An organisation: whose data they see. */
  scope: z.string(),
  /** Null for programs. */
  csrf: z.string().nullable(),
  next: loginNext,
  /** There is an authenticator. */
  totp: z.boolean(),
  /** How many passkeys there are. */
  passkeys: z.int(),
  /** Whether passkeys can be had where this server is. */
  passkeysOffered: z.boolean(),
  /** From when on they may allow what others ask for; null: now, as far as their roles let them. */
  approvesFrom: timestamp.nullable(),
  /** Until then the installation is in its first day, and new users allow at once; null: it is over. */
  firstDayUntil: timestamp.nullable(),
  expiresAt: timestamp,
  /** How long nobody may use the login before it ends, and what is left of that, ms; null for programs. */
  idle: z.object({ ms: z.int(), leftMs: z.int() }).nullable(),
});
export type AdminMe = z.infer<typeof adminMe>;

/** Password, code or passkey once more, before money moves. Good for five minutes of this login. */
export const confirmRequest = z.union([
  z.strictObject({ password: z.string().min(1).max(256) }),
  z.strictObject({ code: z.string().min(6).max(32) }),
  /** What a passkey signed of `POST /v1/admin/me/passkeys/challenge`. */
  z.strictObject({ passkey: passkeyAnswer }),
]);
export type ConfirmRequest = z.infer<typeof confirmRequest>;
/** Six digits of the authenticator, or a recovery code. */
export const codeRequest = z.strictObject({ code: z.string().min(6).max(32) });
/** Shown once: the secret in base32, and the same as `otpauth://…` for a QR code. */
export const totpProposal = z.object({ secret: z.string(), uri: z.string() });
/** Shown once; each stands in for one code of the authenticator. */
export const recoveryCodes = z.object({ codes: z.array(z.string()) });

export const adminLogin = z.object({
  id: z.string(),
  kind: z.enum(['cookie', 'bearer']),
  createdAt: timestamp,
  expiresAt: timestamp,
  ip: z.string().nullable(),
  /** The browser or program as it calls itself. */
  agent: z.string().nullable(),
  /** The one that asks. */
  own: z.boolean(),
});
export const loginList = z.object({ sessions: z.array(adminLogin) });
export type AdminLogin = z.infer<typeof adminLogin>;
export const loginIdParam = z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/) });

/** A password that a user chooses here: length counts (NIST SP 800-63B §3.1.1.2), and that it is not guessed first. */
export const newPassword = z.string().min(10).max(256);
export const changePasswordRequest = z.strictObject({
  current: z.string().min(1).max(256),
  next: newPassword,
});
