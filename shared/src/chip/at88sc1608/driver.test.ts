import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../bytes/hex.ts';
import {
  SimulatedAt88Sc1608Card,
  type SimulatedAt88Sc1608Init,
} from '../../testing/chips/at88sc1608/card.ts';
import { at88sc1608Kind } from '../../testing/chips/at88sc1608/kind.ts';
import { DirectSession } from '../../testing/direct-session.ts';
import { decodeAccess, encodeAccess, ISSUED_ZONES } from './access.ts';
import { AT88SC1608_COMMANDS } from './commands.ts';
import { counterAddress, CONFIG, FUSES_INTACT } from './constants.ts';
import { At88Sc1608Driver, at88sc1608Family } from './driver.ts';

const commands = AT88SC1608_COMMANDS.acs;
const CODE = bytes('A1B2C3');
const SECURE = bytes('343434');

const issue = (keys: readonly number[] = [0]) =>
  at88sc1608Kind.issue({ contents: [], codes: keys.map((key) => ({ key, code: CODE })) });
/** The same card with other fuses, or in another reader. */
function again(card: ReturnType<typeof issue>, init: Partial<SimulatedAt88Sc1608Init>) {
  const config = card.zone('config') ?? new Uint8Array();
  const user = Array.from({ length: 8 }, (_, zone) => card.zone(`user${zone}`) ?? new Uint8Array());
  return new SimulatedAt88Sc1608Card({ config, user, fuses: 0, ...init });
}

async function open(card: ReturnType<typeof issue>): Promise<At88Sc1608Driver> {
  const driver = await at88sc1608Family.open(new DirectSession(card), { memoryDialect: 'acs' });
  if (!(driver instanceof At88Sc1608Driver)) throw new Error('another driver');
  return driver;
}

describe('ACS pseudo-APDUs for AT88SC1608', () => {
  it('are these bytes (ACR38x and ACR33U-A1 reference manuals)', () => {
    expect(hex(commands.selectType())).toBe('FFA400000104');
    expect(hex(commands.read(3, 0x20, 0x81))).toBe('FFB0032081');
    expect(hex(commands.readConfig(0x40, 1))).toBe('FFB1004001');
    expect(hex(commands.readFuses())).toBe('FFB1008001');
    expect(hex(commands.write(3, 0x20, bytes('0102')))).toBe('FFD00320020102');
    expect(hex(commands.writeConfig(0x41, bytes('010203')))).toBe('FFD1004103010203');
    expect(hex(commands.blowFuse())).toBe('FFD1008000');
    expect(hex(commands.verifyPassword(0x0f, CODE))).toBe('FF200000040FA1B2C3');
    expect(hex(commands.initializeAuthentication(bytes('0102030405060708')))).toBe('FF840000080102030405060708');
    expect(hex(commands.verifyAuthentication(bytes('0102030405060708')))).toBe('FF820000080102030405060708');
  }); // prettier-ignore

  it('take 90 FF for success and nothing else, 90 00 least of all', () => {
    expect(commands.verified(0x90ff)).toEqual({ accepted: true });
    expect(commands.verified(0x90fe)).toEqual({ accepted: false, counter: 0xfe });
    expect(commands.verified(0x9000)).toEqual({ accepted: false, counter: 0x00 });
    expect(commands.verified(0x6300)).toBeUndefined();
  });
});

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

describe('beyond a purchase', () => {
  it('authenticates both sides with the card’s own Gc', async () => {
    const card = issue();
    const config = card.zone('config') ?? new Uint8Array();
    const gc = config.slice(CONFIG.secretSeed.at, CONFIG.secretSeed.at + 8);
    const before = hex(config.slice(CONFIG.cryptogram.at, CONFIG.cryptogram.at + 8));
    const driver = await open(card);
    await driver.authenticate({ gc, random: bytes('0102030405060708') });
    expect(hex(config.slice(CONFIG.cryptogram.at, CONFIG.cryptogram.at + 8))).not.toBe(before);
    expect(card.tries.at(-1)).toEqual({ left: 8, full: 8 });
    await expect(
      driver.authenticate({ gc: bytes('1122334455667788'), random: bytes('0102030405060708') }),
    ).rejects.toMatchObject({ code: 'chip.code-wrong' });
    expect(card.tries.at(-1)).toEqual({ left: 7, full: 8 });
    await driver.authenticate({ gc, random: bytes('1112131415161718') });
    expect(card.tries.at(-1)).toEqual({ left: 8, full: 8 });
  });

  it('a card pulled out of an authentication anywhere can be authenticated again', async () => {
    for (let place = 0; ; place++) {
      const card = issue();
      const config = card.zone('config') ?? new Uint8Array();
      const gc = config.slice(CONFIG.secretSeed.at, CONFIG.secretSeed.at + 8);
      let operations = 0;
      card.cutHook = () => operations++ === place;
      const cut = await (await open(card)).authenticate({ gc, random: bytes('0102030405060708') }).then(
        () => false,
        () => true,
      );
      card.cutHook = undefined;
      await (await open(card)).authenticate({ gc, random: bytes('1112131415161718') });
      expect(card.tries.at(-1)).toEqual({ left: 8, full: 8 });
      if (!cut) {
        expect(operations).toBe(18);
        return;
      }
    }
  });

  it('changes passwords after the Write password of their set', async () => {
    const driver = await open(issue([0]));
    await expect(driver.changePassword(8, bytes('010203'))).rejects.toMatchObject({
      code: 'chip.code-needed',
    });
    await driver.presentCode(CODE, 0);
    await driver.changePassword(8, bytes('010203'));
    await driver.changePassword(0, bytes('040506'));
    await expect(driver.changePassword(1, bytes('010203'))).rejects.toMatchObject({
      code: 'chip.code-needed',
    });
    await expect(driver.changePassword(0, bytes('0102'))).rejects.toMatchObject({ code: 'chip.malformed' });
    await driver.presentCode(bytes('010203'), 8);
    await driver.presentCode(bytes('040506'), 0);
  });

  it('leaves any password behind when a change is cut: why it is in no plan', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const card = again(issue([0]), { seed });
      const driver = await open(card);
      await driver.presentCode(CODE, 0);
      let left = 1 + (seed % 6);
      card.cutHook = () => --left === 0;
      await expect(driver.changePassword(0, bytes('5A5A5A'))).rejects.toMatchObject({
        code: 'reader.removed',
      });
      seen.add(hex(card.zone('config')?.slice(0x41, 0x44) ?? new Uint8Array()));
    }
    expect([...seen].filter((code) => code !== 'A1B2C3' && code !== '5A5A5A').length).toBeGreaterThan(3);
  });

  it('issues a blank card: configuration, then fuses for ever', async () => {
    const card = at88sc1608Kind.blank();
    const driver = await open(card);
    await expect(driver.blowFuse()).rejects.toMatchObject({ code: 'chip.code-needed' });
    await expect(driver.writeConfig(0x10, bytes('63'))).rejects.toMatchObject({ code: 'chip.code-needed' });
    await driver.presentCode(SECURE, 7);
    await driver.writeConfig(0x10, bytes('633F3F3F3F3F3F3F'));
    await driver.writeConfig(counterAddress(0) + 1, CODE);
    await expect(driver.writeConfig(0x00, bytes('00'))).rejects.toMatchObject({ code: 'chip.refused' });
    expect([await driver.blowFuse(), await driver.blowFuse(), await driver.blowFuse()]).toEqual([6, 4, 0]);
    await expect(driver.blowFuse()).rejects.toMatchObject({ code: 'chip.protected' });
    await expect(driver.writeConfig(0x10, bytes('FF'))).rejects.toMatchObject({ code: 'chip.refused' });
    const config = await driver.readConfig();
    expect(hex(config.slice(0, 4))).toBe('2CAA55A0');
    expect(hex(config.slice(0x30, 0x38))).toBe('00'.repeat(8));
  });
});
