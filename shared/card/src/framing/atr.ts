import { splitAtr } from './atr-bytes.ts';
import type { InterfaceByte } from './atr-bytes.ts';
import { endDeviations, valueDeviations } from './atr-deviations.ts';
import { DEFAULT_FI_DI } from './fi-di.ts';
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
  /** Where the card keeps to no rule of the standard, though its meaning is clear: names of bytes, and how it ends. */
  readonly deviations: readonly string[];
}

export type SupplyClass = 'A' | 'B' | 'C';

export interface SpecificMode {
  /** Whether a warm reset brings the card to negotiable mode. */
  readonly changeable: boolean;
  /** Whether the speed is known to both sides some other way than by TA1. */
  readonly implicit: boolean;
}

/** T=15 is no protocol: interface bytes after it hold for all. */
const GLOBAL = 15;
const CLOCK_STOP = ['never', 'low', 'high', 'either'] as const;
const CLASSES: readonly SupplyClass[] = ['A', 'B', 'C'];

/**
 * Every interface byte. An answer that ends otherwise than it should is read all the same, which `deviations` say;
 * `framing.atr` for one whose interface bytes are not all there, and for what is none.
 */
export function parseAtr(bytes: Uint8Array): Atr {
  const parts = splitAtr(bytes);
  const { found, historical } = parts;
  const offers = found.filter(({ letter }) => letter === 'D').map(({ value }) => value & 0x0f);
  const checked = offers.some((protocol) => protocol !== 0);
  return {
    convention: bytes[0] === 0x3f ? 'inverse' : 'direct',
    interfaceBytes: Object.fromEntries(
      found.map(({ letter, level, value }) => [`T${letter}${level}`, value]),
    ),
    ...meaningOf(found, offers),
    historical,
    deviations: [...valueDeviations(found, offers), ...endDeviations(bytes, parts, checked)],
  };
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
