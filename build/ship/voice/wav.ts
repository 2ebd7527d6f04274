/** One channel of sound, samples from -1 to 1. */
export interface Sound {
  readonly rate: number;
  readonly samples: Float32Array;
}

/** Below this it is silence: -46 dB of full scale. */
const SILENCE = 0.005;
/** Left before and after what is said, s, so that no consonant is cut. */
const MARGIN_S = 0.02;
const PEAK = 0.89; // -1 dB
const HEADER_BYTES = 44;

/** Reads 16-bit mono PCM; chunks other than `fmt ` and `data` are passed over. Throws where it is anything else. */
export function readWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error('This is no WAV file.');
  let rate = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    // A synthesiser that writes into a pipe cannot know how long it will be.
    const size = Math.min(view.getUint32(at + 4, true), bytes.length - at - 8);
    const body = at + 8;
    if (tag(at) === 'fmt ') {
      const [format, channels, bits] = [body, body + 2, body + 14].map((place) =>
        view.getUint16(place, true),
      );
      if (format !== 1 || channels !== 1 || bits !== 16) throw new Error('It is not 16-bit mono PCM.');
      rate = view.getUint32(body + 4, true);
    }
    if (tag(at) === 'data') {
      const samples = Float32Array.from(
        { length: size >> 1 },
        (_, i) => view.getInt16(body + 2 * i, true) / 0x8000,
      );
      return { rate, samples };
    }
    at = body + size + (size % 2);
  }
  throw new Error('There is no sound in it.');
}

export function writeWav({ rate, samples }: Sound): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('RIFF'), 0);
  view.setUint32(4, bytes.length - 8, true);
  bytes.set(new TextEncoder().encode('WAVEfmt '), 8);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  bytes.set(new TextEncoder().encode('data'), 36);
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, i) => {
    view.setInt16(HEADER_BYTES + 2 * i, Math.round(Math.max(-1, Math.min(1, sample)) * 0x7fff), true);
  });
  return bytes;
}

/** Without the silence at both ends, as loud as it can be. */
export function trimmed({ rate, samples }: Sound): Sound {
  const loud = (sample: number): boolean => Math.abs(sample) > SILENCE;
  const margin = Math.round(MARGIN_S * rate);
  const [first, last] = [samples.findIndex(loud), samples.findLastIndex(loud)];
  if (first < 0) return { rate, samples: samples.slice(0, 0) };
  const said = samples.slice(Math.max(0, first - margin), last + 1 + margin);
  const gain = PEAK / peakOf(said);
  return { rate, samples: said.map((sample) => sample * gain) };
}

export function peakOf(samples: Float32Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

/** Loudness over all of it, dB of full scale. */
export function rmsDbOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length);
  return 10 * Math.log10(power);
}
