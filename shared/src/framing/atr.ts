import { xorOf } from '../bytes/compare.ts';
import { framingError } from './error.ts';
import { DEFAULT_FI_DI, fiDiOf } from './fi-di.ts';
import type { ErrorCode } from './t1/block.ts';

/** An answer to reset, ISO/IEC 7816-3:2006 §8.2. Paragraphs below are of this standard. */
export interface Atr {
  /** TS 3B or 3F. */
  readonly convention: 'direct' | 'inverse';
  /** TA1 … TDn by name. */
  readonly interfaceBytes: Readonly<Record<string, number>>;
  /** Protocols offered, in the order of their TDi; T=0 alone where there is no TD1. */
  readonly protocols: readonly number[];
  /** The one protocol that the card speaks after reset: of TA2, or the first offered (§6.3). */
  readonly protocol: number;
  /** Whether TA2 fixes protocol and speed: the card changes neither on request. */
  readonly specific: boolean;
  /** TA2 taken apart; undefined in negotiable mode (§8.3). */
  readonly specificMode: SpecificMode | undefined;
  /** TA1: the greatest speed that the card can take, `DEFAULT_FI_DI` where absent. Meaning: `fiDiOf`. */
  readonly fiDi: number;
  /** N of TC1: extra guard time towards the card, 0–254 etu; 255 is the protocol's own least (§8.3). */
  readonly extraGuard: number;
  /** WI of TC2 for T=0, 10 where absent (§10.2). */
  readonly waitingInteger: number;
  /** Information field size of the card at T=1, bytes: first TA after a TD of T=1, or 32. */
  readonly ifsc: number;
  /** BWI and CWI of T=1: first TB after a TD of T=1, or 4 and 13 (§11.4.3). */
  readonly bwi: number;
  readonly cwi: number;
  /** How T=1 blocks are checked: bit 0 of the first TC after a TD of T=1. */
  readonly check: ErrorCode;
  /** Supply classes that the card works at: first TA after T=15, or A (5 V) alone. */
  readonly classes: readonly SupplyClass[];
  /** Whether and in which state the clock may be stopped: first TA after T=15. */
  readonly clockStop: 'never' | 'low' | 'high' | 'either';
  /** Use of contact C6: first TB after T=15; undefined where the card makes none. */
  readonly spu: number | undefined;
  readonly historical: Uint8Array;
  /** Where the card keeps to no rule of the standard, though its meaning is clear. Names of bytes. */
  readonly deviations: readonly string[];
}

export type SupplyClass = 'A' | 'B' | 'C';

export interface SpecificMode {
  /** Whether a warm reset brings the card to negotiable mode. */
  readonly changeable: boolean;
  /** Whether the speed is known to both sides some other way than by TA1. */
  readonly implicit: boolean;
}

const CONVENTIONS: Readonly<Record<number, Atr['convention']>> = { 0x3b: 'direct', 0x3f: 'inverse' };
/** TS and at most 32 characters (§8.2.1). */
const MAX_LENGTH = 33;
/** T=15 is no protocol: interface bytes after it hold for all. */
const GLOBAL = 15;
const LETTERS = ['A', 'B', 'C', 'D'] as const;
const CLOCK_STOP = ['never', 'low', 'high', 'either'] as const;
const CLASSES: readonly SupplyClass[] = ['A', 'B', 'C'];

/** One interface byte with the T that it belongs to: of the TD before it, undefined at the first two levels. */
interface InterfaceByte {
  readonly letter: (typeof LETTERS)[number];
  readonly level: number;
  readonly belongsTo: number | undefined;
  readonly value: number;
}

/** Every interface byte and TCK; `framing.atr` or `framing.checksum` for anything that is not one whole ATR. */
export function parseAtr(bytes: Uint8Array): Atr {
  const convention = CONVENTIONS[bytes[0] ?? 0];
  if (convention === undefined || bytes.length < 2 || bytes.length > MAX_LENGTH) {
    throw framingError('framing.atr', 'This is not an answer to reset.', { length: bytes.length });
  }
  const next = readerOf(bytes);
  const t0 = next();
  const found = readInterfaceBytes(t0 >> 4, next);
  const historical = Uint8Array.from({ length: t0 & 0x0f }, next);
  const offers = found.filter(({ letter }) => letter === 'D').map(({ value }) => value & 0x0f);
  checkEnd(
    bytes,
    next.at(),
    offers.some((protocol) => protocol !== 0),
  );
  return {
    convention,
    interfaceBytes: Object.fromEntries(
      found.map(({ letter, level, value }) => [`T${letter}${level}`, value]),
    ),
    ...meaningOf(found, offers),
    historical,
    deviations: deviationsOf(found, offers),
  };
}

function readInterfaceBytes(first: number, next: () => number): readonly InterfaceByte[] {
  const found: InterfaceByte[] = [];
  let present = first;
  let belongsTo: number | undefined;
  for (let level = 1; present !== 0; level++) {
    let td = 0;
    for (const [bit, letter] of LETTERS.entries()) {
      if ((present & (1 << bit)) === 0) continue;
      const value = next();
      found.push({ letter, level, belongsTo: level > 2 ? belongsTo : undefined, value });
      if (letter === 'D') td = value;
    }
    if ((present & 0x8) === 0) break;
    belongsTo = td & 0x0f;
    present = td >> 4;
  }
  return found;
}

function meaningOf(
  found: readonly InterfaceByte[],
  offers: readonly number[],
): Omit<Atr, 'convention' | 'interfaceBytes' | 'historical' | 'deviations'> {
  const at = (level: number, letter: string): number | undefined =>
    found.find((byte) => byte.level === level && byte.letter === letter)?.value;
  const firstOf = (protocol: number, letter: string): number | undefined =>
    found.find((byte) => byte.belongsTo === protocol && byte.letter === letter)?.value;
  const named = [...new Set(offers.filter((protocol) => protocol !== GLOBAL))];
  const protocols = named.length === 0 ? [0] : named;
  const [ta2, tb, ta15] = [at(2, 'A'), firstOf(1, 'B'), firstOf(GLOBAL, 'A')];
  return {
    protocols,
    protocol: ta2 === undefined ? (protocols[0] ?? 0) : ta2 & 0x0f,
    specific: ta2 !== undefined,
    specificMode:
      ta2 === undefined ? undefined : { changeable: (ta2 & 0x80) === 0, implicit: (ta2 & 0x10) !== 0 },
    fiDi: at(1, 'A') ?? DEFAULT_FI_DI,
    extraGuard: at(1, 'C') ?? 0,
    waitingInteger: at(2, 'C') ?? 10,
    ifsc: firstOf(1, 'A') ?? 32,
    bwi: tb === undefined ? 4 : tb >> 4,
    cwi: tb === undefined ? 13 : tb & 0x0f,
    check: ((firstOf(1, 'C') ?? 0) & 1) === 1 ? 'crc' : 'lrc',
    classes: ta15 === undefined ? ['A'] : CLASSES.filter((_, bit) => (ta15 & (1 << bit)) !== 0),
    clockStop: CLOCK_STOP[(ta15 ?? 0) >> 6] ?? 'never',
    spu: firstOf(GLOBAL, 'B'),
  };
}

/** Reserved values and broken order. Such cards exist; what they mean is still plain, or not needed. */
function deviationsOf(found: readonly InterfaceByte[], offers: readonly number[]): readonly string[] {
  const odd = found.filter(({ letter, level, belongsTo, value }) => {
    if (level === 1) return letter === 'A' && fiDiOf(value) === undefined;
    if (level === 2) return (letter === 'A' && (value & 0x60) !== 0) || (letter === 'C' && value === 0);
    if (belongsTo === 1) {
      if (letter === 'A') return value === 0 || value === 0xff;
      return (letter === 'B' && value >> 4 > 9) || (letter === 'C' && value > 1);
    }
    return belongsTo === GLOBAL && letter === 'A' && ![1, 2, 4, 3, 6, 7].includes(value & 0x3f);
  });
  const disordered = offers.some((protocol, i) =>
    i === 0 ? protocol === GLOBAL : protocol < (offers[i - 1] ?? 0),
  );
  return [...odd.map(({ letter, level }) => `T${letter}${level}`), ...(disordered ? ['order of TD'] : [])];
}

/** TCK is there unless T=0 alone is offered; all bytes after TS then sum to zero (§8.2.5). */
function checkEnd(bytes: Uint8Array, at: number, checked: boolean): void {
  if (bytes.length !== at + (checked ? 1 : 0)) {
    throw framingError('framing.atr', 'The answer to reset has a wrong length.', { length: bytes.length });
  }
  if (checked && xorOf(bytes.subarray(1)) !== 0) {
    throw framingError('framing.checksum', 'The answer to reset has a wrong check byte.');
  }
}

function readerOf(bytes: Uint8Array): { (): number; at(): number } {
  let at = 1;
  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw framingError('framing.atr', 'The answer to reset ends too early.');
    return byte;
  };
  return Object.assign(next, { at: () => at });
}
