import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../bytes/hex.ts';
import { DirectSession } from '../../testing/direct-session.ts';
import { decodeAccess, encodeAccess, ISSUED_ZONES } from './access.ts';
import { AT88SC1608_COMMANDS } from './commands.ts';
import { counterAddress, FUSES_INTACT } from './constants.ts';
import { At88Sc1608Driver } from './driver.ts';
import { CODE, issue, again, open } from '../../testing/chips/at88sc1608/driver-rig.ts';

const commands = AT88SC1608_COMMANDS.acs;

describe('access registers (layout unconfirmed)', () => {
  it('say the same in both directions', () => {
    for (let register = 0; register < 256; register++) {
      expect(encodeAccess(decodeAccess(register))).toBe(register);
    }
    expect(decodeAccess(0xff)).toEqual({
      ...{ writePassword: false, readPassword: false, authentication: false },
      ...{ set: 7, modifyForbidden: false, programOnly: false },
    });
  });
});

describe('the driver', () => {
  it('writes right whatever a reader makes of pages', async () => {
    for (const splitsPages of [true, false]) {
      const card = again(issue(), { splitsPages });
      const driver = await open(card);
      await driver.presentCode(CODE, 0);
      const data = Uint8Array.from({ length: 100 }, (_, i) => i);
      card.resetUsage();
      await driver.write({ zone: 'user0', offset: 0x1d, data });
      expect(card.zone('user0')?.slice(0x1d, 0x1d + 100)).toEqual(data);
      expect(card.usage.eepromCycles).toBe(8);
    }
  });

  it('reads a whole zone, which is more than one command carries', async () => {
    const card = issue();
    card.zone('user0')?.forEach((_, i, cells) => (cells[i] = i));
    expect(await (await open(card)).read({ zone: 'user0', offset: 0, length: 256 })).toEqual(
      card.zone('user0'),
    );
  });

  it('takes no zeros for bytes of a zone that is closed', async () => {
    const card = issue([0, 7, 15]);
    card.zone('user3')?.fill(0x33);
    const driver = await open(card);
    const region = { zone: 'user3', offset: 0x80, length: 2 };
    for (const key of [undefined, 0]) {
      if (key !== undefined) await driver.presentCode(CODE, key);
      await expect(driver.read(region)).rejects.toMatchObject({ code: 'chip.unreadable' });
    }
    for (const key of [15, 7]) {
      await driver.presentCode(CODE, key);
      expect(hex(await driver.read(region))).toBe('3333');
    }
    await driver.write({ zone: 'user3', offset: 0x80, data: bytes('44') });
    expect(hex(await driver.read(region))).toBe('4433');
  });

  it('knows that another password ended the one before, a wrong one too', async () => {
    const driver = await open(issue([0, 7]));
    const data = { zone: 'user0', offset: 0, data: bytes('00') };
    await driver.presentCode(CODE, 0);
    await driver.presentCode(CODE, 7);
    await expect(driver.write(data)).rejects.toMatchObject({ code: 'chip.code-needed' });
    await driver.presentCode(CODE, 0);
    await driver.write(data);
    await expect(driver.presentCode(bytes('000000'), 7)).rejects.toMatchObject({ code: 'chip.code-wrong' });
    await expect(driver.write(data)).rejects.toMatchObject({ code: 'chip.code-needed' });
  });

  it('counts the tries of all sixteen passwords and burns none', async () => {
    const card = issue();
    const driver = await open(card);
    const config = card.zone('config') ?? new Uint8Array();
    for (let key = 0; key < 16; key++) config[counterAddress(key)] = 0xff >> (key % 8);
    for (let key = 0; key < 16; key++)
      expect(await driver.tries(key)).toEqual({ left: 8 - (key % 8), full: 8 });
    await expect(driver.tries(16)).rejects.toMatchObject({ code: 'chip.out-of-range' });
  });

  it('takes which code a zone needs as data', async () => {
    const card = issue([0]);
    const session = new DirectSession(card);
    await session.transmit(commands.selectType());
    const driver = new At88Sc1608Driver(session, commands, { ...ISSUED_ZONES, user0: { write: 4 } });
    await driver.presentCode(CODE, 0);
    await expect(driver.write({ zone: 'user0', offset: 0, data: bytes('00') })).rejects.toMatchObject({
      code: 'chip.code-needed',
    });
  });

  it('writes no configuration', async () => {
    const data = { zone: 'config', offset: 0x10, data: bytes('00') };
    await expect((await open(issue())).write(data)).rejects.toMatchObject({ code: 'chip.protected' });
    const fresh = await open(again(issue(), { fuses: FUSES_INTACT }));
    await expect(fresh.write(data)).rejects.toMatchObject({ code: 'chip.unsupported' });
  });
});
