import { describe, expect, it } from 'vitest';
import { dayBelow } from './usage-estimate.ts';

const at = (day: string): Date => new Date(`${day}T04:00:00Z`);
/** 100 yuan every 30 days. */
const BOUGHT = ['2026-03-02', '2026-01-31', '2026-01-01'].map((day) => ({ at: at(day), creditFen: 10_000 }));
const NOW = { balanceFen: 98_000, balanceAt: at('2026-03-02'), now: at('2026-03-03') };

describe('when a meter has room', () => {
  it('is told by what was bought before', () => {
    expect(dayBelow({ ...NOW, bought: BOUGHT, belowFen: 88_000 })).toBe('2026-04-01');
  });

  it.each([
    ['it has room now', { belowFen: 98_000 }],
    ['it was due before today', { belowFen: 97_900 }],
    ['two purchases', { bought: BOUGHT.slice(0, 2) }],
    ['none', { bought: [] }],
    ['purchases of a few days', { bought: BOUGHT.map((each) => ({ ...each, at: at('2026-03-01') })) }],
    ['purchases that only paid debts', { bought: BOUGHT.map((each) => ({ ...each, creditFen: 0 })) }],
  ])('is not told of %s', (_, over) => {
    expect(dayBelow({ ...NOW, bought: BOUGHT, belowFen: 88_000, ...over })).toBeUndefined();
  });
});
