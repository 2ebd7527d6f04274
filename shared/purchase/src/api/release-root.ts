import { z } from 'zod';

const DAY_MS = 86_400_000;
/** How far ahead of its signing a document may be good, days: what never ends could be withheld for ever. */
export const RELEASE_DAYS = { usual: 90, most: 400 } as const;
export const ROOT_DAYS = { usual: 1100, most: 1850 } as const;

/** A moment as signed documents have it: UTC, in whole seconds. */
const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  .refine((text) => !Number.isNaN(Date.parse(text)), { error: 'must be a moment' });

/** When a document was signed, and until when a terminal takes it. */
export const signedTimes = { issued: instant, expires: instant };
export type SignedTimes = z.infer<z.ZodObject<typeof signedTimes>>;

/** Whether a document ends after it begins, and within so many days. */
export function endsWithin({ issued, expires }: SignedTimes, days: number): boolean {
  const ms = Date.parse(expires) - Date.parse(issued);
  return ms > 0 && ms <= days * DAY_MS;
}

const coordinate = z.string().regex(/^[\w-]{43}$/);
/** A signer's public key (RFC 7517). */
const signerKey = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: coordinate,
  y: coordinate,
});

/** Who signs releases and card layouts, and how many of them each needs. */
export const releaseRoot = z
  .strictObject({
    format: z.literal(1),
    version: z.int().min(1).max(10_000),
    ...signedTimes,
    /** At least two, so that no single person can release. */
    threshold: z.int().min(2).max(7),
    keys: z.array(signerKey).min(3).max(7),
  })
  .refine(({ threshold, keys }) => threshold <= keys.length, { error: 'must have so many keys' })
  .refine((root) => endsWithin(root, ROOT_DAYS.most), { error: 'must end soon enough', path: ['expires'] });
export type ReleaseRootContent = z.infer<typeof releaseRoot>;

/** A document that several persons signed: a JWS in JSON (RFC 7515 §7.2.1), as `node/co-signed.ts` opens it. */
export const coSigned = z.string().min(2).max(300_000).startsWith('{"payload":"');

/** `GET /v1/release-root`: the version that a terminal has; absent: none. */
export const releaseRootQuery = z.strictObject({
  have: z.coerce.number().int().min(0).max(10_000).default(0),
});
/** The roots that follow it, in their order. */
export const releaseRootAnswer = z.object({ roots: z.array(coSigned).min(1).max(100) });
export type ReleaseRootAnswer = z.infer<typeof releaseRootAnswer>;
