import { describe, expect, it } from 'vitest';
import { accountReportOf, reportOf } from './case-report.ts';
import type { Difference } from './classify.ts';
import type { Item } from './items.ts';

const NO = '260301100000000001';
const item: Item = {
  ...{ orderNo: NO, pair: 'channel', from: 'bill', item: `wechat/${NO}p1`, transactionId: '42' },
  ...{ fen: 5000, status: 'paid', parts: [], at: '2026-03-01T15:59:59.000Z' },
};
const both: Difference = {
  ...{ kind: 'AMOUNT_DIFF', pair: 'channel', orderNo: NO, key: `wechat/${NO}p1:42`, bill: item },
  order: { ...item, from: 'orders', fen: 4999, status: 'unpaid', at: '2026-03-01T16:00:01.000Z' },
  present: { channel: true, orders: true, grid: false },
};

describe('a difference as a case', () => {
  it('says what each side says of it, on which day in China, and which papers name its order', () => {
    expect(reportOf(both, [])).toEqual({
      ...{ kind: 'AMOUNT_DIFF', orderNo: NO, key: `wechat/${NO}p1:42` },
      facts: {
        ...{ day: '2026-03-01', against: 'channel' },
        ...{ billFen: 5000, billStatus: 'paid', billAt: '2026-03-01T15:59:59.000Z' },
        ...{ orderFen: 4999, orderStatus: 'unpaid', orderAt: '2026-03-01T16:00:01.000Z' },
        ...{ inChannelBill: true, inOrders: true, inGridBill: false },
      },
    });
  });

  it('says nothing of a side that has nothing, and names the papers that there are not', () => {
    const { order: _, present: __, ...billed } = both;
    expect(reportOf(billed, ['grid:g', 'channel:bestpay']).facts).toEqual({
      ...{ day: '2026-03-01', against: 'channel', notCompared: 'grid:g channel:bestpay' },
      ...{ billFen: 5000, billStatus: 'paid', billAt: '2026-03-01T15:59:59.000Z' },
    });
    const { bill: ___, ...ours } = both;
    expect(reportOf(ours, []).facts).toMatchObject({ day: '2026-03-02', orderFen: 4999, inOrders: true });
    expect(reportOf(ours, []).facts).not.toHaveProperty('billFen');
  });

  it('fits a case whatever a paper calls it', () => {
    const { orderNo, key } = reportOf({ ...both, orderNo: 'o'.repeat(65), key: 'k'.repeat(129) }, []);
    expect([orderNo, key]).toEqual(['o'.repeat(64), 'k'.repeat(128)]);
    expect(reportOf({ ...both, orderNo: '' }, []).orderNo).toBe('none');
  });
});

describe('an account as a case', () => {
  it('is one of its day, account and paper, with both sums', () => {
    const sums = { ledgerFen: 5, outsideFen: 3, differenceFen: 2, unexplainedFen: 1 };
    const checked = { account: 'fee:wechat', against: 'channel-bill', ...sums } as const;
    expect(accountReportOf('2026-03-01', checked)).toEqual({
      ...{ kind: 'ACCOUNT_DIFF', orderNo: 'none', key: '2026-03-01/fee:wechat/channel-bill' },
      facts: { day: '2026-03-01', account: 'fee:wechat', against: 'channel-bill', ...sums },
    });
  });
});
