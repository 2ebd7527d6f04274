import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.ts';
import { CodedError } from '../../errors.ts';
import { clockOf, parametersOf, ratesOf } from './answers.ts';
import { decodeInterrupt, encodeHardwareError } from './interrupt.ts';
import { decodeResponse } from './message.ts';
import { SLOT_ERROR, SLOT_ERROR_SENTENCES, slotErrorName } from './slot-error.ts';

describe('answers', () => {
  it('tell the state of the clock, and the rates that the reader took', () => {
    expect(clockOf(decodeResponse(fromHex('81000000000009000001')))).toBe('stopped-low');
    const rates = decodeResponse(fromHex('84080000000009000000' + 'A00F000080250000'));
    expect(ratesOf(rates)).toEqual({ clock: 4_000, dataRate: 9_600 });
    expect(() => ratesOf(decodeResponse(fromHex('81000000000009000001')))).toThrow(CodedError);
    expect(() => clockOf(rates)).toThrow(CodedError);
    expect(() => parametersOf(rates)).toThrow(CodedError);
  });

  it('have a name and a sentence for each bError', () => {
    for (let code = 0; code <= 0xff; code++) {
      expect(SLOT_ERROR_SENTENCES[slotErrorName(code)]).toMatch(/\.$/);
    }
    for (const [name, code] of Object.entries(SLOT_ERROR)) expect(slotErrorName(code)).toBe(name);
    expect([0x01, 0x7f, 0x81, 0xc0, 0x80, 0xc1].map(slotErrorName)).toEqual([
      'badParameter',
      'badParameter',
      'vendor',
      'vendor',
      'reserved',
      'reserved',
    ]);
  });

  it('come with hardware errors on the interrupt pipe', () => {
    const bytes = encodeHardwareError({ slot: 1, seq: 9, code: 1 });
    expect(toHex(bytes)).toBe('51010901');
    expect(decodeInterrupt(bytes)).toEqual({ type: 'hardware-error', slot: 1, seq: 9, code: 1 });
  });
});
