/** Opus counts in 48,000ths of a second, whatever was recorded (RFC 7845 §4). */
const OPUS_RATE = 48_000;

/** How long a recording is, s; throws where it is neither Ogg Opus nor MP3 by its bytes. */
export function durationOf(bytes: Uint8Array): number {
  return startsWith(bytes, 'OggS') ? oggOpus(bytes) : mp3(bytes);
}

/** The last page's position less what the decoder is told to skip. */
function oggOpus(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [skip, end] = [-1, 0];
  for (let at = 0; at < bytes.length;) {
    if (!startsWith(bytes.subarray(at), 'OggS') || at + 27 > bytes.length)
      throw new Error('An Ogg page is cut.');
    const segments = bytes.subarray(at + 27, at + 27 + (bytes[at + 26] ?? 0));
    const body = at + 27 + segments.length;
    if (skip < 0) {
      if (!startsWith(bytes.subarray(body), 'OpusHead')) throw new Error('It is Ogg, but not Opus.');
      skip = view.getUint16(body + 10, true);
    }
    end = Number(view.getBigInt64(at + 6, true));
    at = body + segments.reduce((sum, size) => sum + size, 0);
    if (at > bytes.length) throw new Error('An Ogg page is cut.');
  }
  return (end - skip) / OPUS_RATE;
}

/** kbit/s of layer III, by index; MPEG 1, then MPEG 2 and 2.5 (ISO/IEC 11172-3 §2.4.2.3, 13818-3). */
const KBPS = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const RATES = [44_100, 48_000, 32_000] as const;

/** Frame by frame, since a variable rate says nothing about the whole. */
function mp3(bytes: Uint8Array): number {
  let [at, seconds] = [afterId3(bytes), 0];
  while (at + 4 <= bytes.length && !startsWith(bytes.subarray(at), 'TAG')) {
    const [sync = 0, kind = 0, rates = 0] = bytes.subarray(at, at + 3);
    const [version, layer] = [(kind >> 3) & 3, (kind >> 1) & 3];
    const kbps = KBPS[version === 3 ? 0 : 1][rates >> 4];
    const base = RATES[(rates >> 2) & 3];
    if (sync !== 0xff || kind >> 5 !== 7 || version === 1 || layer !== 1 || !kbps || base === undefined)
      throw new Error('It is neither Ogg Opus nor MP3.');
    const rate = version === 3 ? base : version === 2 ? base / 2 : base / 4;
    const samples = version === 3 ? 1152 : 576;
    at += Math.floor((samples / 8) * ((kbps * 1000) / rate)) + ((rates >> 1) & 1);
    seconds += samples / rate;
  }
  if (seconds === 0) throw new Error('There is no sound in it.');
  return seconds;
}

/** Four times seven bits of length (id3.org, ID3v2.3 §3.1). */
function afterId3(bytes: Uint8Array): number {
  if (!startsWith(bytes, 'ID3')) return 0;
  return 10 + bytes.subarray(6, 10).reduce((size, byte) => size * 128 + byte, 0);
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((letter, i) => bytes[i] === letter.charCodeAt(0));
}
