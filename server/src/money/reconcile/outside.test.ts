import { describe, expect, it } from 'vitest';
import type { Source } from './bills.ts';
import { accountsBeside, outsideOf } from './outside.ts';

const bill = (source: string, totals: Record<string, number>): Source => ({
  ...{ source, day: '2026-03-01', sha256: 'aa', totals },
});

describe('what bills say', () => {
  it('is added up by channel and by grid', () => {
    expect(
      outsideOf([
        bill('channel:wechat', { paidFen: 100, refundedFen: 20, feeFen: 3 }),
        bill('grid:g', { creditFen: 70, arrearsFen: 20, feeFen: 1, sales: 9 }),
        bill('channel:alipay', { paidFen: 7 }),
        bill('channel:wechat', { paidFen: 1000, refundedFen: 200, feeFen: 30 }),
        bill('grid:g', { creditFen: 700, arrearsFen: 200, feeFen: 10 }),
        bill('grid:h', {}),
      ]),
    ).toEqual({
      channels: {
        wechat: { paidFen: 1100, refundedFen: 220, feeFen: 33 },
        alipay: { paidFen: 7, refundedFen: 0, feeFen: 0 },
      },
      grids: {
        g: { creditFen: 770, arrearsFen: 220, feeFen: 11 },
        h: { creditFen: 0, arrearsFen: 0, feeFen: 0 },
      },
      meters: {},
    });
  });

  it('is nothing of who is no channel of ours', () => {
    expect(outsideOf([bill('channel:pigeon', { paidFen: 1 }), bill('wechat', { paidFen: 1 })])).toEqual({
      ...{ channels: {}, grids: {}, meters: {} },
    });
    expect(outsideOf([bill('grid:wechat', { creditFen: 1 })]).channels).toEqual({});
  });

  it('stands beside the accounts of whose bill it is', () => {
    expect(accountsBeside('channel:wechat')).toEqual(['channel:wechat', 'fee:wechat']);
    expect(accountsBeside('grid:g')).toEqual(['grid:g:credit', 'grid:g:arrears', 'grid:g:fee']);
    expect(accountsBeside('grid:wechat')).toEqual([
      'grid:wechat:credit',
      'grid:wechat:arrears',
      'grid:wechat:fee',
    ]);
    expect(accountsBeside('channel:pigeon')).toEqual([]);
  });
});
