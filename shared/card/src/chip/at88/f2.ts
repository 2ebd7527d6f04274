/** What the card and the host each hold before an authentication: 8 bytes each. */
export interface AuthInput {
  /** Cryptogram in the card's configuration; the card replaces it at each success. */
  readonly ci: Uint8Array;
  /** The secret seed of the card, never readable once its fuses are blown. */
  readonly gc: Uint8Array;
  /** The host's random number. */
  readonly q0: Uint8Array;
}

/** 8 bytes each: what the host must show, and what the card holds as its cryptogram afterwards. */
export interface AuthOutput {
  readonly q1: Uint8Array;
  readonly q2: Uint8Array;
}

/** The authentication function of a card, which drivers and simulated cards take as a part that can be changed. */
export type AuthFunction = (input: AuthInput) => AuthOutput;

/** Bytes of each of the five values. */
export const AUTH_BLOCK_SIZE = 8;

const R_BITS = 5;
const S_BITS = 7;
const T_BITS = 5;

/**
 * The function F2 of AT88SC1608 and AT88SC153, pure. `RangeError` for an input that has not 8 bytes.
 *
 * Three shift registers, R of 7 × 5 bits, S of 7 × 7 and T of 5 × 5, take 24 bytes of input and then give 32 nibbles.
 * Written from a description of the algorithm and not from any program. It is public: F. D. Garcia, P. van Rossum,
 * R. Verdult, R. Wichers Schreur, "Dismantling SecureMemory, CryptoMemory and CryptoRF" (eprint.iacr.org/2010/169,
 * ACM CCS 2010), which also breaks it: it keeps out careless people, not determined ones. Inputs of nothing but 00
 * or nothing but FF give zeros and prove nothing.
 */
export const f2: AuthFunction = ({ ci, gc, q0 }) => {
  for (const block of [ci, gc, q0]) {
    if (block.length !== AUTH_BLOCK_SIZE) throw new RangeError(`F2 takes blocks of ${AUTH_BLOCK_SIZE} bytes`);
  }
  const registers = new Registers();
  const half = AUTH_BLOCK_SIZE / 2;
  for (const [seed, from] of [
    [ci, 0],
    [gc, half],
  ] as const) {
    for (let i = 0; i < half; i++) {
      registers.tick(seed[2 * i] ?? 0);
      registers.tick(seed[2 * i + 1] ?? 0);
      registers.tick(q0[from + i] ?? 0);
    }
  }
  const q1 = new Uint8Array(AUTH_BLOCK_SIZE);
  const q2 = new Uint8Array(AUTH_BLOCK_SIZE);
  for (let i = 0; i < AUTH_BLOCK_SIZE; i++) {
    q2[i] = registers.outputByte();
    q1[i] = registers.outputByte();
  }
  return { q1, q2 };
};

type FiveWords = [number, number, number, number, number];
type SevenWords = [number, number, number, number, number, number, number];

class Registers {
  #r: SevenWords = [0, 0, 0, 0, 0, 0, 0];
  #s: SevenWords = [0, 0, 0, 0, 0, 0, 0];
  #t: FiveWords = [0, 0, 0, 0, 0];

  /** Every register moves one place, its new first word from old ones, the input mixed in on the way. */
  tick(input: number): void {
    const [r0, r1, r2, r3, r4, r5, r6] = this.#r;
    const [s0, s1, s2, s3, s4, s5, s6] = this.#s;
    const [t0, t1, t2, t3, t4] = this.#t;
    const rIn = input & 0x1f;
    const sIn = ((input << 3) & 0x78) | (input >> 5);
    const tIn = input >> 3;
    this.#r = [addModulo(r3, rotateLeft(r6, R_BITS), R_BITS), r0, r1, r2 ^ rIn, r3, r4, r5];
    this.#s = [addModulo(s5, rotateLeft(s6, S_BITS), S_BITS), s0, s1, s2, s3, s4 ^ sIn, s5];
    this.#t = [addModulo(t2, t4, T_BITS), t0, t1 ^ tIn, t2, t3];
  }

  outputByte(): number {
    const high = this.#outputNibble();
    return (high << 4) | this.#outputNibble();
  }

  /** Each bit of S chooses whether R or T gives the bit. */
  #outputNibble(): number {
    this.tick(0);
    this.tick(0);
    const fromR = this.#r[0] ^ this.#r[4];
    const fromT = this.#t[0] ^ this.#t[3];
    const choice = this.#s[0];
    return ((fromR & ~choice) | (fromT & choice)) & 0x0f;
  }
}

function rotateLeft(word: number, bits: number): number {
  return ((word << 1) | (word >> (bits - 1))) & ((1 << bits) - 1);
}

/** Sum modulo 2^bits − 1 in which only 0 + 0 is 0: every other multiple of the modulus stays or becomes the modulus. */
function addModulo(a: number, b: number, bits: number): number {
  const modulus = (1 << bits) - 1;
  const sum = a + b;
  return sum > modulus ? sum - modulus : sum;
}
