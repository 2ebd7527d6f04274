import { describe, expect, it } from 'vitest';
import { MemoryLedger } from '../../testing/memory-ledger.ts';
import { postFees } from './fee-postings.ts';

const DAY = '2026-03-01';
const bill = (feeFen: number, channel: 'wechat' | 'alipay' = 'wechat', day = DAY) => ({
  ...{ channel, day },
  totals: { payments: 1, paidFen: 5000, refunds: 0, refundedFen: 0, feeFen },
});

describe('what a channel kept by its bill', () => {
  it('is posted from the channel to its fees, on the bill’s own day', async () => {
    const ledger = new MemoryLedger();
    await postFees(ledger.store, [bill(30)]);
    expect([...ledger.postings.values()]).toEqual([
      {
        ...{ source: `bill:wechat:${DAY}`, n: 1, group: 'fee', name: 'bill.fee', day: DAY },
        at: new Date('2026-02-28T16:00:00Z'),
        legs: [
          { account: 'fee:wechat', fen: 30 },
          { account: 'channel:wechat', fen: -30 },
        ],
      },
    ]);
  });

  it('is posted once, and what another bill of the day says is made up for', async () => {
    const ledger = new MemoryLedger();
    for (const fee of [30, 30, 45, 45, 40]) await postFees(ledger.store, [bill(fee)]);
    const posted = [...ledger.postings.values()].map(({ n, legs }) => [n, legs[0]?.fen]);
    expect(posted).toEqual([
      [1, 30],
      [2, 15],
      [3, -5],
    ]);
    expect((await ledger.turnover()).get('fee:wechat')).toBe(40);
  });

  it('is posted of each channel and each day, and not at all where it kept nothing', async () => {
    const ledger = new MemoryLedger();
    await postFees(ledger.store, [bill(0), bill(30, 'alipay'), bill(7, 'wechat', '2026-03-02')]);
    expect([...ledger.postings.keys()]).toEqual([`bill:alipay:${DAY}:1:fee`, 'bill:wechat:2026-03-02:1:fee']);
  });
});
