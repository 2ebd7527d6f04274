import { describe, expect, it } from 'vitest';
import { ListReader, summaryOf } from './bill-text.ts';
import type { ReadRow } from './bill-text.ts';

const HEAD =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,' +
  '商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,' +
  '卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注';
const TRADE = '2026011522001400000000000001';

const row = (changes: Record<number, string> = {}): string => {
  const cells = [
    ...[`${TRADE}\t`, '260115100000000001p1\t', '交易', '电费', '2026-01-15 10:00:00', '2026-01-15 10:00:30'],
    ...['', '', '', 'kiosk-1', '***', '47.50', '47.50', '0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00'],
    ...['0.00', '', '-0.28', '0.00', ''],
  ];
  for (const [place, text] of Object.entries(changes)) cells[Number(place)] = text;
  return cells.join(',');
};

const list = (...rows: string[]): string[] => [
  '#支付宝业务明细查询',
  '#账号：[20880000000000000156]',
  '#-----------------------------------------业务明细列表----------------------------------------',
  HEAD,
  ...rows,
  '#-----------------------------------------业务明细列表结束------------------------------------',
  '#交易合计：1笔，商家实收共47.50元，商家优惠共0.00元',
  '#退款合计：1笔，商家实收退款共-12.50元，商家优惠退款共0.00元',
  '#导出时间：[2026年01月16日 06:27:10]',
];

function read(lines: string[]): { rows: ReadRow[]; reader: ListReader } {
  const reader = new ListReader((what) => new Error(what));
  const rows = lines.map((line) => reader.read(line)).filter((each) => each !== undefined);
  reader.finish();
  return { rows, reader };
}

describe('the list of a bill', () => {
  it('gives payments and refunds in fen, fees as what the channel took', () => {
    const back = { 2: '退款', 11: '-12.50', 12: '-12.50', 21: '260115100000000001p1r1\t', 22: '0.07' };
    const { rows, reader } = read(list(row(), row(back)));
    expect(rows).toEqual([
      {
        row: {
          kind: 'payment',
          paymentNo: '260115100000000001p1',
          transactionId: TRADE,
          fen: 4750,
          feeMilliFen: 28_000,
          at: new Date('2026-01-15T10:00:30+08:00'),
        },
        receivedFen: 4750,
      },
      {
        row: {
          kind: 'refund',
          paymentNo: '260115100000000001p1',
          refundNo: '260115100000000001p1r1',
          transactionId: TRADE,
          fen: 1250,
          feeMilliFen: -7_000,
          at: new Date('2026-01-15T10:00:30+08:00'),
          status: 'done',
        },
        receivedFen: 1250,
      },
    ]);
    expect(reader.end).toEqual({ payments: 1, paidFen: 4750, refunds: 1, refundedFen: 1250 });
  });

  it('lets a comma stand in the name of what was sold', () => {
    expect(read(list(row({ 3: '电费,含,加急' }))).rows[0]?.row).toMatchObject({ fen: 4750 });
  });

  it('of two files adds up', () => {
    const { rows, reader } = read([...list(row()), ...list(row({ 1: 'other00001' }))]);
    expect(rows).toHaveLength(2);
    expect(reader.end.payments).toBe(2);
  });

  it.each<[string, string[]]>([
    ['a row of another kind', list(row({ 2: '转账' }))],
    ['an amount that is none', list(row({ 11: '47.501' }))],
    ['a day that does not exist', list(row({ 5: '2026-02-30 10:00:00' }))],
    ['a row that is cut', list(row().split(',').slice(0, 9).join(','))],
    ['a list that does not end', list(row()).slice(0, 5)],
    ['no list at all', ['#支付宝业务明细查询']],
  ])('with %s is refused', (_, lines) => {
    expect(() => read(lines)).toThrow();
  });
});

describe('the summary of a bill', () => {
  const columns =
    '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,' +
    '服务费（元）,分润（元）,实收净额（元）';
  const shop = '1,Shop,1,0,47.50,47.50,0.00,0.00,0.00,-0.28,0.00,47.22';
  const total = '合计,,1,1,35.00,35.00,0.00,0.00,0.00,-0.21,0.00,34.79';
  const expected = { payments: 1, refunds: 1, feeMilliFen: 21_000, receivedFen: 3500 };

  it('is the line of all shops, or the only one', () => {
    expect(summaryOf(`#支付宝业务汇总查询\r\n${columns}\r\n${shop}\r\n${total}\r\n#导出时间\r\n`)).toEqual(
      expected,
    );
    expect(summaryOf(`${columns}\n${total.replace('合计', '')}\n`)).toEqual(expected);
  });

  it('cannot be read without its columns, its line or its numbers', () => {
    expect(summaryOf('')).toBeUndefined();
    expect(summaryOf(columns)).toBeUndefined();
    expect(summaryOf(`${columns}\n${shop}\n${shop}`)).toBeUndefined();
    expect(summaryOf(`${columns}\n${total.replace('-0.21', 'none')}`)).toBeUndefined();
  });
});
