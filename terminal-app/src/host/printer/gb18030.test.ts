import { describe, expect, it } from 'vitest';
import { columnsOf, toGb18030, wrap } from './gb18030.ts';

const hex = (text: string): string => Buffer.from(toGb18030(text)).toString('hex');

describe('a text for a Chinese printer', () => {
  it('is two bytes a Chinese character, one a letter', () => {
    // 购电: GB 2312 rows 25 and 21, cells 26 and 71 (GB 2312-80 code table).
    expect(hex('购电A1')).toBe('b9bab5e74131');
    expect(columnsOf('购电A1')).toBe(6);
  });

  it('has a question mark for what no such printer has, and no command in it', () => {
    expect(hex('ئ')).toBe('3f');
    expect(hex('😀')).toBe('3f');
    expect(hex('a\u001bb\nc')).toBe('613f623f63');
  });

  it.each([
    ['一二三四五', 6, ['一二三', '四五']],
    ['一二三。四', 6, ['一二', '三。四']],
    ['Put the card in', 8, ['Put the', 'card in']],
    ['ABCDEFGHIJ', 4, ['ABCD', 'EFGH', 'IJ']],
    ['', 4, []],
  ])('%s breaks at %i', (text, columns, lines) => {
    expect(wrap(text, columns)).toEqual(lines);
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
  });
});
