import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.ts';
import { CodedError } from '../../errors.ts';
import { COMMAND, RESPONSE } from './constants.ts';
import type { CommandName, ResponseName } from './constants.ts';
import { decodeDescriptor } from './descriptor.ts';
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
});
