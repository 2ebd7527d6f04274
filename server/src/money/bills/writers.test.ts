import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { pdfOf } from './pdf.ts';
import { cellText, yuan, type Sheet } from './sheet.ts';
import { xlsxOf } from './xlsx.ts';

const SHEET: Sheet = {
  name: 'grid-2026-03-01',
  title: '电网结算单 2026-03-01',
  facts: [['电网', 'collection-v1 & <more>']],
  columns: [
    { title: '订单号', kind: 'text', share: 0.6 },
    { title: '笔数', kind: 'count', share: 0.1 },
    { title: '金额（元）', kind: 'fen', share: 0.3 },
  ],
  rows: Array.from({ length: 120 }, (_, n) => [`2603011000000000${n}`, 1, 123_456 + n]),
  totals: ['合计', 120, 14_821_860],
  asOf: new Date('2026-03-01T16:00:00Z'),
};

describe('a bill’s files', () => {
  it('shows fen as yuan', () => {
    expect([0, 5, 123, 123_456_789, -1].map(yuan)).toEqual(['0.00', '0.05', '1.23', '1,234,567.89', '-0.01']);
    expect(cellText(7, 'count')).toBe('7');
  });

  it('are the same bytes for the same data, and others for others', async () => {
    expect(xlsxOf(SHEET).equals(xlsxOf(SHEET))).toBe(true);
    const [first, second] = await Promise.all([pdfOf(SHEET), pdfOf(SHEET)]);
    expect(first.equals(second)).toBe(true);
    const other = { ...SHEET, totals: ['合计', 120, 1] };
    expect(xlsxOf(other).equals(xlsxOf(SHEET))).toBe(false);
    expect((await pdfOf(other)).equals(first)).toBe(false);
  });

  it('hold money as numbers in a workbook, and text that cannot break it', () => {
    const files = unzipSync(new Uint8Array(xlsxOf(SHEET)));
    const sheet = strFromU8(files['xl/worksheets/sheet1.xml'] ?? new Uint8Array());
    expect(sheet).toContain('<v>1234.56</v>');
    expect(sheet).toContain('collection-v1 &amp; &lt;more&gt;');
    expect(sheet.match(/<row /gu)).toHaveLength(1 + 1 + 1 + 1 + 120 + 1);
  });

  it('embed the characters that they use, on as many pages as it takes', async () => {
    const pdf = (await pdfOf(SHEET)).toString('latin1');
    expect(pdf).toContain('/FontFile');
    expect(pdf.match(/\/Type \/Page\b/gu)?.length).toBeGreaterThan(1);
    expect(pdf).toContain('(D:20260301160000Z)');
  });
});
