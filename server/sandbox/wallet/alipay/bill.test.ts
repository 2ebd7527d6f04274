import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { keepArchive } from '../../../src/gateways/payment/alipay/archive.ts';
import { summaryOf } from '../../../src/gateways/payment/alipay/bill-text.ts';
import { tradeBill } from './bill.ts';
import type { BillRow } from './bill.ts';

const AT = Date.parse('2026-01-15T23:59:59+08:00');
const paid: BillRow = {
  tradeNo: '2026011522001400000000000001',
  outTradeNo: '260115100000000001p1',
  subject: '电费, 50.00 元',
  createdAt: AT - 30_000,
  at: AT,
  fen: 4750,
};

describe('Alipay’s bill', () => {
  it('is packed with names and texts in GBK, and read back', async () => {
    const packed = tradeBill('2088000000000001', '2026-01-15', [paid, { ...paid, at: AT + 1000 }]);
    const archive = await keepArchive(Readable.from([packed]));
    expect(summaryOf(await archive.summary())).toEqual({
      payments: 1,
      refunds: 0,
      feeMilliFen: 29_000,
      receivedFen: 4750,
    });
    const text = (await Readable.from(archive.details()).toArray()).join('');
    expect(text).toContain(`${paid.tradeNo}\t,${paid.outTradeNo}\t,交易,电费  50.00 元`);
    expect(text).toContain('#交易合计：1笔，商家实收共47.50元');
    await archive.close();
  });

  it('does not exist for a day on which nothing happened', () => {
    expect(tradeBill('2088000000000001', '2026-01-14', [paid])).toBeUndefined();
  });

  it('is not taken when a byte of it changed on the way', async () => {
    const packed = tradeBill('2088000000000001', '2026-01-15', [paid]) ?? Buffer.of();
    const checksum = packed.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 16;
    packed.writeUInt32LE((packed.readUInt32LE(checksum) ^ 1) >>> 0, checksum);
    const archive = await keepArchive(Readable.from([packed]));
    await expect(Readable.from(archive.details()).toArray()).rejects.toThrow(/checksum/);
    await archive.close();
    await expect(keepArchive(Readable.from([packed.subarray(0, 200)]))).rejects.toThrow();
  });
});
