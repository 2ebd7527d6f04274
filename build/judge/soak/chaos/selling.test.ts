import { describe, expect, it } from 'vitest';
import { hasStandIn, Selling } from './selling.ts';

describe('selling', () => {
  it('is back when an order is sold that was made after the thaw', () => {
    const selling = new Selling();
    selling.made('before', 900);
    selling.sold('before', 1_100);
    expect(selling.backMs(1_000)).toBeUndefined();
    selling.made('after', 1_500);
    selling.made('later', 1_600);
    expect(selling.backMs(1_000)).toBeUndefined();
    selling.sold('later', 3_000);
    selling.sold('after', 4_000);
    expect(selling.backMs(1_000)).toBe(2_000);
    expect(selling.backMs(1_550)).toBe(1_450);
  });

  it('counts no order that nobody was told of', () => {
    const selling = new Selling();
    selling.sold('unknown', 2_000);
    expect(selling.backMs(0)).toBeUndefined();
  });

  it('stood still for the longest time between two sales, and until the first and after the last', () => {
    const selling = new Selling();
    for (const at of [500, 2_000, 2_400, 6_000]) {
      selling.made(`order ${at}`, at - 100);
      selling.sold(`order ${at}`, at);
    }
    expect(selling.stillMs({ fromMs: 1_000, toMs: 3_000 })).toBe(1_000);
    expect(selling.stillMs({ fromMs: 1_000, toMs: 5_000 })).toBe(2_600);
    expect(selling.stillMs({ fromMs: 7_000, toMs: 8_000 })).toBe(1_000);
    expect(selling.usualMs).toBe(100);
  });

  it('goes on where one of two web processes or workers is frozen, and nowhere else', () => {
    for (const whom of ['web', 'web-2', 'worker', 'worker-2'] as const) {
      expect(hasStandIn({ whom }, 2)).toBe(true);
      expect(hasStandIn({ whom }, 1)).toBe(false);
    }
    for (const whom of ['database', 'redis', 'cache', 'haproxy', 'grid', 'wallet'] as const)
      expect(hasStandIn({ whom }, 2)).toBe(false);
  });
});
