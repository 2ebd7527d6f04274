import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../bytes/compare.ts';
import { toHex } from '../../bytes/hex.ts';
import { FramingError } from '../error.ts';
import { HidDecoder } from './decode.ts';
import { encodeReports } from './encode.ts';
import { CCID_XOR_FRAMING } from './profile.ts';
import type { HidFraming } from './profile.ts';
import { runs } from '../../testing/property-runs.ts';
import { texts } from '../../testing/hid-arrivals.ts';

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

describe('any HID reports', () => {
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
