import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultsRequest } from '../../../../sandbox/wallet/faults-request.ts';
import { fails } from '../../../testing/payment-contract/kit.ts';
import type { WalletHarness } from '../../../testing/wallet-harness.ts';
import { startWechat } from '../../../testing/wechat-harness.ts';
import type { ChannelBillRow } from '../contract.ts';
import { codeUrlOf } from '../handle.ts';

const DAY = '2026-01-15';
const no = (n: number): string => `26011510000000000${n}p1`;

let harness: WalletHarness;
beforeEach(async () => {
  harness = await startWechat();
  for (const n of [1, 2, 3]) {
    const handle = await harness.channel.create({
      paymentNo: no(n),
      amountFen: 4750,
      description: '电费`50.00,元',
      expiresAt: new Date(harness.now() + 300_000),
      notifyUrl: harness.notifyUrl,
      terminalId: 'kiosk-1',
    });
    await harness.pay(codeUrlOf(handle));
  }
});
afterEach(() => harness.close());

async function rowsOf(day: string, knobs: FaultsRequest): Promise<ChannelBillRow[]> {
  harness.wallet.setFaults({ billsAtOnce: true, ...knobs });
  const bill = await harness.channel.downloadBill(day);
  const rows: ChannelBillRow[] = [];
  for await (const row of bill.rows()) rows.push(row);
  await bill.close();
  return rows;
}

describe('a bill of WeChat Pay', () => {
  it.each(['hash', 'totals'] as const)(
    'whose %s does not fit is refused before a row is given',
    async (billFault) => {
      harness.wallet.setFaults({ billsAtOnce: true, billFault });
      await fails(harness.channel.downloadBill(DAY), 'payment.mismatch');
    },
  );

  it('has fees to a thousandth of a fen and fields that a text cannot break', async () => {
    expect((await rowsOf(DAY, {}))[0]).toMatchObject({ paymentNo: no(1), fen: 4750, feeMilliFen: 28_500 });
  });

  it('says what it is told to say otherwise, and adds up all the same', async () => {
    const billLies = [
      { kind: 'missing' as const, number: no(1) },
      { kind: 'amount' as const, number: no(2), fen: -50 },
      { kind: 'stranger' as const, number: no(3), as: 'nobody00001' },
    ];
    expect(await rowsOf(DAY, { billLies })).toMatchObject([
      { paymentNo: no(2), fen: 4700 },
      { paymentNo: no(3), fen: 4750 },
      { paymentNo: 'nobody00001', fen: 4750 },
    ]);
  });

  it('lists a refund that could not be made, and does not count it as money that went back', async () => {
    const refund = async (n: number): Promise<void> => {
      const request = { refundFen: 1_000, totalFen: 4750, reason: '退款' };
      await harness.channel.refund({ paymentNo: no(n), refundNo: `${no(n)}r1`, ...request });
      await harness.received();
    };
    await refund(1);
    for (const [n, refundOutcome] of [
      [2, 'ABNORMAL'],
      [3, 'CLOSED'],
    ] as const) {
      harness.wallet.setFaults({ refundOutcome });
      await refund(n);
    }
    harness.wallet.setFaults({ billsAtOnce: true });
    const bill = await harness.channel.downloadBill(DAY);
    const statuses: string[] = [];
    for await (const row of bill.rows()) if (row.kind === 'refund') statuses.push(row.status);
    await bill.close();
    expect(statuses).toEqual(['done', 'abnormal', 'closed']);
    expect(bill.totals).toMatchObject({ payments: 3, refunds: 1, refundedFen: 1_000 });
  });

  it('has a payment twice, or in the next day’s', async () => {
    const billLies = [
      { kind: 'twice' as const, number: no(1) },
      { kind: 'late' as const, number: no(2) },
    ];
    const today = await rowsOf(DAY, { billLies });
    expect(today.map(({ paymentNo }) => paymentNo)).toEqual([no(1), no(1), no(3)]);
    expect(await rowsOf('2026-01-16', { billLies })).toMatchObject([{ paymentNo: no(2) }]);
  });
});
