import { isAnotherHolder } from '../../kernel/holder.ts';
import type { StoredBinding } from './binding-store.ts';

/** A household as it is held: what screens show of it, and a digest of its holder where the grid tells one. */
export type Held = Pick<StoredBinding, 'masked' | 'holder'>;

/** Whether another holds it now. Where one of the two is not told, the name decides: `byName`, or once the grid tells holders. */
export function isAnothers(kept: Held, now: Held, byName: boolean): boolean {
  if (kept.holder !== undefined && now.holder !== undefined) return isAnotherHolder(kept, now);
  return (byName || now.holder !== undefined) && kept.masked.name !== now.masked.name;
}
