import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MICRO, costMicroFen, discounted, energyFor, periodOf, piecesOf, type Tariff } from './tariff.ts';
import { TARIFFS } from './tariffs.ts';

const at = (beijing: string): number => Date.parse(`${beijing}+08:00`);
const onThe20th: Tariff = { ...TARIFFS.monthly, settlement: '20' };
const inJuly: Tariff = { ...TARIFFS.yearly, settlement: '07-01' };

describe('a settlement period', () => {
  it.each([
    [TARIFFS.monthly, '2026-03-01T00:00:00', '2026-03'],
    [TARIFFS.monthly, '2026-02-28T23:59:59', '2026-02'],
    [onThe20th, '2026-03-19T23:59:59', '2026-02'],
    [onThe20th, '2026-03-20T00:00:00', '2026-03'],
    [onThe20th, '2026-01-05T12:00:00', '2025-12'],
    [TARIFFS.yearly, '2026-01-01T00:00:00', '2026'],
    [inJuly, '2026-06-30T23:59:59', '2025'],
    [inJuly, '2026-07-01T00:00:00', '2026'],
    [TARIFFS.flat, '2026-07-01T00:00:00', ''],
    [TARIFFS.timeOfUse, '2026-07-01T00:00:00', ''],
  ] as const)('of %o at %s is %j', (tariff, when, period) => {
    expect(periodOf(tariff, at(when))).toBe(period);
  });
});

describe('energy is priced', () => {
  it('through every tier that it passes', () => {
    expect(piecesOf(TARIFFS.monthly, { usedWh: 170_000, energyWh: 150_000, at: 0 })).toEqual([
      { name: '一档', priceMilliFen: 49_000, energyWh: 10_000 },
      { name: '二档', priceMilliFen: 54_000, energyWh: 100_000 },
      { name: '三档', priceMilliFen: 79_000, energyWh: 40_000 },
    ]);
  });

  it.each([
    ['2026-03-01T07:59:59', '谷'],
    ['2026-03-01T08:00:00', '平'],
    ['2026-03-01T18:00:00', '峰'],
    ['2026-03-01T23:00:00', '谷'],
  ])('by the time of use: at %s it is %s', (when, name) => {
    expect(piecesOf(TARIFFS.timeOfUse, { usedWh: 0, energyWh: 1000, at: at(when) })).toMatchObject([
      { name },
    ]);
  });

  it('before its first band by its last one', () => {
    const { name, kind, bands } = TARIFFS.timeOfUse;
    const tariff: Tariff = { name, kind, bands: bands.slice(1) };
    expect(piecesOf(tariff, { usedWh: 0, energyWh: 1000, at: at('2026-03-01T03:00:00') })).toMatchObject([
      { name: '谷' },
    ]);
  });
});

describe('what an amount buys', () => {
  it('ends where the money does', () => {
    expect(energyFor(TARIFFS.monthly, { usedWh: 150_000, fen: 5000 })).toEqual([
      { name: '一档', priceMilliFen: 49_000, energyWh: 30_000 },
      { name: '二档', priceMilliFen: 54_000, energyWh: 65_370 },
    ]);
    expect(energyFor(TARIFFS.flat, { usedWh: 0, fen: 5000 })).toMatchObject([{ energyWh: 100_000 }]);
    expect(energyFor(TARIFFS.timeOfUse, { usedWh: 0, fen: 5000 })).toBeNull();
  });

  it.each([TARIFFS.flat, TARIFFS.monthly, TARIFFS.yearly])(
    'at $name costs what was paid, to the fen',
    (tariff) => {
      fc.assert(
        fc.property(fc.nat(4_000_000), fc.integer({ min: 100, max: 200_000 }), (usedWh, fen) => {
          const pieces = energyFor(tariff, { usedWh, fen }) ?? [];
          const energyWh = pieces.reduce((sum, piece) => sum + piece.energyWh, 0);
          const cost = costMicroFen(pieces);
          expect(cost).toBeLessThanOrEqual(fen * MICRO);
          expect(cost).toBeGreaterThan((fen - 1) * MICRO);
          // And using it costs the same as buying it.
          expect(costMicroFen(piecesOf(tariff, { usedWh, energyWh, at: 0 }))).toBe(cost);
        }),
      );
    },
  );

  it('is more with a discount', () => {
    const plain = energyFor(TARIFFS.flat, { usedWh: 0, fen: 5000 });
    const cut = energyFor(discounted(TARIFFS.flat, 100), { usedWh: 0, fen: 5000 });
    expect([plain?.[0]?.energyWh, cut?.[0]?.energyWh]).toEqual([100_000, 111_111]);
    expect(discounted(TARIFFS.timeOfUse, 500)).toMatchObject({
      bands: [{ priceMilliFen: 14_000 }, {}, {}, {}],
    });
  });
});
