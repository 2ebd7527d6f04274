import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../bytes/hex.ts';
import { AT88SC1608_COMMANDS } from './commands.ts';

const commands = AT88SC1608_COMMANDS.acs;

describe('ACS pseudo-APDUs for AT88SC1608', () => {
  it('are these bytes (ACR38x and ACR33U-A1 reference manuals)', () => {
    expect(hex(commands.selectType())).toBe('FFA400000104');
    expect(hex(commands.read(3, 0x20, 0x81))).toBe('FFB0032081');
    expect(hex(commands.readConfig(0x40, 1))).toBe('FFB1004001');
    expect(hex(commands.readFuses())).toBe('FFB1008001');
    expect(hex(commands.write(3, 0x20, bytes('0102')))).toBe('FFD00320020102');
    expect(hex(commands.writeConfig(0x41, bytes('010203')))).toBe('FFD1004103010203');
    expect(hex(commands.blowFuse())).toBe('FFD1008000');
    expect(hex(commands.verifyPassword(0x0f, bytes('A1B2C3')))).toBe('FF200000040FA1B2C3');
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
