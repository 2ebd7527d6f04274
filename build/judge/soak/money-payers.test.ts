import { Dice } from '@bianmin/card/testing/dice';
import { seededRandom } from '@bianmin/card/testing/random';
import { CHANNELS } from '@bianmin/purchase/api/channels';
import { describe, expect, it } from 'vitest';
import type { Also } from './grid-mishaps.ts';
import { alsoPaying, refundPlan, slowCalls } from './money-payers.ts';
import { SOAK_TIMES } from './grid-times.ts';

const DRAWS = 2_000;
const draw = <T>(of: (dice: Dice) => T): T[] => {
  const dice = new Dice(seededRandom(4));
  return Array.from({ length: DRAWS }, () => of(dice));
};

describe('further payers of one order', () => {
  const drawn = draw((dice) => alsoPaying(dice, { first: 'wechat', paying: 'once', orders: 300 }));

  it('are none, one or two, each with another wallet than the first', () => {
    expect(new Set(drawn.map(({ length }) => length))).toEqual(new Set([0, 1, 2]));
    for (const others of drawn) {
      const wallets = ['wechat', ...others.map(({ channel }) => channel)];
      expect(new Set(wallets).size).toBe(wallets.length);
    }
  });

  it('pay at the same moment, soon after, or when the order is over', () => {
    const each = drawn.flat();
    expect(each.some(({ afterMs }) => afterMs === 0)).toBe(true);
    expect(each.some(({ afterMs }) => afterMs > 0 && afterMs <= 5_000)).toBe(true);
    const late = each.filter(({ afterMs }) => afterMs > 5_000);
    expect(late.length).toBeGreaterThan(0);
    expect(Math.min(...late.map(({ afterMs }) => afterMs))).toBeGreaterThan(SOAK_TIMES.paymentTtlMs);
  });

  it('come late only, and insist only then, where the first payer does not pay', () => {
    const alone = draw((dice) => alsoPaying(dice, { first: 'wechat', paying: 'none', orders: 300 })).flat();
    expect(alone.every(({ afterMs }) => afterMs > SOAK_TIMES.paymentTtlMs)).toBe(true);
    expect(drawn.flat().filter(({ afterMs, insists }) => insists && afterMs <= 5_000)).toEqual([]);
  });
});

it('makes a channel slow more often where further payments must be closed in time', () => {
  const count = (often: boolean): number => draw((dice) => slowCalls(dice, 'alipay', often)).flat().length;
  expect(count(true)).toBeGreaterThan(4 * count(false));
  const slow = draw((dice) => slowCalls(dice, CHANNELS[0], true)).flat();
  expect(Math.max(...slow.map(({ delayMs }) => delayMs))).toBeGreaterThan(10_000);
});

describe('the refunds of one order', () => {
  const also = [{} as Also];
  const outcomes = (orders: number) => draw((dice) => refundPlan(dice, { also, orders }));

  it('are slow, cannot be made, or are of less than was asked for', () => {
    const drawn = outcomes(300);
    for (const outcome of ['SUCCESS', 'ABNORMAL', 'CLOSED'])
      expect(drawn.some((plan) => plan?.outcome === outcome)).toBe(true);
    expect(drawn.some((plan) => plan !== undefined && plan.shortFen > 0)).toBe(true);
    expect(drawn.some((plan) => plan === undefined)).toBe(true);
  });

  it('leave no more to staff in a long campaign than their list shows', () => {
    const forStaff = (orders: number): number =>
      outcomes(orders).filter(
        (plan) => plan !== undefined && (plan.outcome !== 'SUCCESS' || plan.shortFen > 0),
      ).length / DRAWS;
    expect(forStaff(300)).toBeGreaterThan(0.2);
    expect(forStaff(20_000)).toBeLessThan(0.03);
  });
});
