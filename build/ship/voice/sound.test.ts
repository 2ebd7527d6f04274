import { describe, expect, it } from 'vitest';
import { durationOf } from './duration.ts';
import { peakOf, readWav, rmsDbOf, trimmed, writeWav } from './wav.ts';

describe('how long a recording is', () => {
  /** MPEG 1 layer III, 44,100 Hz: 417 bytes a frame at 128 kbit/s, 1,152 samples each. */
  const frame = (): Uint8Array => Uint8Array.of(0xff, 0xfb, 0x90, 0x64, ...new Uint8Array(413));
  const joined = (...pieces: Uint8Array[]): Uint8Array =>
    Uint8Array.from(pieces.flatMap((piece) => [...piece]));

  it('of MP3 frames', () => {
    expect(durationOf(joined(frame(), frame(), frame()))).toBeCloseTo((3 * 1152) / 44_100, 6);
  });

  it('of MP3 with tags before and behind', () => {
    const id3 = Uint8Array.of(0x49, 0x44, 0x33, 3, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 5);
    const id3v1 = Uint8Array.of(0x54, 0x41, 0x47, ...new Uint8Array(125));
    expect(durationOf(joined(id3, frame(), id3v1))).toBeCloseTo(1152 / 44_100, 6);
  });

  it.each([[Uint8Array.of()], [Uint8Array.of(1, 2, 3, 4)], [new TextEncoder().encode('OggS')]])(
    'of what is no recording is an error',
    (bytes) => {
      expect(() => durationOf(bytes)).toThrow();
    },
  );
});

describe('a draft’s sound', () => {
  const rate = 1000;
  const samples = Float32Array.from({ length: 300 }, (_, i) => (i >= 100 && i < 200 ? 0.25 * (-1) ** i : 0));

  it('is written and read back', () => {
    const again = readWav(writeWav({ rate, samples }));
    expect(again.rate).toBe(rate);
    expect([...again.samples].every((sample, i) => Math.abs(sample - (samples[i] ?? 0)) < 1e-3)).toBe(true);
  });

  it('loses its silence at both ends and gains in loudness', () => {
    const said = trimmed({ rate, samples });
    expect(said.samples).toHaveLength(140);
    expect(peakOf(said.samples)).toBeCloseTo(0.89, 5);
    expect(rmsDbOf(said.samples)).toBeCloseTo(20 * Math.log10(0.89 * Math.sqrt(100 / 140)), 3);
    expect(trimmed({ rate, samples: new Float32Array(50) }).samples).toHaveLength(0);
  });

  it('of another make is refused', () => {
    expect(() => readWav(new TextEncoder().encode('OggS, not a RIFF'))).toThrow();
  });
});
