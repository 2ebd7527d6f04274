import { xorOf } from '../../../bytes/compare.ts';
import { DEFAULT_FI_DI, fiDiOf } from '../../../framing/fi-di.ts';
import { FramingError } from '../../../framing/error.ts';
import { decodePps, encodePps, type Pps } from '../../../framing/pps.ts';

/** Protocols that a card can speak. */
export type CardProtocol = 'T0' | 'T1';

/** How a card takes a request for a speed; `other-speed` breaks the standard, for tests. */
export const PPS_POLICIES = ['accept', 'decline-speed', 'silent', 'other-speed'] as const;
export type PpsPolicy = (typeof PPS_POLICIES)[number];

export interface CpuLineInit {
  /** Spoken after reset: T=0 when absent, as most electricity cards. */
  readonly protocol?: CardProtocol;
  /** Offers T=1 besides T=0; only with T=0 after reset. */
  readonly bothProtocols?: boolean;
  /** TA1, the greatest speed; not sent when absent, so that the card stays at 372 and 1. */
  readonly fiDi?: number;
  /** `accept` when absent. */
  readonly pps?: PpsPolicy;
  /** Dialect D3 keeps the serial, 8 bytes, in the answer to reset. T=0 without TA1 only. */
  readonly atrSerial?: Uint8Array;
}

/** Bits of one character on the line: start, 8, parity, 2 of guard time (ISO/IEC 7816-3). */
export const BITS_PER_CHARACTER = 12;
/** After reset: Fi 372, Di 1, and 9600 baud at 3.5712 MHz. */
export const CPU_BAUD = 9600;
/** Characters of a protocol around one command: T=0's procedure byte; prologue and LRC of two T=1 blocks. */
export const OVERHEAD = { T0: 1, T1: 8 } as const;

const HISTORICAL = [0x44, 0x4c, 0x43, 0x50, 0x55, 0x01, 0x00, 0x00] as const;
const SERIAL_LENGTH = 8;
/** Category indicator before the serial: ours. Public firmware skips this byte. */
const BEFORE_SERIAL = 0x80;

/**
 * T=0: `3B 68 00 00` + 8 historical bytes. T=1: TD1, TD2, IFSC FE, BWI/CWI 45, 8 historical bytes, TCK. Both: the
 * same with T=0 in TD1. TA1 where a speed is offered. With a serial: `3B 69 00 00 80` + 8 bytes of serial, as
 * R:float12/WorkProjectsSVN `…/PrePay/GuoWang698/Card.c` expects it at bytes 5 to 12.
 */
export function cpuAtr(protocol: CardProtocol, init: Omit<CpuLineInit, 'protocol' | 'pps'> = {}): Uint8Array {
  const { fiDi, bothProtocols = false, atrSerial } = init;
  if (atrSerial !== undefined) {
    if (protocol !== 'T0' || fiDi !== undefined || bothProtocols || atrSerial.length !== SERIAL_LENGTH) {
      throw new RangeError('a serial of 8 bytes in the answer to reset goes with plain T=0 alone');
    }
    return Uint8Array.of(0x3b, 0x69, 0x00, 0x00, BEFORE_SERIAL, ...atrSerial);
  }
  const ta1 = fiDi === undefined ? [] : [fiDi];
  const speed = fiDi === undefined ? 0x00 : 0x10;
  if (protocol === 'T0' && !bothProtocols) {
    return Uint8Array.of(0x3b, 0x68 | speed, ...ta1, 0x00, 0x00, ...HISTORICAL);
  }
  const first = protocol === 'T0' ? 0x80 : 0x81;
  const bytes = [0x88 | speed, ...ta1, first, 0x31, 0xfe, 0x45, ...HISTORICAL];
  return Uint8Array.of(0x3b, ...bytes, xorOf(Uint8Array.from(bytes)));
}

/** A CPU card's contacts: what it answers to reset and to requests for a speed, and what it speaks since. */
export class CpuLine {
  readonly init: CpuLineInit;
  readonly #afterReset: CardProtocol;
  #speaks: CardProtocol;
  #fiDi = DEFAULT_FI_DI;

  constructor(init: CpuLineInit) {
    this.init = init;
    this.#afterReset = init.protocol ?? 'T0';
    this.#speaks = this.#afterReset;
    if (init.bothProtocols === true && this.#afterReset === 'T1') {
      throw new RangeError('a card that offers both protocols speaks T=0 after reset');
    }
  }

  /** What the card speaks now. */
  get protocol(): CardProtocol {
    return this.#speaks;
  }

  /** How long a character takes at the speed in force, in characters at 372 and 1. */
  get characterLength(): number {
    const { fi, di } = fiDiOf(this.#fiDi) ?? { fi: 372, di: 1 };
    return fi / di / 372;
  }

  /** Back to the protocol and speed of the reset. */
  reset(): void {
    this.#speaks = this.#afterReset;
    this.#fiDi = DEFAULT_FI_DI;
  }

  atr(): Uint8Array {
    return cpuAtr(this.#afterReset, this.init);
  }

  /**
   * The answer to a protocol and parameters selection right after the reset, undefined for silence: to what is no
   * request, to a protocol that is not offered, or because that is the card's way. What it answers is in force.
   */
  answerPps(request: Uint8Array): Uint8Array | undefined {
    const asked = requestOf(request);
    const { pps = 'accept', fiDi = DEFAULT_FI_DI, bothProtocols = false } = this.init;
    if (asked === undefined || pps === 'silent') return undefined;
    const wanted = asked.protocol === 0 ? 'T0' : 'T1';
    if (asked.protocol > 1 || (wanted !== this.#afterReset && !bothProtocols)) return undefined;
    if (pps === 'other-speed') return encodePps({ protocol: asked.protocol, fiDi: fiDi ^ 0x01 });
    const possible = asked.fiDi === fiDi || asked.fiDi === DEFAULT_FI_DI;
    const agreed = pps === 'accept' && possible ? asked.fiDi : undefined;
    this.#speaks = wanted;
    this.#fiDi = agreed ?? DEFAULT_FI_DI;
    return encodePps({ protocol: asked.protocol, ...(agreed === undefined ? {} : { fiDi: agreed }) });
  }
}

function requestOf(bytes: Uint8Array): Pps | undefined {
  try {
    return decodePps(bytes);
  } catch (error) {
    if (!(error instanceof FramingError)) throw error;
    return undefined;
  }
}
