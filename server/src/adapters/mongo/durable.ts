/** Money's facts survive a power cut: on most members, in their journals, before anybody is told. */
export const DURABLE = { w: 'majority', journal: true } as const;

/** Told of each durable write, by what it was; the dearest thing on an order's path is counted. */
export type WriteCounter = (kind: 'order' | 'move' | 'postpone' | 'notification') => void;

/** MongoDB's code for what a unique index refused. */
export const DUPLICATE_KEY = 11000;

/** A unique index refused it; `index`, if given, is part of that index's key or name. */
export function isDuplicateKey(error: unknown, index?: string): boolean {
  if (!(error instanceof Error) || !('code' in error) || error.code !== DUPLICATE_KEY) return false;
  if (index === undefined) return true;
  const pattern = 'keyPattern' in error ? JSON.stringify(error.keyPattern) : '';
  return pattern.includes(index) || error.message.includes(index);
}
