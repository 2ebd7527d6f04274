import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../bytes/compare.ts';
import { fromHex, toHex } from '../../bytes/hex.ts';
import { FramingError } from '../error.ts';
import { HidDecoder } from './decode.ts';
import { encodeReports } from './encode.ts';
import { CCID_XOR_FRAMING, PLAIN_FRAMING } from './profile.ts';
import type { HidFraming } from './profile.ts';
import { texts } from '../../testing/hid-arrivals.ts';

const SLOT_STATUS = fromHex('65000000000007000000');

describe('CCID in HID reports', () => {
  it('wraps a message in 02, 03 and the sum, and fills the report', () => {
    const [report, ...more] = encodeReports(SLOT_STATUS, { ...CCID_XOR_FRAMING, reportSize: 16 });
    expect(toHex(report ?? new Uint8Array())).toBe('02' + '65000000000007000000' + '03' + '61' + '000000');
    expect(more).toEqual([]);
  });

  it('puts a length ahead of a plain message, in the order and width of the profile', () => {
    const head = (framing: Partial<HidFraming>): string =>
      toHex(
        encodeReports(SLOT_STATUS, { ...PLAIN_FRAMING, ...framing })[0]?.subarray(0, 4) ?? new Uint8Array(),
      );
    expect(head({})).toBe('0A006500');
    expect(head({ lengthOrder: 'big' })).toBe('000A6500');
    expect(head({ lengthBytes: 1 })).toBe('0A650000');
  });

  it('refuses a message that the reader does not take', () => {
    expect(() => encodeReports(new Uint8Array(272), CCID_XOR_FRAMING)).toThrow(FramingError);
    expect(() => encodeReports(new Uint8Array(256), { ...PLAIN_FRAMING, lengthBytes: 1 })).toThrow(
      FramingError,
    );
  });

  it('names what is wrong with a report, and starts afresh with the next', () => {
    const decoder = new HidDecoder({ ...CCID_XOR_FRAMING, reportSize: 16 });
    const good = '0265000000000007000000036100' + '0000';
    for (const [bad, code] of [
      ['0265000000000007000000036000' + '0000', 'framing.checksum'],
      ['0265000000000007000000046100' + '0000', 'framing.type'],
      ['0165000000000007000000036100' + '0000', 'framing.type'],
      ['0265FFFF000000070000000361000000', 'framing.length'],
    ] as const) {
      expect(texts(decoder.push(fromHex(bad)))).toEqual([code]);
      expect(texts(decoder.push(fromHex(good)))).toEqual([toHex(SLOT_STATUS)]);
    }
  });

  it('finds two messages in one report', () => {
    const two = fromHex('0A00' + toHex(SLOT_STATUS) + '0A00' + toHex(SLOT_STATUS));
    const report = new Uint8Array(63);
    report.set(two);
    expect(texts(new HidDecoder(PLAIN_FRAMING).push(report))).toEqual([
      toHex(SLOT_STATUS),
      toHex(SLOT_STATUS),
    ]);
  });

  it('knows the length of notices, which do not say it', () => {
    const decoder = new HidDecoder(CCID_XOR_FRAMING);
    for (const notice of ['5003', '51000704']) {
      const [report = new Uint8Array()] = encodeReports(fromHex(notice), CCID_XOR_FRAMING);
      expect(texts(decoder.push(report))).toEqual([notice]);
    }
  });

  it('forgets a message under way when it is reset', () => {
    const decoder = new HidDecoder(CCID_XOR_FRAMING);
    const [first = new Uint8Array()] = encodeReports(
      concatBytes(fromHex('806400000000000000' + '00'), new Uint8Array(100)),
      CCID_XOR_FRAMING,
    );
    expect(decoder.push(first)).toEqual([]);
    decoder.reset();
    const [status = new Uint8Array()] = encodeReports(SLOT_STATUS, CCID_XOR_FRAMING);
    expect(texts(decoder.push(status))).toEqual([toHex(SLOT_STATUS)]);
  });
});
