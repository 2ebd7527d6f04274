import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../bytes/hex.ts';
import { DirectSession } from '../../testing/direct-session.ts';
import {
  blankSle4428Main,
  SimulatedSle4428Card,
  type SimulatedSle4428Init,
} from '../../testing/chips/sle4428/card.ts';
import { AcsSle4428Firmware } from '../../testing/chips/sle4428/firmware.ts';
import { sle4428Kind } from '../../testing/chips/sle4428/kind.ts';
import { SLE4428_COMMANDS } from './commands.ts';
import type { Sle4428Driver } from './driver.ts';
import { sle4428Family } from './driver.ts';

const CODE = bytes('A1B2');
const commands = SLE4428_COMMANDS.acs;
const main = (offset: number, data: string) => ({ zone: 'main', offset, data: bytes(data) });

/** Of 2006: readings bring protect bits. */
const ACS_OF_2006: SimulatedSle4428Init['firmware'] = (chip) =>
  new AcsSle4428Firmware(chip, { firmwareOf2006: true });

async function opened(init: Partial<SimulatedSle4428Init> = {}) {
  const issued = sle4428Kind.issue({ contents: [], codes: [{ key: 0, code: CODE }] }).snapshot().state;
  const protection = bytes(String(issued['protection']));
  const card = new SimulatedSle4428Card({ main: blankSle4428Main(), code: CODE, protection, ...init });
  const session = new DirectSession(card);
  const driver = (await sle4428Family.open(session, { memoryDialect: 'acs' })) as Sle4428Driver;
  return { card, driver };
}

describe('ACS pseudo-APDUs for SLE4428', () => {
  it('are these bytes (ACR33U-A1 Reference Manual, chapter 8.2.10)', () => {
    expect(hex(commands.selectType() ?? new Uint8Array())).toBe('FFA400000105');
    expect(hex(commands.read(0x3f0, 0x0d).apdu)).toBe('FFB003F00D');
    expect(hex(commands.readErrorCounter().apdu)).toBe('FFB1000003');
    expect(commands.readProtection(0x08, 9).map(({ apdu }) => hex(apdu))).toEqual(['FFB2000802']);
    expect(commands.readProtection(0, 0x3fd).map(({ apdu }) => hex(apdu))).toEqual([
      'FFB2000020',
      'FFB2010020',
      'FFB2020020',
      'FFB2030020',
    ]);
    expect(hex(commands.write(0x150, bytes('0102')))).toBe('FFD00150020102');
    expect(hex(commands.protect(0x08, bytes('65')) ?? new Uint8Array())).toBe('FFD100080165');
    expect(hex(commands.presentCode(bytes('FFFF')))).toBe('FF20000002FFFF');
    expect(hex(commands.changeCode(bytes('1234')) ?? new Uint8Array())).toBe('FFD20001021234');
  });

  it('tell no counter from an answer of another length than was asked', () => {
    const { parse } = commands.readErrorCounter();
    expect(parse(bytes('FF0000'))).toBe(0xff);
    for (const other of ['', 'FF', 'FF00', 'FF000000']) expect(parse(bytes(other)), other).toBeUndefined();
  });

  it('take 90 FF for success, or old firmware’s counter of FF, and nothing else', () => {
    expect(commands.presented(bytes('90FF'))).toBe(0xff);
    expect(commands.presented(bytes('9000'))).toBe(0x00);
    expect(commands.presented(bytes('9007'))).toBe(0x07);
    expect(commands.presented(bytes('FFA1B29000'))).toBe(0xff);
    expect(commands.presented(bytes('FE00009000'))).toBe(0xfe);
    expect(commands.presented(bytes('6300'))).toBeUndefined();
    expect(commands.presented(bytes('FF9000'))).toBeUndefined();
  });
});

describe('the SLE4428 driver', () => {
  it('knows its cards, and those that are perhaps SLE5528', () => {
    expect(sle4428Family.matches(bytes('3B0492231091'))).toBe(true);
    expect(sle4428Family.matches(bytes('3B04B4231091'))).toBe(true);
    expect(sle4428Family.matches(bytes('3B04A2131091'))).toBe(false);
  });

  it('tells the tries by counted bits, whichever they are', async () => {
    const { driver } = await opened({ errorCounter: 0b1010_0110 });
    expect(await driver.tries()).toEqual({ left: 4, full: 8 });
    await expect(driver.presentCode(bytes('0000'))).rejects.toMatchObject({
      code: 'chip.code-wrong',
      context: { triesLeft: 3 },
    });
    await driver.presentCode(CODE);
    expect(await driver.tries()).toEqual({ left: 8, full: 8 });
  });

  it('never touches the counter or the code by address', async () => {
    const { driver, card } = await opened();
    await driver.presentCode(CODE);
    for (const [offset, length] of [[0x3fd, 1], [0x3f0, 14], [0x3ff, 1]] as const) {
      const region = { zone: 'main', offset };
      await expect(driver.read({ ...region, length })).rejects.toMatchObject({ code: 'chip.out-of-range' });
      await expect(driver.write({ ...region, data: new Uint8Array(length) })).rejects.toMatchObject({ code: 'chip.out-of-range' });
    }
    expect(card.errorCounter).toBe(0xff);
    expect((await driver.read({ zone: 'main', offset: 0, length: 0x3fd })).length).toBe(0x3fd);
  }); // prettier-ignore

  it.each([
    ['of today', {}],
    ['of 2006', { firmware: ACS_OF_2006 }],
  ])('asks for protect bits only below 20, and believes them: firmware %s', async (_name, init) => {
    const { driver, card } = await opened(init);
    await driver.presentCode(CODE);
    await expect(driver.write(main(0x06, '0000000000'))).rejects.toMatchObject({
      code: 'chip.protected',
      context: { address: 6 },
    });
    await expect(driver.write(main(0x15, '00'))).rejects.toMatchObject({ code: 'chip.protected' });
    await driver.write(main(0x10, '0102030405'));
    await driver.write(main(0x1b, '060708090A0B'));
    expect(hex(await driver.read({ zone: 'main', offset: 0x10, length: 6 }))).toBe('0102030405FF');
    card.resetUsage();
    await driver.write(main(0x20, '0C0D'));
    expect(card.usage.apdus).toBe(1);
    expect(hex(await driver.read({ zone: 'main', offset: 0x1b, length: 7 }))).toBe('060708090A0C0D');
  });

  it('protects at the issuer’s desk, anywhere', async () => {
    const { driver } = await opened();
    await expect(driver.protect(0x100, bytes('FF'))).rejects.toMatchObject({ code: 'chip.code-needed' });
    await driver.presentCode(CODE);
    await driver.protect(0x100, bytes('FF'));
    expect(await driver.readProtection(0xff, 3)).toEqual([true, false, true]);
    await driver.write(main(0xff, '010203'));
    // Not refused, since a write there does not ask first: what the card holds tells.
    expect(hex(await driver.read({ zone: 'main', offset: 0xff, length: 3 }))).toBe('01FF03');
  });

  it('changes the code', async () => {
    const { driver, card } = await opened();
    await expect(driver.changeCode(bytes('112233'))).rejects.toMatchObject({ code: 'chip.malformed' });
    await expect(driver.changeCode(bytes('1122'))).rejects.toMatchObject({ code: 'chip.code-needed' });
    await driver.presentCode(CODE);
    await driver.changeCode(bytes('1122'));
    expect(card.snapshot().state['code']).toBe('1122');
  });
});
