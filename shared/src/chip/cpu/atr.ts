import { xorOf } from '../../bytes/compare.ts';

/**
 * Whether bytes are a whole, proper answer to reset (ISO/IEC 7816-3 §8.2): known TS, as many interface and
 * historical bytes as T0 and the TDi promise, and a right check byte where a protocol other than T=0 is offered.
 */
export function isIsoAtr(atr: Uint8Array): boolean {
  const [ts, t0] = atr;
  if ((ts !== 0x3b && ts !== 0x3f) || t0 === undefined) return false;
  let at = 2;
  let checked = false;
  let present = t0 >> 4;
  while (present !== 0) {
    at += (present & 1) + ((present >> 1) & 1) + ((present >> 2) & 1);
    if ((present & 8) === 0) break;
    const td = atr[at];
    if (td === undefined) return false;
    at += 1;
    if ((td & 0x0f) !== 0) checked = true;
    present = td >> 4;
  }
  const expected = at + (t0 & 0x0f) + (checked ? 1 : 0);
  if (atr.length !== expected) return false;
  return !checked || xorOf(atr.subarray(1)) === 0;
}
