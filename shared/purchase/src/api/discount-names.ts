import { z } from 'zod';

/** What a resident reads of a discount, in each language. */
export const discountNames = z.strictObject({
  'zh-CN': z.string().min(1).max(32),
  ug: z.string().min(1).max(64),
  en: z.string().min(1).max(64),
});
