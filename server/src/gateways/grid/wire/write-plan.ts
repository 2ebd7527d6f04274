import { z } from 'zod';
import { writePlanSchema, type WritePlan } from '@bianmin/card/meter-card/plan';

/** A plan inside of the grid's messages: the card layer reads it, and its faults are told as any other part's. */
export const writePlan = z.custom<WritePlan>().transform((value, context): WritePlan => {
  const read = writePlanSchema.safeParse(value);
  if (read.success) return read.data;
  for (const { path, message } of read.error.issues) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
  return z.NEVER;
});
