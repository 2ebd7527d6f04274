import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.ts';
import { CodedError } from '../../errors.ts';
import { COMMAND, RESPONSE } from './constants.ts';
import type { CommandName, ResponseName } from './constants.ts';
import { decodeDescriptor, encodeDescriptor, levelOf } from './descriptor.ts';
import { decodeInterrupt, encodeSlotChange } from './interrupt.ts';
import { announcedLength, decodeCommand, decodeResponse, encodeCommand, encodeResponse } from './message.ts';

/** Throws nothing but typed errors. */
function onlyTyped(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(CodedError);
  }
}

const byte = fc.nat(0xff);

describe('CCID messages', () => {
  it('power a card on as the specification lays the bytes out (rev 1.1 §6.1.1)', () => {
    const command = {
      name: 'iccPowerOn',
      slot: 0,
      seq: 5,
      parameters: [1, 0, 0],
      data: new Uint8Array(),
    } as const;
    expect(toHex(encodeCommand(command))).toBe('62000000000005010000');
  });

  it('carry an APDU (SELECT of 3F00) in a block (§6.1.4)', () => {
    const data = fromHex('00A40000023F00');
    expect(toHex(encodeCommand({ name: 'xfrBlock', slot: 0, seq: 1, parameters: [0, 0, 0], data }))).toBe(
      '6F07000000000100000000A40000023F00',
    );
  });

  // Seen on the wire in R:LudovicRousseau/PCSC issue 66: removal, then a status with bStatus 42 and bError FE.
  it('tell of a card that is gone', () => {
    expect(decodeInterrupt(fromHex('5002'))).toMatchObject({ type: 'slot-change' });
    const gone = decodeResponse(fromHex('810000000000' + '07' + '42FE00'));
    expect(gone).toMatchObject({ name: 'slotStatus', icc: 'absent', command: 'failed', error: 0xfe });
  });

  it('come back as they went in, and split anywhere are not taken for whole', () => {
    const command = fc.record({
      name: fc.constantFrom(...(Object.keys(COMMAND) as CommandName[])),
      slot: byte,
      seq: byte,
      parameters: fc.tuple(byte, byte, byte),
      data: fc.uint8Array({ maxLength: 300 }),
    });
    fc.assert(
      fc.property(command, fc.nat(), (message, cut) => {
        const bytes = encodeCommand(message);
        expect(decodeCommand(bytes)).toEqual(message);
        expect(announcedLength(bytes)).toBe(bytes.length);
        expect(() => decodeCommand(bytes.subarray(0, cut % bytes.length))).toThrow(CodedError);
      }),
    );
    const response = fc.record({
      name: fc.constantFrom(...(Object.keys(RESPONSE) as ResponseName[])),
      slot: byte,
      seq: byte,
      icc: fc.constantFrom('active' as const, 'inactive' as const, 'absent' as const),
      command: fc.constantFrom('done' as const, 'failed' as const, 'time-extension' as const),
      error: byte,
      parameter: byte,
      data: fc.uint8Array({ maxLength: 300 }),
    });
    fc.assert(
      fc.property(response, (message) => {
        expect(decodeResponse(encodeResponse(message))).toEqual(message);
      }),
    );
  });

  it('of any bytes give a message or a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        for (const decode of [decodeCommand, decodeResponse, decodeInterrupt, decodeDescriptor]) {
          onlyTyped(() => decode(bytes));
        }
      }),
    );
  });

  it('notify changes of several slots, two bits each', () => {
    const slots = [
      { present: true, changed: true },
      { present: false, changed: true },
      { present: true, changed: false },
      { present: false, changed: false },
      { present: true, changed: true },
    ];
    expect(toHex(encodeSlotChange(slots))).toBe('501B03');
    expect(decodeInterrupt(fromHex('501B03'))).toMatchObject({
      slots: expect.arrayContaining(slots) as unknown,
    });
  });

  // Field by field from R:LudovicRousseau/CCID readers/ACR38U-CCID.txt and ACS_ACR39U_ICC_Reader.txt.
  it.each([
    {
      reader: 'ACR38U-CCID',
      hex:
        '362100010001' +
        '03000000' +
        'A00F0000A00F000000' +
        '002A000008F8010000' +
        'FE000000' +
        '0000000000000000' +
        '30000100' +
        '0F010000' +
        '0000' +
        '0000' +
        '00' +
        '01',
      says: {
        slots: 1,
        voltages: 1,
        protocols: 3,
        features: 0x10030,
        maxMessage: 271,
        maxIfsd: 254,
        defaultClock: 4000,
        maxClock: 4000,
        dataRate: 10_752,
        maxDataRate: 129_032,
        dataRates: 0,
        mechanical: 0,
        classGetResponse: 0,
        classEnvelope: 0,
        lcd: 0,
        pin: 0,
        busySlots: 1,
      },
    },
    {
      reader: 'ACR39U',
      hex:
        '362110010007' +
        '03000000' +
        'C0120000803E000000' +
        '67320000909A0C0000' +
        'F7000000' +
        '0000000000000000' +
        'B2000100' +
        '0F010000' +
        'FFFF' +
        '0000' +
        '00' +
        '01',
      says: {
        slots: 1,
        voltages: 7,
        protocols: 3,
        features: 0x100b2,
        maxMessage: 271,
        maxIfsd: 247,
        defaultClock: 4800,
        maxClock: 16_000,
        dataRate: 12_903,
        maxDataRate: 826_000,
        dataRates: 0,
        mechanical: 0,
        classGetResponse: 0xff,
        classEnvelope: 0xff,
        lcd: 0,
        pin: 0,
        busySlots: 1,
      },
    },
  ])('are described by a reader: $reader works at TPDU level', ({ hex, says }) => {
    const bytes = fromHex(hex);
    expect(bytes.length).toBe(54);
    expect(decodeDescriptor(bytes)).toEqual(says);
    expect(levelOf(says)).toBe('tpdu');
    expect(decodeDescriptor(encodeDescriptor(says))).toEqual(says);
  });

  it('name the level of exchange by the highest that the reader has', () => {
    const levels = [0, 0x1_0000, 0x2_0000, 0x4_0000].map((features) => levelOf({ features }));
    expect(levels).toEqual(['character', 'tpdu', 'short-apdu', 'extended-apdu']);
  });
});
