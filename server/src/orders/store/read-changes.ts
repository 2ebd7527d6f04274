import type { MarkStore } from './marks.ts';
import type { ChangedOrder, ChangeMark, OrderChanges } from './order-changes.ts';

const BATCH = 200;
/** An order's time of change is its writer's: a write may become visible after a later one was read. */
export const OVERLAP_MS = 10_000;

/**
 * Reads everything that changed up to now, from the reader's durable mark and a little before it, so that a reader sees
 * orders again: what it does must be harmless to repeat. It may stop anywhere and begin again.
 */
export async function readChanges(
  from: {
    readonly changes: OrderChanges;
    readonly marks: MarkStore;
    /** The reader's. */
    readonly name: string;
    /** How far before the mark; `OVERLAP_MS` where absent. */
    readonly backMs?: number;
  },
  each: (orders: readonly ChangedOrder[]) => Promise<void>,
): Promise<void> {
  const { changes, marks, name, backMs = OVERLAP_MS } = from;
  const { at } = await marks.get(name);
  let mark: ChangeMark = { at: new Date(at.getTime() - backMs), orderNo: '' };
  for (;;) {
    const orders = await changes.after(mark, BATCH);
    await each(orders);
    const last = orders.at(-1);
    if (last !== undefined) {
      mark = { at: last.updatedAt, orderNo: last._id };
      await marks.advance(name, mark);
    }
    if (orders.length < BATCH) return;
  }
}
