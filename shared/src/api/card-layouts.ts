import { z } from 'zod';

/** What a terminal asks: the version that it keeps; 0 where it keeps none. */
export const cardLayoutsQuery = z.strictObject({
  have: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

/** A signed document of card layouts that is newer, as `node/signed-layouts.ts` opens it. */
export const cardLayoutsAnswer = z.object({
  document: z
    .string()
    .max(200_000)
    .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/),
});
export type CardLayoutsAnswer = z.infer<typeof cardLayoutsAnswer>;
