import { z } from 'zod';
import { beatKeyResponse } from './beat-key.ts';
import { timestamp } from './scalars.ts';

/** Public EC P-256 key, RFC 7517. */
export const ecPublicJwk = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().regex(/^[\w-]{43}$/),
  y: z.string().regex(/^[\w-]{43}$/),
});
export type EcPublicJwk = z.infer<typeof ecPublicJwk>;

/** Public RSA key of 2048 to 4096 bits, RFC 7517: a box with Android 5 makes no EC key that it cannot lose. */
export const rsaPublicJwk = z.strictObject({
  kty: z.literal('RSA'),
  n: z.string().regex(/^[\w-]{342,683}$/),
  e: z.literal('AQAB'),
});
export type RsaPublicJwk = z.infer<typeof rsaPublicJwk>;

/** What a terminal signs with: ES256, or RS256 with an RSA key (RFC 7518 §3.1). */
export const signingJwk = z.discriminatedUnion('kty', [ecPublicJwk, rsaPublicJwk]);
export type SigningJwk = z.infer<typeof signingJwk>;

/** `suspended`: cut off until an administrator lifts it. `retired`: for good. */
export const TERMINAL_STATUSES = ['pending', 'accepted', 'rejected', 'suspended', 'retired'] as const;
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

/**
 * Enrolment. The body is a JWS (`alg` by the key, `typ` "enrol+jws", `jwk` header = `signKey`) so that the sender proves
 * the key; its payload is this. A one-time code from an administrator accepts the terminal at once; without one it waits.
 */
export const enrolPayload = z.strictObject({
  signKey: signingJwk,
  sealKey: ecPublicJwk,
  kind: z.enum(['kiosk', 'box']),
  name: z.string().min(1).max(64),
  version: z.string().max(32),
  /** User agent of the browser engine that a box's pages run in; for the census of old ones. */
  engine: z.string().max(300).optional(),
  code: z.string().max(32).optional(),
  /** Server refuses a second use within five minutes, and anything older. */
  jti: z.string().min(8).max(64),
  iat: z.int(),
});
export type EnrolPayload = z.infer<typeof enrolPayload>;
export const enrolRequest = z.strictObject({
  jws: z.string().max(8192),
  /** A key for beats is wanted with the answer: the one proof does for both. */
  beatKey: z.literal(true).optional(),
});
export type EnrolRequest = z.infer<typeof enrolRequest>;
export const enrolResponse = z.object({
  terminalId: z.string(),
  status: z.enum(TERMINAL_STATUSES),
  /** What commands to it are signed with; a terminal keeps the first that it hears. Absent: it is sent none. */
  commandKey: ecPublicJwk.optional(),
  /** Where it was asked for and the terminal is accepted. */
  beatKey: beatKeyResponse.optional(),
});
export type EnrolResponse = z.infer<typeof enrolResponse>;

/**
 * RFC 7523 client assertion: `alg` by the key, `typ` "client-authentication+jwt", iss = sub = terminal id,
 * aud = "bianmin", jti, iat, exp ≤ iat + 60.
 */
export const tokenRequest = z.strictObject({ assertion: z.string().max(4096) });
/** A token bound to the terminal's key (RFC 9449): each call carries `Authorization: DPoP …` and a `DPoP` proof. */
export const tokenResponse = z.object({
  accessToken: z.string(),
  tokenType: z.literal('DPoP'),
  /** Seconds. */
  expiresIn: z.int(),
});
export type TokenResponse = z.infer<typeof tokenResponse>;

/** One use, thirty seconds: EventSource sends no headers. `GET /v1/terminal/stream?ticket=…` */
export const streamTicketResponse = z.object({ ticket: z.string() });

/** `lastEventId` resumes where headers cannot be sent; a `Last-Event-ID` header goes before it. */
export const streamQuery = z.strictObject({
  ticket: z.string().min(16).max(64),
  lastEventId: z.coerce.number().int().min(0).optional(),
});

export const healthResponse = z.object({ status: z.literal('ok'), time: timestamp });
