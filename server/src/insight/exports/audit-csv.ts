import { chinaClock } from '../../kernel/china-time.ts';
import { csvWriter } from './sheet-writer.ts';
import type { AuditEntry } from '../../access/store/audit.ts';

const HEADS = ['time', 'kind', 'who', 'action', 'target', 'ip', 'trace', 'data', 'entry', 'prev', 'digest'];
const PART = 200;

/** Entries as a file, as they come. The words of the trail stay as they are: it is the trail. */
export async function* auditCsv(entries: AsyncIterable<AuditEntry>): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = [];
  const sheet = csvWriter(HEADS, (bytes) => waiting.push(bytes));
  let rows: string[][] = [];
  for await (const entry of entries) {
    rows.push(rowOf(entry));
    if (rows.length < PART) continue;
    sheet.add(rows);
    rows = [];
    yield Buffer.concat(waiting);
    waiting = [];
  }
  sheet.add(rows);
  sheet.end();
  yield Buffer.concat(waiting);
}

function rowOf({ _id, at, who, action, target, where, data, prev, digest }: AuditEntry): string[] {
  return [
    ...[chinaClock(at).replace('T', ' '), who.kind, who.id, action, target, where.ip, where.traceId],
    ...[JSON.stringify(data), _id, prev, digest],
  ];
}
