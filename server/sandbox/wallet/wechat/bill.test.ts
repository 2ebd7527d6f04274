import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { Formatter } from 'wechatpay-axios-plugin';
import { describe, expect, it } from 'vitest';
import { chinaTime } from '../time.ts';
import { MINUTE, refusal, walletKit } from '../wallet-kit.ts';

const kit = walletKit();

describe('the trade bill', () => {
  it('lists yesterday’s payments and refunds in yuan, compressed, under the digest of the plain text', async () => {
    const { paymentNo, codeUrl } = await kit.made();
    await kit.harness.pay(codeUrl);
    await kit.harness.channel.refund({
      paymentNo,
      refundNo: `${paymentNo}r1`,
      refundFen: 1250,
      totalFen: 4750,
      reason: '部分退回',
    });
    await kit.made();
    const day = chinaTime(kit.harness.now()).slice(0, 10);
    const path = `v3/bill/tradebill?bill_date=${day}&bill_type=ALL&tar_type=GZIP`;
    expect(await refusal(kit.client().v3.get(path))).toEqual({ status: 400, code: 'INVALID_REQUEST' });
    const midnight = Date.parse(`${day}T00:00:00+08:00`) + 24 * 60 * MINUTE;
    await kit.harness.advance(midnight + 9 * 60 * MINUTE - kit.harness.now());
    expect(await refusal(kit.client().v3.get(path))).toEqual({ status: 400, code: 'STATEMENT_CREATING' });
    await kit.harness.advance(60 * MINUTE);
    const { data } = await kit
      .client()
      .v3.get<Record<'download_url' | 'hash_type' | 'hash_value', string>>(path);
    // The library knows this path as an unsigned download only without host and query.
    const download = new URL(data.download_url);
    const file = await kit.client().v3.get<Buffer>(download.pathname, {
      params: { token: download.searchParams.get('token') },
      responseType: 'arraybuffer',
    });
    const bill = gunzipSync(file.data);
    expect(data.hash_type).toBe('SHA1');
    expect(createHash('sha1').update(bill).digest('hex')).toBe(data.hash_value);
    // The client library's own reader of bills.
    const { rows, summary } = Formatter.castCsvBill(bill) as {
      rows: Record<string, string>[];
      summary: Record<string, string>;
    };
    expect(rows).toMatchObject([
      {
        商户订单号: paymentNo,
        交易状态: 'SUCCESS',
        应结订单金额: '47.50',
        手续费: '0.28500',
        商户数据包: 'kiosk-1',
      },
      {
        商户订单号: paymentNo,
        交易状态: 'REFUND',
        商户退款单号: `${paymentNo}r1`,
        退款金额: '12.50',
        手续费: '-0.07500',
      },
    ]);
    expect(summary).toMatchObject({
      总交易单数: '2',
      应结订单总金额: '47.50',
      退款总金额: '12.50',
      手续费总金额: '0.21000',
    });
  });

  it('does not exist for a day on which nothing happened', async () => {
    const call = kit.client().v3.get('v3/bill/tradebill?bill_date=2026-01-02&bill_type=ALL');
    expect(await refusal(call)).toEqual({ status: 400, code: 'NO_STATEMENT_EXIST' });
  });
});
