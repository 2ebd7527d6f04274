import { describe, expect, it } from 'vitest';
import { maskAddress, maskCustomerNo, maskName, meterTailOf } from './mask.ts';

describe('masking', () => {
  it.each([
    ['张三', '张*'],
    ['欧阳修文', '欧*'],
    ['阿依古丽·买买提', '阿*'],
    ['', '*'],
  ])('name %s', (name, masked) => expect(maskName(name)).toBe(masked));

  it.each([
    ['乌鲁木齐市天山区幸福小区3号楼2单元501室', '天山区**小区3号楼'],
    ['新疆维吾尔自治区乌鲁木齐市天山区幸福小区3号楼2单元501室', '天山区**小区3号楼'],
    ['天山区幸福小区3号楼', '天山区**小区3号楼'],
    ['乌鲁木齐市沙依巴克区友好北路12号', '沙依巴克区**12号'],
    ['喀什市解放南路社区7栋101', '喀什市**社区7栋'],
    ['和田县巴格其镇', '和田县**'],
    ['某处', '**'],
    ['', '**'],
  ])('address %s', (address, masked) => expect(maskAddress(address)).toBe(masked));

  it.each([
    ['650100123456', '****3456'],
    ['1234', '****'],
  ])('customer number %s', (no, masked) => expect(maskCustomerNo(no)).toBe(masked));
});

it('tells the last four digits of a meter that has more', () => {
  expect(meterTailOf('000026001234')).toEqual({ meterTail: '1234' });
  expect(meterTailOf('51234')).toEqual({ meterTail: '1234' });
  expect(meterTailOf('1234')).toEqual({});
});
