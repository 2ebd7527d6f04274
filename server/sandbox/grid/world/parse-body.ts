import type { z } from 'zod';
import { WorldError } from './world-error.ts';

export function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new WorldError(400, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not well formed'}`);
}
