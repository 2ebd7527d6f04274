import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xorOf } from '../bytes/compare.ts';
import { CodedError } from '../errors.ts';
import { timesOf } from './atr-timing.ts';
import { parseAtr } from './atr.ts';
import { runs } from '../testing/property-runs.ts';

describe('any answer to reset', () => {
  it('comes back from what it was put together of', () => {
    const byte = fc.integer({ min: 0, max: 0xff });
    const level = fc.record({
      A: fc.option(byte),
      B: fc.option(byte),
      C: fc.option(byte),
      T: fc.integer({ min: 0, max: 14 }),
    });
    fc.assert(
      fc.property(
        fc.array(level, { maxLength: 4 }),
        fc.uint8Array({ maxLength: 8 }),
        (levels, historical) => {
          const atr = parseAtr(assemble(levels, historical));
          expect(atr.historical).toEqual(historical);
          levels.forEach((values, i) => {
            for (const letter of ['A', 'B', 'C'] as const) {
              expect(atr.interfaceBytes[`T${letter}${i + 1}`]).toBe(values[letter] ?? undefined);
            }
          });
          const offered = levels.slice(0, -1).map(({ T }) => T);
          expect(atr.protocols).toEqual(offered.length === 0 ? [0] : [...new Set(offered)]);
        },
      ),
    );
  });

  it('of any bytes is parsed or refused with a typed error', () => {
    const start = fc.constantFrom(undefined, 0x3b, 0x3f);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), start, fc.boolean(), (bytes, ts, mend) => {
        if (ts !== undefined && bytes.length > 0) bytes[0] = ts;
        // Random check bytes are nearly always wrong; a right one lets the rest be reached.
        if (mend && bytes.length > 2) bytes[bytes.length - 1] = xorOf(bytes.subarray(1, -1));
        try {
          const atr = parseAtr(bytes);
          const times = timesOf(atr, { fiDi: atr.fiDi, clockHz: 4e6 });
          for (const time of Object.values(times)) expect(time).toBeGreaterThan(-1);
        } catch (error) {
          expect(error).toBeInstanceOf(CodedError);
        }
      }),
      { numRuns: runs(20_000) },
    );
  });
});

interface Level {
  readonly A: number | null;
  readonly B: number | null;
  readonly C: number | null;
  /** Protocol of the TD before it. */
  readonly T: number;
}

/** An ATR of these levels, with the check byte that it needs. */
function assemble(levels: readonly Level[], historical: Uint8Array): Uint8Array {
  const y = (i: number): number => {
    const level = levels[i];
    if (level === undefined) return 0;
    const present = [level.A, level.B, level.C].map((value, bit) => (value === null ? 0 : 1 << bit));
    return present.reduce((sum, bit) => sum | bit, i + 1 < levels.length ? 8 : 0);
  };
  const bytes = [(y(0) << 4) | historical.length];
  levels.forEach(({ A, B, C, T }, i) => {
    for (const value of [A, B, C]) if (value !== null) bytes.push(value);
    if (i + 1 < levels.length) bytes.push((y(i + 1) << 4) | T);
  });
  bytes.push(...historical);
  if (levels.slice(0, -1).some(({ T }) => T !== 0)) bytes.push(xorOf(Uint8Array.from(bytes)));
  return Uint8Array.of(0x3b, ...bytes);
}
