import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Index } from './rule.ts';

export const RECORDED_FILE = join(import.meta.dirname, 'recorded.json');

const way = z.union([z.literal(1), z.literal(-1)]);
const recorded = z.strictObject({
  indexes: z.record(
    z.string(),
    z.array(
      z.strictObject({
        key: z.record(z.string(), way),
        unique: z.boolean().optional(),
        sparse: z.boolean().optional(),
        expireAfterSeconds: z.int().optional(),
      }),
    ),
  ),
  /** Texts of shapes, sorted. */
  queries: z.array(z.string()),
});
export type Recorded = z.infer<typeof recorded>;

/** What `npm run data:record` last wrote: every index that web and worker make, and every query of the server's tests. */
export function readRecorded(): Recorded {
  return recorded.parse(JSON.parse(readFileSync(RECORDED_FILE, 'utf8')));
}

/** By collection. */
export const recordedIndexes = ({ indexes }: Recorded): Map<string, readonly Index[]> =>
  new Map(Object.entries(indexes) as [string, readonly Index[]][]);
