import { describe, expect, it } from 'vitest';
import { PaymentError } from '../../gateways/payment/error.ts';
import type { ChannelBillRow, PaymentChannel } from '../../gateways/payment/contract.ts';
import { Papers } from '../../testing/papers.ts';
import { channelBillLines, type Source } from './bills.ts';

const DAY = '2026-03-01';
const NO = '260301100000000001';
const AT = new Date('2026-03-01T02:00:00Z');
const PAID: ChannelBillRow = {
  ...{ kind: 'payment', paymentNo: `${NO}p1`, transactionId: '42', fen: 5000, feeMilliFen: 30_000, at: AT },
};
const BACK: ChannelBillRow = {
  ...{ kind: 'refund', paymentNo: `${NO}p1`, refundNo: `${NO}p1r3`, fen: 5000, feeMilliFen: -30_000, at: AT },
  ...{ transactionId: '42', status: 'done' },
};

function rig(...rows: ChannelBillRow[]) {
  const papers = new Papers();
  papers.rows.set(DAY, rows);
  const sources: [Source, unknown][] = [];
  let closed = 0;
  const real = papers.channel('wechat');
  const channel = {
    ...{ channel: 'wechat', bills: true },
    downloadBill: async (day: string) => {
      const bill = await real.downloadBill(day);
      return { ...bill, close: () => Promise.resolve(void (closed += 1)) };
    },
  } as PaymentChannel;
  const lines = () => channelBillLines(channel, DAY, (source, totals) => sources.push([source, totals]));
  return { papers, channel, sources, lines, closed: () => closed };
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

describe('a channel’s bill', () => {
  it('has a line for each payment and each refund, by the order that its number is of', async () => {
    const { lines, closed } = rig(PAID, BACK);
    const at = AT.toISOString();
    expect(await all(lines())).toEqual([
      `${NO},wechat/${NO}p1,42,5000,paid,30000,${at}\n`,
      `${NO},wechat/${NO}p1r3,,5000,refund-done,-30000,${at}\n`,
    ]);
    expect(closed()).toBe(1);
  });

  it('is told of, with its totals, before its first line', async () => {
    const { lines, sources } = rig(PAID);
    const each = lines();
    await each.next();
    const totals = { payments: 1, paidFen: 5000, refunds: 0, refundedFen: 0, feeFen: 30 };
    expect(sources).toEqual([
      [{ source: 'channel:wechat', day: DAY, sha256: expect.any(String) as string, totals }, totals],
    ]);
    await each.return(undefined);
  });

  it('cannot break a line of ours, whatever a stranger’s number is', async () => {
    const strange = { ...PAID, paymentNo: 'a,b\r\nc', transactionId: '4\n2,' } as ChannelBillRow;
    const { lines } = rig(strange);
    expect(await all(lines())).toEqual([`a_b__c,wechat/a_b__c,4_2_,5000,paid,30000,${AT.toISOString()}\n`]);
  });

  it('is closed also where its reader stops or it breaks off', async () => {
    const one = rig(PAID, BACK);
    for await (const _ of one.lines()) break;
    expect(one.closed()).toBe(1);
    const two = rig(PAID);
    const failing = channelBillLines(two.channel, DAY, () => {
      throw new Error('No more.');
    });
    await expect(all(failing)).rejects.toThrow('No more.');
    expect(two.closed()).toBe(1);
  });

  it('that is not there yet is waited for, and one that is unsound is not used', async () => {
    const { lines, papers, channel, sources } = rig(PAID);
    papers.ready = false;
    await expect(all(lines())).rejects.toMatchObject({
      code: 'reconcile.not-ready',
      context: { source: 'channel:wechat', day: DAY },
    });
    const cause = new PaymentError({ code: 'payment.mismatch', message: 'x' });
    const bent = { ...channel, downloadBill: () => Promise.reject(cause) } as PaymentChannel;
    await expect(all(channelBillLines(bent, DAY, () => undefined))).rejects.toMatchObject({
      code: 'reconcile.bill-unsound',
      cause,
    });
    expect(sources).toEqual([]);
  });
});
