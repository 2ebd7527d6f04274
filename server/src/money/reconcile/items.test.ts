import { describe, expect, it } from 'vitest';
import { itemsOf } from './items.ts';

const NO = '260301100000000001';
const AT = '2026-03-01T02:00:00Z';
const PAID = {
  ...{ orderNo: NO, pair: 'channel', item: 'wechat/p1', transactionId: '42', fen: 5000, status: 'paid' },
  ...{ parts: [], at: AT },
};
const SOLD = {
  ...{ orderNo: NO, pair: 'grid', item: 'S1', transactionId: '', fen: 5000, status: 'sold' },
  ...{ parts: [4000, 990, 10], at: '2026-03-01T02:00:01Z' },
};

describe('what a line says', () => {
  it('is one thing in a channel’s bill, and one in the grid’s', () => {
    const channel = `${NO},wechat/p1,42,5000,paid,30,${AT}`;
    expect(itemsOf({ side: 'channel', text: channel })).toEqual([{ ...PAID, from: 'bill' }]);
    const grid = `${NO},S1,650100000001,000000000001,2,5000,4000,990,10,card,sold,2026-03-01T02:00:01Z`;
    expect(itemsOf({ side: 'grid', text: grid })).toEqual([{ ...SOLD, from: 'bill' }]);
  });

  it('is up to two things in an order’s: of its money, of its sale, or of both', () => {
    const of = (money: string, sale: string, at: string) =>
      itemsOf({ side: 'orders', text: `${NO},${money},${sale},${at}` });
    const [paid, sold] = [
      { ...PAID, from: 'orders' },
      { ...SOLD, from: 'orders' },
    ];
    const [money, sale] = ['wechat/p1,42,5000,paid', 'S1,5000,4000,990,10,sold'];
    expect(of(money, sale, `${AT},2026-03-01T02:00:01Z`)).toEqual([paid, sold]);
    expect(of(money, ',,,,,', `${AT},`)).toEqual([paid]);
    expect(of(',,,', sale, ',2026-03-01T02:00:01Z')).toEqual([sold]);
    expect(of(',,,', ',,,,,', ',')).toEqual([]);
  });

  it('is without a number or a moment where a column is missing', () => {
    const [short] = itemsOf({ side: 'channel', text: NO });
    expect(short).toMatchObject({ orderNo: NO, item: '', transactionId: '', fen: 0, status: '', at: '' });
  });
});
