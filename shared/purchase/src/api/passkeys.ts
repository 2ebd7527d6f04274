import { z } from 'zod';
import { timestamp } from './scalars.ts';

const base64url = z.string().regex(/^[\w-]*$/);
/** A credential's id; the standard's longest is 1,023 bytes. */
const passkeyId = base64url.min(1).max(1_400);
export const passkeyIdParam = z.strictObject({ id: passkeyId });

/** A passkey as its owner sees it. */
export const passkeyView = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: timestamp,
  lastUsedAt: timestamp.nullable(),
});
export type PasskeyView = z.infer<typeof passkeyView>;
export const passkeyList = z.object({ passkeys: z.array(passkeyView) });

/** What the browser's `navigator.credentials` is asked for, as WebAuthn's `…OptionsJSON`. */
export const passkeyOptions = z.looseObject({ challenge: z.string() });
export type PasskeyOptions = z.infer<typeof passkeyOptions>;

const credential = {
  id: passkeyId,
  rawId: passkeyId,
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(32).nullish(),
  clientExtensionResults: z.record(z.string().max(64), z.unknown()).default({}),
};
/** `RegistrationResponseJSON`: a key that was made. */
export const passkeyCreated = z.strictObject({
  ...credential,
  response: z.strictObject({
    clientDataJSON: base64url.max(4_096),
    attestationObject: base64url.max(65_536),
    authenticatorData: base64url.max(8_192).optional(),
    transports: z.array(z.string().max(32)).max(8).optional(),
    publicKeyAlgorithm: z.int().optional(),
    publicKey: base64url.max(4_096).nullish(),
  }),
});
export type PasskeyCreated = z.infer<typeof passkeyCreated>;
/** `AuthenticationResponseJSON`: what a key signed. */
export const passkeyAnswer = z.strictObject({
  ...credential,
  response: z.strictObject({
    clientDataJSON: base64url.max(4_096),
    authenticatorData: base64url.max(8_192),
    signature: base64url.max(4_096),
    userHandle: base64url.max(128).nullish(),
  }),
});
export type PasskeyAnswer = z.infer<typeof passkeyAnswer>;

const passkeyName = z.string().trim().min(1).max(60);
export const addPasskeyRequest = z.strictObject({ name: passkeyName, credential: passkeyCreated });
export const renamePasskeyRequest = z.strictObject({ name: passkeyName });
/** `codes`: recovery codes, shown this once; null where the user has some already. */
export const passkeyAdded = z.object({ passkey: passkeyView, codes: z.array(z.string()).nullable() });
