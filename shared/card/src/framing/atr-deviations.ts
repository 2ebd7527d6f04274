import { xorOf } from '../bytes/compare.ts';
import type { AtrBytes, InterfaceByte } from './atr-bytes.ts';
import { fiDiOf } from './fi-di.ts';

/** T=15 is no protocol: interface bytes after it hold for all. */
const GLOBAL = 15;

/**
 * How an answer to reset ends otherwise than the standard says. pcsc-lite looks at nothing behind the interface bytes
 * (R:LudovicRousseau/PCSC src/atrhandler.c); libccid never reckons TCK, and does not mind that an answer is too short
 * or too long (R:LudovicRousseau/CCID src/towitoko/atr.c, src/ifdhandler.c). Such cards work there.
 */
const ENDS = ['TCK', 'historical bytes', 'bytes behind'] as const;
type End = (typeof ENDS)[number];

/** Reserved values and broken order. Such cards exist; what they mean is still plain, or not needed. */
export function valueDeviations(
  found: readonly InterfaceByte[],
  offers: readonly number[],
): readonly string[] {
  const odd = found.filter(({ letter, level, belongsTo, value }) => {
    if (level === 1) return letter === 'A' && fiDiOf(value) === undefined;
    if (level === 2) return (letter === 'A' && (value & 0x60) !== 0) || (letter === 'C' && value === 0);
    if (belongsTo === 1) {
      if (letter === 'A') return value === 0 || value === 0xff;
      return (letter === 'B' && value >> 4 > 9) || (letter === 'C' && value > 1);
    }
    return belongsTo === GLOBAL && letter === 'A' && ![1, 2, 4, 3, 6, 7].includes(value & 0x3f);
  });
  const disordered = offers.some((protocol, i) =>
    i === 0 ? protocol === GLOBAL : protocol < (offers[i - 1] ?? 0),
  );
  return [...odd.map(({ letter, level }) => `T${letter}${level}`), ...(disordered ? ['order of TD'] : [])];
}

/**
 * TCK is there unless T=0 alone is offered, and all bytes after TS then sum to zero (§8.2.5): `TCK` where it is wrong,
 * missing, or there without need; `historical bytes` where fewer came than were announced.
 */
export function endDeviations(
  bytes: Uint8Array,
  { historical, announced, end, rest }: AtrBytes,
  checked: boolean,
): readonly End[] {
  const cut = historical.length < announced;
  const sums = rest.length > 0 && xorOf(bytes.subarray(1, end + 1)) === 0;
  const undue = !checked && rest.length === 1 && sums;
  const behind = rest.length - (checked || undue ? 1 : 0);
  const found: End[] = [];
  if (undue || (checked && !sums)) found.push('TCK');
  if (cut) found.push('historical bytes');
  if (behind > 0) found.push('bytes behind');
  return found;
}

/** Whether an answer to reset may have been heard badly: then it counts when it comes a second time just so. */
export function endsOddly(deviations: readonly string[]): boolean {
  return ENDS.some((end) => deviations.includes(end));
}
