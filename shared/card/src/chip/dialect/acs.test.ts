import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../bytes/hex.ts';
import { SLE4442_COMMANDS } from '../sle4442/commands.ts';
import { ACS_SLE4442 } from '../sle4442/acs.ts';
import { decodeAcs, encodeAcs, type AcsTable } from './acs.ts';

const commands = SLE4442_COMMANDS.acs;

describe('ACS pseudo-APDUs for SLE4442', () => {
  it('are these bytes (ACR38 and ACR1281U reference manuals)', () => {
    expect(hex(commands.selectType() ?? new Uint8Array())).toBe('FFA400000106');
    expect(hex(commands.read(0x20, 0x2d).apdu)).toBe('FFB000202D');
    expect(hex(commands.readErrorCounter().apdu)).toBe('FFB1000004');
    expect(hex(commands.readProtection().apdu)).toBe('FFB2000004');
    expect(hex(commands.write(0x50, bytes('0102')))).toBe('FFD00050020102');
    expect(hex(commands.protect(0x08, bytes('65')) ?? new Uint8Array())).toBe('FFD100080165');
    expect(hex(commands.presentCode(bytes('FFFFFF')))).toBe('FF20000003FFFFFF');
    expect(hex(commands.changeCode(bytes('123456')) ?? new Uint8Array())).toBe('FFD2000103123456');
  });

  it('tell no counter from an answer of another length than was asked', () => {
    const { parse } = commands.readErrorCounter();
    expect(parse(bytes('07000000'))).toBe(0x07);
    for (const other of ['', '07', '070000', '0700000000'])
      expect(parse(bytes(other)), other).toBeUndefined();
  });

  it('give the counter after 90, never that the code was right', () => {
    expect(commands.presented(bytes('9007'))).toBe(0x07);
    expect(commands.presented(bytes('9003'))).toBe(0x03);
    expect(commands.presented(bytes('9000'))).toBe(0x00);
    expect(commands.presented(bytes('6300'))).toBeUndefined();
    expect(commands.presented(bytes('079007'))).toBeUndefined();
  });

  it('decode to what was encoded', () => {
    const names = Object.keys(ACS_SLE4442) as (keyof typeof ACS_SLE4442)[];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(255),
        fc.nat(255),
        fc.uint8Array({ minLength: 1, maxLength: 255 }),
        (name, p1, p2, data) => {
          const body = ACS_SLE4442[name].body === 'data' ? { data } : { length: data.length };
          const command = { name, p1, p2, ...body };
          expect(decodeAcs(ACS_SLE4442, encodeAcs(ACS_SLE4442, command))).toEqual(command);
        },
      ),
      { seed: 1 },
    );
  });

  it('never throw on other bytes', () => {
    for (const other of [
      '',
      'FF',
      'FFB0000000',
      'FFB00020',
      '00B0000010',
      'FFD0002003AABB',
      'FFB000201000',
      'FFEE000001',
    ]) {
      expect(decodeAcs(ACS_SLE4442, bytes(other)), other).toBeUndefined();
    }
    expect(() => encodeAcs(ACS_SLE4442, { name: 'read', p1: 0, p2: 0, length: 256 })).toThrow('1 to 255');
    expect(() => encodeAcs(ACS_SLE4442, { name: 'read', p1: 0, p2: 0, data: bytes('00') })).toThrow(
      'takes a length',
    );
  });

  it('tell a command with data from one with an empty field', () => {
    const table = {
      write: { ins: 0xd1, body: 'data' },
      burn: { ins: 0xd1, body: 'empty' },
    } as const satisfies AcsTable;
    const burn = { name: 'burn', p1: 0, p2: 0x80 } as const;
    expect(hex(encodeAcs(table, burn))).toBe('FFD1008000');
    expect(decodeAcs(table, bytes('FFD1008000'))).toEqual(burn);
    expect(decodeAcs(table, bytes('FFD100800155'))?.name).toBe('write');
    expect(decodeAcs(table, bytes('FFD100800055'))).toBeUndefined();
    expect(() => encodeAcs(table, { ...burn, data: bytes('00') })).toThrow('takes nothing');
  });
});
