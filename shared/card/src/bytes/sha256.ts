/** FIPS 180-4, §5.3.3 and §4.2.2. Written out: old engines are not exact about roots. */
const INITIAL = words('6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19');
const ROUND = words(
  '428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 ' +
    'd807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174 ' +
    'e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da ' +
    '983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967 ' +
    '27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85 ' +
    'a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070 ' +
    '19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 ' +
    '748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2',
);
const BLOCK = 64;

/** SHA-256 of a text's UTF-8 or of bytes, as lower-case hex. For what is small: cards and journals. */
export function sha256(message: string | Uint8Array): string {
  const state = INITIAL.slice();
  const padded = pad(typeof message === 'string' ? utf8(message) : message);
  const schedule: number[] = [];
  for (let at = 0; at < padded.length; at += BLOCK) {
    fill(schedule, padded, at);
    compress(state, schedule);
  }
  let hex = '';
  for (let i = 0; i < state.length; i++) hex += `0000000${(word(state, i) >>> 0).toString(16)}`.slice(-8);
  return hex;
}

/** A one bit, zeros, and the length in bits: whole blocks. */
function pad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  // What is hashed is below 2^29 bytes.
  const bits = bytes.length * 8;
  for (let i = 1; i <= 4; i++) padded[padded.length - i] = bits >>> (8 * (i - 1));
  return padded;
}

function fill(schedule: number[], bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) {
    const from = at + 4 * i;
    schedule[i] =
      (at8(bytes, from) << 24) |
      (at8(bytes, from + 1) << 16) |
      (at8(bytes, from + 2) << 8) |
      at8(bytes, from + 3);
  }
  for (let i = 16; i < BLOCK; i++) {
    const [early, late] = [word(schedule, i - 15), word(schedule, i - 2)];
    const s0 = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
    const s1 = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
    schedule[i] = (word(schedule, i - 16) + s0 + word(schedule, i - 7) + s1) | 0;
  }
}

function compress(state: number[], schedule: readonly number[]): void {
  let [a, b, c, d] = [word(state, 0), word(state, 1), word(state, 2), word(state, 3)];
  let [e, f, g, h] = [word(state, 4), word(state, 5), word(state, 6), word(state, 7)];
  for (let i = 0; i < BLOCK; i++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + word(ROUND, i) + word(schedule, i)) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  const added = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < added.length; i++) state[i] = (word(state, i) + word(added, i)) | 0;
}

function turned(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function at8(bytes: Uint8Array, i: number): number {
  return bytes[i] ?? 0;
}

function word(list: readonly number[], i: number): number {
  return list[i] ?? 0;
}

function words(hex: string): number[] {
  return hex.split(' ').map((each) => parseInt(each, 16) | 0);
}

function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  const escaped = encodeURIComponent(text);
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] === '%') {
      bytes.push(parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(escaped.charCodeAt(i));
  }
  return Uint8Array.from(bytes);
}
