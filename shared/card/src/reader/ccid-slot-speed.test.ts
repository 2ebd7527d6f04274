import { describe, expect, it } from 'vitest';
import { fromHex } from '../bytes/hex.ts';
import { decodeDescriptor, encodeDescriptor } from '../framing/ccid/descriptor.ts';
import type { CcidDescriptor } from '../framing/ccid/descriptor.ts';
import { parseAtr } from '../framing/atr.ts';
import { parametersOf, waitingMs } from './ccid-slot-parameters.ts';
import { bestSpeed, bitRate } from './ccid-slot-speed.ts';

describe('speed', () => {
  const acr38 = decodeDescriptor(
    encodeDescriptor({
      slots: 1,
      voltages: 1,
      protocols: 3,
      features: 0x1_0030,
      maxMessage: 271,
      maxIfsd: 254,
    }),
  );
  const reader = (part: Partial<CcidDescriptor>): CcidDescriptor => ({ ...acr38, ...part });

  // ISO/IEC 7816-3:2006 tables 7 and 8, at the 4 MHz and 129,032 bit/s of ACR38U-CCID.
  it.each([
    [0x11, 0x11],
    [0x12, 0x12],
    [0x13, 0x13],
    [0x18, 0x18],
    [0x95, 0x95],
    [0x96, 0x95],
    [0x97, 0x95],
    [0x3f, 0x11],
    [0x70, 0x11],
  ])('of a card with TA1 %s', (ta1, chosen) => {
    expect(bestSpeed(ta1, acr38)).toBe(chosen);
  });

  it('leaves a card alone whose F does not allow the clock', () => {
    // F 372 in code 0 allows 4 MHz.
    expect(bestSpeed(0x08, reader({ defaultClock: 5_000 }))).toBe(0x11);
    expect(bitRate(0x95, 4_000)).toBe(125_000);
  });
});

describe('parameters from the answer to reset', () => {
  const agreement = (hex: string, protocol: 0 | 1, fiDi = 0x11) => {
    const bytes = fromHex(hex);
    return { bytes, atr: parseAtr(bytes), protocol, fiDi } as const;
  };

  // Card, PPS and parameters recorded by R:popovec/oseid doc/T1_CRC.txt.
  it('are those of a driver that is in use', () => {
    const card = agreement('3BD596028071FE65' + '014F73454944' + '5E', 1, 0x96);
    expect(parametersOf(card)).toEqual({
      protocol: 1,
      fiDi: 0x96,
      guardTime: 2,
      waiting: 0x65,
      clockStop: 0,
      inverse: false,
      crc: true,
      ifsc: 0xfe,
      nad: 0,
    });
  });

  it('let us wait as long as the card may take', () => {
    const descriptor = decodeDescriptor(
      encodeDescriptor({ slots: 1, voltages: 1, protocols: 3, features: 0, maxMessage: 271, maxIfsd: 254 }),
    );
    // WI 10: 893 ms at 4 MHz, three times; WI 255, 22.8 s.
    expect(waitingMs(agreement('3B00', 0), descriptor)).toBe(2_679);
    expect(waitingMs(agreement('3B8040FF', 0), descriptor)).toBe(68_300);
    // BWI 4: 1.43 s and a second for the reader.
    expect(waitingMs(agreement('3B808131FE458B', 1), descriptor)).toBe(2_430);
  });
});
