import { z } from 'zod';

/** Names the consent of a household at a community; random, and good for nothing at another. */
export const consentId = z.string().regex(/^[\w-]{16}$/, { error: 'must name a recorded consent' });
