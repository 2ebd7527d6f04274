import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.ts';
import { AT88SC153_COMMANDS } from './commands.ts';

const commands = AT88SC153_COMMANDS.acs;
const Q0 = fromHex('0102030405060708');

describe('ACS pseudo-APDUs for AT88SC153', () => {
  it('are these bytes (ACR38x Reference Manual 6.04 §9.3.3)', () => {
    expect(toHex(commands.selectType())).toBe('FFA400000103');
    expect(toHex(commands.read(1, 0x08, 0x0c))).toBe('FFB100080C');
    expect(toHex(commands.read(3, 0x30, 1))).toBe('FFB3003001');
    expect(toHex(commands.write(2, 0x10, fromHex('0102')))).toBe('FFD20010020102');
    expect(toHex(commands.readFuses())).toBe('FFB4000001');
    expect(toHex(commands.writeFuse(4))).toBe('FFD400000104');
    expect([0, 1, 2, 3].map((key) => toHex(commands.verifyPassword(key as 0, fromHex('112233'))))).toEqual([
      'FF20000003112233',
      'FF20000103112233',
      'FF20000203112233',
      'FF20000303112233',
    ]);
    expect(toHex(commands.initialiseAuth(Q0))).toBe('FF840000080102030405060708');
    expect(toHex(commands.verifyAuth(Q0))).toBe('FF820000080102030405060708');
  });

  it('take 90 FF for success and nothing else', () => {
    expect(commands.verified(0x90ff)).toEqual({ accepted: true });
    expect(commands.verified(0x9000)).toEqual({ accepted: false, counter: 0x00 });
    expect(commands.verified(0x90ee)).toEqual({ accepted: false, counter: 0xee });
    expect(commands.verified(0x6300)).toBeUndefined();
  });
});
