/** How many of a number's bits are set. */
export function countBits(value: number): number {
  let bits = 0;
  for (let rest = value >>> 0; rest > 0; rest >>>= 1) bits += rest & 1;
  return bits;
}
