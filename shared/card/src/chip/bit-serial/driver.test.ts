import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../bytes/hex.ts';
import { bitSerialKind } from '../../testing/chips/bit-serial/kind.ts';
import { BIT_SERIAL_TABLES } from './families.ts';
import { AT88SC102 } from './tables/at88sc102.ts';
import { AT88SC1602 } from './tables/at88sc1602.ts';
import { AT88SC1604 } from './tables/at88sc1604.ts';
import { AT88SC1604B } from './tables/at88sc1604b.ts';
import { SC, KEY, cardOf, driverOn } from '../../testing/chips/bit-serial/driver-rig.ts';

describe('commands to the reader', () => {
  it('are those of the ACS manuals for an AT88SC102, bytes turned round', async () => {
    const card = cardOf(AT88SC102, [{ zone: 'sc', offset: 0, data: bytes('1234') }]);
    const { driver, sent } = await driverOn(card);
    await driver.presentCode(bytes('1234'));
    await driver.write({ zone: 'az1', offset: 1, data: bytes('7F01') });
    await driver.write({ zone: 'cpz', offset: 0, data: bytes('0F') });
    await driver.write({ zone: 'cpz', offset: 0, data: bytes('F3') });
    expect(sent).toEqual([
      'FFA400000109',
      'FFB0000C02', 'FF20080A02482C', 'FFB0000C02',
      'FFB0001601', 'FFB0001702', 'FFD0001702FE80',
      'FFB0000E02', 'FFD0000E01F0',
      'FFB0000E02', 'FFD2000E00', 'FFD0000E01CF',
    ]); // prettier-ignore
    expect(hex(await driver.read({ zone: 'cpz', offset: 0, length: 2 }))).toBe('F3FF');
  });

  it('carry two bytes of address to the 16 Kbit chips, and split what is longer than a command', async () => {
    const card = cardOf(AT88SC1604, [{ zone: 'ez2', offset: 0, data: bytes('A1B2') }]);
    const { driver, sent } = await driverOn(card);
    await driver.presentCode(SC, 0);
    await driver.presentCode(bytes('A1B2'), 2);
    expect(sent.slice(4)).toEqual(['FFB004CA01', 'FF2004C802854D', 'FFB004CA01']);
    sent.length = 0;
    await expect(driver.write({ zone: 'az1', offset: 1, data: SC })).rejects.toMatchObject({
      code: 'chip.code-needed',
    });
    const data = new Uint8Array(255).map((_, i) => i);
    await driver.write({ zone: 'az2', offset: 1, data: data.fill(0xfe) });
    await driver.write({ zone: 'az2', offset: 1, data: data.fill(0xfd) });
    expect(sent.map((apdu) => apdu.slice(0, 10))).toEqual([
      'FFB004CB01', 'FFB004CCFF', 'FFD004CCFF',
      'FFB004CCFF', 'FFD204CCFE', 'FFD205CA01', 'FFD004CCFF',
    ]); // prettier-ignore
    expect(await driver.read({ zone: 'az2', offset: 1, length: 255 })).toEqual(data);
    expect((await driver.read({ zone: 'az1', offset: 0, length: 1195 })).length).toBe(1195);
  });
});

describe('pulses', () => {
  it('are the fewest: an erasure only where a bit must rise, a write only for a bit that must fall', async () => {
    const card = cardOf(AT88SC1602, [{ zone: 'az1', offset: 1, data: bytes('5555550F') }]);
    const { driver } = await driverOn(card);
    await driver.presentCode(SC, 0);
    await driver.presentCode(bytes('FFFF'), 1);
    card.resetUsage();
    // One bit falls; only rises; both; untouched.
    await driver.write({ zone: 'az1', offset: 1, data: bytes('54FF7E0F') });
    expect(card.usage).toMatchObject({ eepromMs: 4 * (1 + 1 + (1 + 2)), eepromCycles: 3 });
    expect(hex(await driver.read({ zone: 'az1', offset: 1, length: 4 }))).toBe('54FF7E0F');
  });

  it('compare with what is there now after a pulse that failed', async () => {
    const card = cardOf(AT88SC1602);
    const { driver } = await driverOn(card);
    await driver.presentCode(SC, 0);
    await driver.presentCode(bytes('FFFF'), 1);
    card.weakHook = () => true;
    await driver.write({ zone: 'az1', offset: 1, data: bytes('0F') });
    card.weakHook = undefined;
    await driver.write({ zone: 'az1', offset: 1, data: bytes('0F') });
    expect(hex(await driver.read({ zone: 'az1', offset: 1, length: 1 }))).toBe('0F');
  });
});

describe('what is refused', () => {
  it('are the access bits, a zone that they close, and everything that the issuer owns', async () => {
    const card = cardOf(AT88SC1604, [{ zone: 'az2', offset: 0, data: bytes('7F') }]);
    const { driver } = await driverOn(card);
    for (const key of [0, 1, 2]) await driver.presentCode(key === 0 ? SC : bytes('FFFF'), key);
    for (const [zone, offset] of [['az1', 0], ['az2', 4], ['iz', 0], ['fz', 0], ['scac', 0], ['sc', 0], ['ez1', 0]] as const) {
      await expect(driver.write({ zone, offset, data: bytes('00') })).rejects.toMatchObject({ code: 'chip.protected' });
    }
    expect(card.zone('az1')?.[0]).toBe(0xff);
  }); // prettier-ignore

  it('is a rising bit in an AT88SC102, whose zones are erased whole', async () => {
    const card = cardOf(AT88SC102, [
      { zone: 'az1', offset: 1, data: bytes('5500') },
      { zone: 'ez1', offset: 0, data: KEY },
    ]);
    const { driver } = await driverOn(card);
    await expect(driver.eraseZone('az1', KEY)).rejects.toMatchObject({ code: 'chip.code-needed' });
    await driver.presentCode(SC);
    await driver.write({ zone: 'az1', offset: 1, data: bytes('54') });
    await expect(driver.write({ zone: 'az1', offset: 1, data: bytes('56') })).rejects.toMatchObject({
      code: 'chip.unsupported',
    });
    await expect(driver.eraseZone('az1', bytes('A1B2C3D4E5F7'))).rejects.toMatchObject({
      code: 'chip.code-wrong',
    });
    expect(hex(card.zone('az1')?.subarray(0, 3) ?? SC)).toBe('FF5400');
    await driver.eraseZone('az1', KEY);
    await driver.write({ zone: 'az1', offset: 1, data: bytes('56') });
    expect(hex(await driver.read({ zone: 'az1', offset: 0, length: 3 }))).toBe('FF56FF');
    await driver.eraseZone('az2', bytes('FFFFFFFF'));
    expect(card.zone('ec')?.[0]).toBe(0x7f);
  });

  it('is erasing a zone of the chips that erase by bytes', async () => {
    const { driver } = await driverOn(cardOf(AT88SC1602));
    await expect(driver.eraseZone('az1', SC)).rejects.toMatchObject({ code: 'chip.out-of-range' });
  });
});

it('a reader that leaves I/O high over an erase key of ones erases AZ1 as it erases in the zone behind', async () => {
  const erased = async (avoidsEraseKey: boolean): Promise<string> => {
    const card = cardOf(AT88SC102, [{ zone: 'az1', offset: 1, data: bytes('5500') }], { avoidsEraseKey });
    const { driver } = await driverOn(card);
    await driver.presentCode(SC);
    card.transmit(bytes('FFD2005C00'));
    return hex(await driver.read({ zone: 'az1', offset: 0, length: 3 }));
  };
  expect(await erased(true)).toBe('FF5500');
  expect(await erased(false)).toBe('FFFFFF');
});

it('a card comes back whole from a snapshot', () => {
  for (const table of [...BIT_SERIAL_TABLES, AT88SC1604B]) {
    const kind = bitSerialKind(table);
    const card = kind.blank(3);
    expect(kind.restore(card.snapshot()).snapshot()).toEqual(card.snapshot());
  }
});
