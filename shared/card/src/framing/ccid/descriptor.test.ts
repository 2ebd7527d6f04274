import { describe, expect, it } from 'vitest';
import { fromHex } from '../../bytes/hex.ts';
import { decodeDescriptor, encodeDescriptor, levelOf } from './descriptor.ts';

describe('a CCID descriptor', () => {
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
