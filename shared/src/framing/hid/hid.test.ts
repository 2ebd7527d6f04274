import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../bytes/compare.ts';
import { fromHex, toHex } from '../../bytes/hex.ts';
import { FramingError } from '../error.ts';
import { HidDecoder } from './decode.ts';
import type { HidArrival } from './decode.ts';
import { encodeReports } from './encode.ts';
import { CCID_XOR_FRAMING, PLAIN_FRAMING } from './profile.ts';
import type { HidFraming } from './profile.ts';
import { runs } from '../../testing/property-runs.ts';

const SLOT_STATUS = fromHex('65000000000007000000');

const texts = (arrivals: readonly HidArrival[]): string[] =>
  arrivals.map((arrival) => ('message' in arrival ? toHex(arrival.message) : arrival.fault.code));

/** Any framing that makes sense. */
const framings: fc.Arbitrary<HidFraming> = fc
  .record({
    wrapper: fc.constantFrom('ccid-xor' as const, 'plain' as const),
    reportSize: fc.integer({ min: 2, max: 70 }),
    lengthBytes: fc.constantFrom(1 as const, 2 as const),
    lengthOrder: fc.constantFrom('big' as const, 'little' as const),
    padding: fc.constantFrom(0x00, 0xff, 0xaa),
  })
  .map((made) => ({
    ...made,
    outReportId: 0,
    inReportId: 0,
    noticeBytes: 2,
    padding: made.wrapper === 'plain' ? 0 : made.padding,
    maxMessage: made.lengthBytes === 1 && made.wrapper === 'plain' ? 200 : 271,
  }));

/** A CCID answer: with `ccid-xor` its header must tell its length. */
const messages = fc.uint8Array({ minLength: 0, maxLength: 150 }).map((data) => {
  const header = Uint8Array.of(0x80, data.length, 0, 0, 0, 0, 1, 0, 0, 0);
  return concatBytes(header, data);
});

const cut = (bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
  const parts: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    parts.push(bytes.slice(at, at + size));
    at += size;
  }
  return parts;
};

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

  it('gives back what was sent, however the reports are split or joined', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        framings,
        fc.array(messages, { minLength: 1, maxLength: 4 }),
        sizes,
        (framing, sent, chunks) => {
          const stream = concatBytes(...sent.flatMap((message) => encodeReports(message, framing)));
          const decoder = new HidDecoder(framing);
          const got = cut(stream, chunks).flatMap((chunk) => decoder.push(chunk));
          expect(texts(got)).toEqual(sent.map(toHex));
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it('gives typed faults and nothing else for noise, and hears the next message after a reset', () => {
    const noise = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 });
    fc.assert(
      fc.property(framings, noise, messages, (framing, chunks, message) => {
        const decoder = new HidDecoder(framing);
        for (const arrival of chunks.flatMap((chunk) => decoder.push(chunk))) {
          if ('fault' in arrival) expect(arrival.fault).toBeInstanceOf(FramingError);
          else expect(arrival.message.length).toBeLessThanOrEqual(framing.maxMessage);
        }
        decoder.reset();
        const stream = concatBytes(...encodeReports(message, framing));
        expect(texts(decoder.push(stream))).toEqual([toHex(message)]);
      }),
      { numRuns: runs(2_000) },
    );
  });

  it('never takes a wrapped message with one byte changed for another', () => {
    fc.assert(
      fc.property(messages, fc.nat(), fc.integer({ min: 1, max: 255 }), (message, at, change) => {
        const stream = concatBytes(...encodeReports(message, CCID_XOR_FRAMING));
        const where = at % (message.length + 3);
        const damaged = stream.map((byte, i) => (i === where ? byte ^ change : byte));
        const got = new HidDecoder(CCID_XOR_FRAMING).push(damaged);
        expect(got.some((arrival) => 'message' in arrival)).toBe(false);
      }),
      { numRuns: runs(500) },
    );
  });
});
