import { z } from 'zod';
import { coSigned } from './release-root.ts';

/** What a terminal asks: the version that it keeps; 0 where it keeps none. */
export const cardLayoutsQuery = z.strictObject({
  have: z.coerce.number().int().min(0).max(1_000_000).default(0),
  /** The version of the root that it has; without one it could not open what is served. */
  root: z.coerce.number().int().min(0).max(10_000).optional(),
});

/** A signed document of card layouts that is newer, as `node/signed-layouts.ts` opens it. */
export const cardLayoutsAnswer = z.object({ document: coSigned });
export type CardLayoutsAnswer = z.infer<typeof cardLayoutsAnswer>;
