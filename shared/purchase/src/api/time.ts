import { z } from 'zod';

/** The box's own random text: an answer to another question is not taken. */
export const timeQuery = z.strictObject({ nonce: z.string().regex(/^[\w-]{22,64}$/) });

/** docs/protocol/box-shell.md, "The time". */
export const signedTime = z.object({
  /** Epoch ms. */
  time: z.int(),
  nonce: z.string(),
  /** ES256, r ‖ s, base64url. */
  signature: z.string(),
});
export type SignedTime = z.infer<typeof signedTime>;
