import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countBits } from '../../bytes/bits.ts';
import { pulsesFor } from './pulses.ts';

it('turns any bytes into any others, with no pulse too many', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 })), {
        maxLength: 12,
      }),
      (unit, pairs) => {
        const whole = pairs.slice(0, pairs.length - (pairs.length % unit));
        const current = Uint8Array.from(whole, ([from]) => from);
        const next = Uint8Array.from(whole, ([, to]) => to);
        const { erasures, lowering } = pulsesFor(current, next, unit);
        const cells = current.slice();
        for (const { start, length } of erasures) {
          for (let at = start; at < start + length; at += unit) {
            const rising = [...cells.subarray(at, at + unit)].some(
              (byte, i) => ((next[at + i] ?? 0) & ~byte) !== 0,
            );
            expect(rising).toBe(true);
          }
          cells.fill(0xff, start, start + length);
        }
        lowering?.data.forEach((mask, i) => {
          const at = lowering.start + i;
          const old = cells[at] ?? 0;
          cells[at] = old & mask;
          // Every 0 that the reader is given lowers a bit.
          expect(countBits(0xff & ~mask)).toBe(countBits(old ^ (old & mask)));
        });
        expect(cells).toEqual(next);
      },
    ),
  );
});
