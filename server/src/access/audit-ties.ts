import { z } from 'zod';
import type { AuditHead } from './store/audit-heads.ts';
import type { AuditStore } from './store/audit.ts';
import type { AuditHeads } from './audit-heads.ts';
import type { AuditTrail } from './audit.ts';

/** The action of an entry that holds how far other chains had come. */
export const TIE = 'audit.tie';
/** In one entry. */
const MOST = 200;
/** A head is noted after its entry, and processes' clocks differ a little: what moved this long before the last tie is tied again. */
const OVERLAP_MS = 5 * 60_000;
const tied = z.object({
  heads: z.array(z.object({ writer: z.string(), n: z.int(), digest: z.string() })),
});

/** The heads that an entry holds; none where it is not a tie. */
export function tiedIn(entry: { action: string; data: unknown }): AuditHead[] {
  if (entry.action !== TIE) return [];
  return tied.safeParse(entry.data).data?.heads ?? [];
}

/**
 * Writes into the trail how far every chain has come that moved since the last time. From then on a chain's end, or a whole
 * chain with its head, cannot go without a trace in another chain, whose own head goes into the next one. Gives the heads.
 */
export async function tieHeads(init: {
  trail: AuditTrail;
  store: AuditStore;
  heads: AuditHeads;
}): Promise<AuditHead[]> {
  const { trail, store, heads } = init;
  const [last] = await store.find({ action: TIE, limit: 1 });
  const since = last === undefined ? new Date(0) : new Date(last.at.getTime() - OVERLAP_MS);
  const known = new Map((last === undefined ? [] : tiedIn(last)).map((head) => [head.writer, head.n]));
  const moved: AuditHead[] = [];
  for await (const { writer, n, digest } of heads.store.movedSince(since)) {
    // The last tie itself is nothing that would need another.
    if (known.get(writer) === n || (writer === last?.writer && n === last.n)) continue;
    moved.push({ writer, n, digest });
  }
  for (let at = 0; at < moved.length; at += MOST) {
    await trail.record({
      who: { kind: 'system', id: 'worker' },
      action: TIE,
      target: 'audit',
      where: { ip: '', traceId: '' },
      data: { heads: moved.slice(at, at + MOST) },
    });
  }
  return moved;
}
