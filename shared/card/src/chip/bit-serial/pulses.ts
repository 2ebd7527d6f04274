/** What must be pulsed to turn one run of bytes into another. Offsets are bytes from the run's start. */
export interface Pulses {
  /** Runs to be raised to FF, whole erase units. */
  readonly erasures: readonly { readonly start: number; readonly length: number }[];
  /** Bytes whose 0 bits, and only those, must fall afterwards; absent where none must. */
  readonly lowering?: { readonly start: number; readonly data: Uint8Array };
}

/**
 * The fewest pulses: a unit is erased only where one of its bits must rise, and a bit is pulsed only where it must
 * fall. A reader pulses every 0 that it is given, so that bits which are 0 already are given as 1.
 * `unit` is how many bytes one erase pulse raises; both runs are whole units.
 */
export function pulsesFor(current: Uint8Array, next: Uint8Array, unit: number): Pulses {
  const from = current.slice();
  const erasures: { start: number; length: number }[] = [];
  for (let start = 0; start < next.length; start += unit) {
    if (!rises(from, next, start, unit)) continue;
    from.fill(0xff, start, start + unit);
    const last = erasures.at(-1);
    if (last !== undefined && last.start + last.length === start) last.length += unit;
    else erasures.push({ start, length: unit });
  }
  const masks = next.map((byte, i) => 0xff & ~((from[i] ?? 0xff) & ~byte));
  const start = masks.findIndex((mask) => mask !== 0xff);
  if (start < 0) return { erasures };
  const end = masks.findLastIndex((mask) => mask !== 0xff) + 1;
  return { erasures, lowering: { start, data: masks.slice(start, end) } };
}

/** Whether any bit of a unit must rise. */
function rises(from: Uint8Array, next: Uint8Array, start: number, unit: number): boolean {
  for (let i = start; i < start + unit; i++) {
    if (((next[i] ?? 0) & ~(from[i] ?? 0xff)) !== 0) return true;
  }
  return false;
}
