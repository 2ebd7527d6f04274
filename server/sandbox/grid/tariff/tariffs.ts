import type { Tariff } from './tariff.ts';

/** Tariffs of the sandbox's households. Every price and every limit is invented. */
export const TARIFFS = {
  flat: { kind: 'flat', name: '居民合表', priceMilliFen: 50_000 },
  monthly: {
    kind: 'tiered',
    name: '居民月阶梯',
    period: 'month',
    settlement: '01',
    tiers: [
      { name: '一档', uptoWh: 180_000, priceMilliFen: 49_000 },
      { name: '二档', uptoWh: 280_000, priceMilliFen: 54_000 },
      { name: '三档', uptoWh: null, priceMilliFen: 79_000 },
    ],
  },
  yearly: {
    kind: 'tiered',
    name: '居民年阶梯',
    period: 'year',
    settlement: '01-01',
    tiers: [
      { name: '一档', uptoWh: 2_160_000, priceMilliFen: 49_000 },
      { name: '二档', uptoWh: 3_360_000, priceMilliFen: 54_000 },
      { name: '三档', uptoWh: null, priceMilliFen: 79_000 },
    ],
  },
  timeOfUse: {
    kind: 'time-of-use',
    name: '居民峰谷',
    bands: [
      { name: '谷', fromHour: 0, priceMilliFen: 28_000 },
      { name: '平', fromHour: 8, priceMilliFen: 50_000 },
      { name: '峰', fromHour: 18, priceMilliFen: 72_000 },
      { name: '谷', fromHour: 23, priceMilliFen: 28_000 },
    ],
  },
} as const satisfies Record<string, Tariff>;

export type TariffName = keyof typeof TARIFFS;
