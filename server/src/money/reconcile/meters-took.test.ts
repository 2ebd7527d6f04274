import { describe, expect, it } from 'vitest';
import type { MeterCredit } from './account-check.ts';
import { ONE, TWO, accountsOf, rowOf } from '../../testing/account-days.ts';

describe('what meters took beside what was sold', () => {
  const meters = async (credits: MeterCredit[], orders = [ONE, TWO]): Promise<unknown[]> => {
    const { check } = await accountsOf(orders);
    const rows = await check({ credits });
    return rows.filter(({ against }) => against === 'meters').flatMap((row) => rowOf(row).slice(2));
  };
  const credit = (fen: number, orderNo = ONE._id): MeterCredit => ({ orderNo, fen });

  it('is of the orders that a meter names, each once', async () => {
    expect(await meters([credit(4000)])).toEqual([-4000, -4000, 0, 0]);
    expect(await meters([credit(4001)])).toEqual([-4000, -4001, 1, 1]);
    expect(await meters([credit(4000), credit(4000)])).toEqual([-4000, -8000, 4000, 4000]);
    expect(await meters([credit(4000, 'of no order')])).toEqual([0, -4000, 4000, 4000]);
    expect(await meters([])).toEqual([0, 0, 0, 0]);
  });

  it('is asked in parts where they are many, and each once', async () => {
    const many = Array.from({ length: 2500 }, (_, n) => credit(0, `none-${n}`));
    const said = [...many.slice(0, 999), credit(4000), ...many.slice(999), credit(4000, TWO._id)];
    expect(await meters(said)).toEqual([-8000, -8000, 0, 0]);
  });
});
