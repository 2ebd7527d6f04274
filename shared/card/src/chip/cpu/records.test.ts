import { describe, expect, it } from 'vitest';
import { fromHex } from '../../bytes/hex.ts';
import { pattern } from '../../testing/chips/cpu/rig.ts';
import { plainCommand } from './key-guard.ts';
import { D1 } from './dialects.ts';
import type { CpuDialect } from './dialect.ts';
import { rigOf } from '../../testing/node/cpu-driver-rig.ts';

describe('records', () => {
  const records = {
    directory: 'df01',
    sfi: 8,
    length: 12,
    update: 'plain',
    role: 'public',
    records: { count: 3, length: 4 },
  } as const;
  const dialect: CpuDialect = { ...D1, files: [...D1.files, records] };

  it('are read and written whole, by number', async () => {
    const { driver, sent } = rigOf(dialect);
    const place = { zone: 'df01:08', record: 2 };
    expect(await driver.readRecord(place)).toEqual(pattern(12, 8).slice(4, 8));
    await driver.updateRecord(place, fromHex('A1A2A3A4'));
    expect(await driver.readRecord(place)).toEqual(fromHex('A1A2A3A4'));
    expect(await driver.readRecord({ ...place, record: 3 })).toEqual(pattern(12, 8).slice(8));
    expect(sent()[2]).toBe('00DC024404A1A2A3A4');
  });

  it('that do not exist, or a file of the other kind, are refused', async () => {
    const { driver } = rigOf(dialect);
    const outOfRange = { code: 'chip.out-of-range' };
    for (const record of [0, 4]) {
      await expect(driver.readRecord({ zone: 'df01:08', record })).rejects.toMatchObject(outOfRange);
    }
    await expect(driver.readRecord({ zone: 'df01:02', record: 1 })).rejects.toMatchObject(outOfRange);
    await expect(driver.read({ zone: 'df01:08', offset: 0, length: 4 })).rejects.toMatchObject(outOfRange);
    await expect(driver.updateRecord({ zone: 'df01:08', record: 1 }, fromHex('00'))).rejects.toMatchObject(
      outOfRange,
    );
  });

  it.each([
    ['no such record', '00B2044404', 0x6a83],
    ['record 0', '00B2004404', 0x6a83],
    ['no such file', '00B2015404', 0x6a82],
    ['a file of bytes', '00B2011404', 0x6981],
    ['bytes of a file of records', '00B0880004', 0x6981],
    ['a part of a record', '00DC014402A1A2', 0x6700],
    ['another way to name one', '00B2014204', 0x6a86],
  ])('are refused by the card: %s', async (_what, apdu, sw) => {
    const { driver } = rigOf(dialect);
    await driver.select('df01');
    expect((await driver.exchange(plainCommand(fromHex(apdu)))).sw).toBe(sw);
  });
});
