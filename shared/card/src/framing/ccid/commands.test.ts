import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.ts';
import { CodedError } from '../../errors.ts';
import { parametersOf } from './answers.ts';
import * as commands from './commands.ts';
import type { CommandBody } from './commands.ts';
import { COMMAND } from './constants.ts';
import { decodeCommand, decodeResponse, encodeCommand } from './message.ts';
import { decodeProtocolData, encodeProtocolData } from './parameters.ts';
import type { ProtocolData } from './parameters.ts';
import { PIN_ENDS, decodePinVerification, verifyPin } from './pin.ts';

const hexOf = (body: CommandBody): string => toHex(encodeCommand({ ...body, slot: 1, seq: 9 }));
const T1: ProtocolData = {
  protocol: 1,
  fiDi: 0x96,
  guardTime: 2,
  waiting: 0x65,
  clockStop: 0,
  inverse: false,
  crc: true,
  ifsc: 0xfe,
  nad: 0,
};

describe('each CCID command', () => {
  // Byte by byte from the tables of CCID rev 1.1 §6.1.1 to §6.1.14.
  it.each([
    ['iccPowerOn', commands.iccPowerOn(2), '62000000000109020000'],
    ['iccPowerOff', commands.iccPowerOff, '63000000000109000000'],
    ['getSlotStatus', commands.getSlotStatus, '65000000000109000000'],
    [
      'xfrBlock',
      commands.xfrBlock({ data: fromHex('A1B2'), bwi: 3, level: 0x0110 }),
      '6F020000000109031001A1B2',
    ],
    ['getParameters', commands.getParameters, '6C000000000109000000'],
    ['resetParameters', commands.resetParameters, '6D000000000109000000'],
    ['escape', commands.escape(fromHex('1F01')), '6B0200000001090000001F01'],
    ['iccClock, restart', commands.iccClock('restart'), '6E000000000109000000'],
    ['iccClock, stop', commands.iccClock('stop'), '6E000000000109010000'],
    ['t0Apdu', commands.t0Apdu({ envelope: 0x80 }), '6A000000000109020080'],
    ['secure', commands.secure(4, new Uint8Array()), '6901000000010900000004'],
    ['mechanical', commands.mechanical('eject'), '71000000000109020000'],
    ['abort', commands.abort, '72000000000109000000'],
    [
      'setDataRateAndClock',
      commands.setDataRateAndClock(4_000, 9_600),
      '73080000000109000000A00F000080250000',
    ],
  ] as const)('is laid out as the specification has it: %s', (_, body, hex) => {
    expect(hexOf(body)).toBe(hex);
    expect(decodeCommand(fromHex(hex)).name in COMMAND).toBe(true);
  });

  // A Gemalto reader and an OsEID card, T=1 with CRC, recorded by R:popovec/oseid doc/T1_CRC.txt. The card's TC1 is 02.
  it('sets parameters as they were seen on the wire', () => {
    const sent = encodeCommand({ ...commands.setParameters(T1), slot: 0, seq: 9 });
    expect(toHex(sent)).toBe('61070000000009010000' + '9611026500FE00');
    const answer = decodeResponse(fromHex('82070000000009000001' + '9611026500FE00'));
    expect(parametersOf(answer)).toEqual(T1);
  });
});

describe('protocol data', () => {
  const clockStop = fc.constantFrom<0 | 1 | 2 | 3>(0, 1, 2, 3);
  const common = {
    fiDi: fc.nat(0xff),
    guardTime: fc.nat(0xff),
    waiting: fc.nat(0xff),
    clockStop,
    inverse: fc.boolean(),
  };

  it('comes back as it went in, five bytes for T=0 and seven for T=1', () => {
    const data: fc.Arbitrary<ProtocolData> = fc.oneof(
      fc.record({ protocol: fc.constant(0 as const), ...common }),
      fc.record({
        protocol: fc.constant(1 as const),
        ...common,
        crc: fc.boolean(),
        ifsc: fc.nat(0xff),
        nad: fc.nat(0xff),
      }),
    );
    fc.assert(
      fc.property(data, (sent) => {
        const bytes = encodeProtocolData(sent);
        expect(bytes.length).toBe(sent.protocol === 0 ? 5 : 7);
        expect(decodeProtocolData(sent.protocol, bytes)).toEqual(sent);
      }),
    );
  });

  it('of any other length or protocol is refused with a typed error', () => {
    expect(() => decodeProtocolData(2, new Uint8Array(5))).toThrow(CodedError);
    expect(() => decodeProtocolData(0, new Uint8Array(7))).toThrow(CodedError);
  });
});

describe('the verification of a PIN', () => {
  // Field values as in R:LudovicRousseau/CCID examples/scardcontrol.c, offsets of CCID rev 1.1 §6.1.11.
  const pin = {
    timeout: 0,
    format: 0x82,
    block: 0x08,
    lengthFormat: 0,
    minDigits: 4,
    maxDigits: 8,
    ends: PIN_ENDS.key,
    messages: 1,
    language: 0x0804,
    messageIndex: 0,
    apdu: fromHex('0020000108' + '3030303030303030'),
  };

  it('puts each field where the reader looks for it', () => {
    expect(hexOf(verifyPin(pin))).toBe(
      '691C000000' +
        '0109000000' +
        '00' +
        '00' +
        '820800' +
        '0804' +
        '02' +
        '01' +
        '0408' +
        '00' +
        '000000' +
        toHex(pin.apdu),
    );
    expect(decodePinVerification(verifyPin(pin).data)).toEqual(pin);
  });

  it('is refused where it is not whole, or something else', () => {
    expect(() => decodePinVerification(fromHex('0000'))).toThrow(CodedError);
    expect(() => decodePinVerification(fromHex('01'))).toThrow(CodedError);
  });
});
