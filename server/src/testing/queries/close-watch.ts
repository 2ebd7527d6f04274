import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { readRecorded, recordedIndexes } from './recorded.ts';
import type { Index } from './rule.ts';
import { isSpared } from './spared.ts';
import { judge, type QueryWatch } from './watch.ts';

/** A folder, while `npm run data:record` runs the tests: what each file's tests asked is left there, and judged afterwards. */
export const RECORD_INTO = 'BIANMIN_RECORD_QUERIES';

/** Throws where the server asked for something that no index serves and that is not spared. */
export async function closeWatch(watch: QueryWatch, connections: readonly Connection[]): Promise<void> {
  const folder = process.env[RECORD_INTO];
  if (folder !== undefined) {
    await writeFile(join(folder, `${randomUUID()}.txt`), [...watch.asked.keys()].join('\n'));
    return;
  }
  const unserved = judge(watch.asked, declared(connections)).filter(
    ({ text, answer }) => answer.by !== 'index' && !isSpared(text),
  );
  if (unserved.length === 0) return;
  const lines = unserved.map(({ text, answer, from }) => `  ${answer.by}: ${text}  ${from}`);
  throw new Error(
    `No index serves what the server asked. Add one, or spare it with a reason in server/src/testing/queries/spared.ts:\n${lines.join('\n')}`,
  );
}

/** What was recorded, and what the schemas in use declare: an index that was added with its query need not be recorded first. */
function declared(connections: readonly Connection[]): Map<string, readonly Index[]> {
  const all = recordedIndexes(readRecorded());
  for (const { models } of connections) {
    for (const { schema, collection } of Object.values(models)) {
      const own = schema.indexes().map(([key, options]) => ({ ...options, key }) as Index);
      all.set(collection.name, [...(all.get(collection.name) ?? []), ...own]);
    }
  }
  return all;
}
