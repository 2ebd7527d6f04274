import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { DiscountDesk, householdKey, type HouseholdKey } from '../money/discount/desk.ts';
import type { DiscountRule } from '../money/discount/rule.ts';
import { MemoryBudgets, MemoryCaps } from './memory-discounts.ts';
import { MemoryRuleStore } from './memory-rules.ts';
import { toldLog } from './told-log.ts';

export const NO = '260310120000000001';

export const KEY: HouseholdKey = (grid, customerNo) =>
  householdKey(Buffer.from('a secret'))(grid, customerNo);

/** The household that buys, as the desk keeps it. */
export const house = (): string => KEY('g', '65');

/** A desk with these discounts, and what it keeps in memory. */
export async function deskWith(...rules: DiscountRule[]) {
  const clock = new ManualClock(Date.parse('2026-03-10T12:00:00+08:00'));
  const [store, budgets, caps] = [new MemoryRuleStore(), new MemoryBudgets(), new MemoryCaps()];
  const { log, lines } = toldLog();
  const desk = new DiscountDesk({ rules: store, budgets, caps, key: KEY, clock, log });
  for (const rule of rules) {
    await store.insert(rule);
    await budgets.make(rule._id, rule.budgetFen);
  }
  const ask = (orderNo = NO, over: { grid?: string; customerNo?: string; faceFen?: number } = {}) =>
    desk.reserve({ orderNo, grid: 'g', customerNo: '65', faceFen: 5000, ...over });
  const reserve = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).given;
  const sums = (id = 'rule-1') => {
    const { leftFen = -1, heldFen = -1, spentFen = -1 } = budgets.kept(id) ?? {};
    return [leftFen, heldFen, spentFen];
  };
  return { clock, store, budgets, caps, lines, desk, ask, reserve, sums };
}

/** Where its share of `rule-1` in March is kept. */
export const cap = (): string => `rule-1:${house()}:2026-03`;
