import { parseAtr } from '../framing/atr.ts';
import type { Atr } from '../framing/atr.ts';
import { FEATURE } from '../framing/ccid/constants.ts';
import type { ExchangeLevel } from '../framing/ccid/descriptor.ts';
import type { IccState } from '../framing/ccid/message.ts';
import type { ProtocolData } from '../framing/ccid/parameters.ts';
import { FramingError } from '../framing/error.ts';
import { DEFAULT_FI_DI } from '../framing/fi-di.ts';
import { decodePps, encodePps, judgePps } from '../framing/pps.ts';
import { T0CardLine, apduOverT0 } from './sim-card-line-t0.ts';
import type { T0Manners } from './sim-card-line-t0.ts';
import { T1CardLine } from './sim-card-line.ts';
import type { ReaderFaults } from './sim-faults.ts';
import { PowerCut } from './simulated-card.ts';
import type { SimulatedCard } from './simulated-card.ts';

/** bPowerSelect of IccPowerOn 1, 2, 3 (5, 3, 1.8 V) as bits of bVoltageSupport; 0 leaves it to the reader. */
const VOLTAGE_BITS = [0x07, 0x01, 0x02, 0x04] as const;
/** The reader's own pseudo-APDUs, which no card sees as characters. */
const PSEUDO_CLASS = 0xff;

/** How a card answers a PPS request; undefined for one that stays silent. */
export type PpsAnswer = (request: Uint8Array, card: SimulatedCard) => Uint8Array | undefined;

/** The card's own answer where it has one, else an echo, which accepts. */
export const echoPps: PpsAnswer = (request, card) => {
  const own = card as SimulatedCard & { answerPps?(request: Uint8Array): Uint8Array | undefined };
  return own.answerPps === undefined ? request : own.answerPps(request);
};

export interface SimulatedSlotInit {
  readonly level: ExchangeLevel;
  readonly faults: () => ReaderFaults;
  /** dwFeatures of the reader: what it negotiates by itself. */
  readonly features?: number;
  /** `echoPps` when absent. */
  readonly pps?: PpsAnswer | undefined;
}

/** One slot of a simulated reader: its card, its power, its speed and the protocol that is spoken to it. */
export class SimulatedSlot {
  readonly #init: SimulatedSlotInit;
  #card: SimulatedCard | undefined;
  #powered = false;
  #atr: Atr | undefined;
  /** What the card speaks and how fast, and what the reader was told of it. Where they differ, neither hears the other. */
  #cardSide = { protocol: 0, fiDi: DEFAULT_FI_DI };
  #readerSide = { protocol: 0, fiDi: DEFAULT_FI_DI };
  /** No command yet since the reset: the only time for PPS. */
  #fresh = false;
  #t1: T1CardLine | undefined;
  #t0: T0CardLine | undefined;
  #left: Uint8Array = new Uint8Array();
  /** Of cards at character level, for tests. */
  readonly manners: T0Manners = { nulls: 0, byteByByte: false };

  constructor(init: SimulatedSlotInit) {
    this.#init = init;
  }

  get card(): SimulatedCard | undefined {
    return this.#card;
  }

  get powered(): boolean {
    return this.#powered;
  }

  get icc(): IccState {
    if (this.#card === undefined) return 'absent';
    return this.#powered ? 'active' : 'inactive';
  }

  /** The T=1 side of the card, while it speaks that: its knobs are for tests. */
  get t1(): T1CardLine | undefined {
    return this.#t1;
  }

  /** Coded as TA1; what card and reader agreed on. */
  get fiDi(): number {
    return this.#cardSide.fiDi;
  }

  /** Time that the card's bus and EEPROM have taken so far, ms. */
  get busyMs(): number {
    const usage = this.#card?.usage;
    return usage === undefined ? 0 : usage.busMs + usage.eepromMs;
  }

  insert(card: SimulatedCard): void {
    this.#card = card;
    if (!this.#powered) return;
    card.powerOn();
    this.#startLines();
  }

  eject(): SimulatedCard | undefined {
    const card = this.#card;
    if (this.#init.faults().keepsPower === true) card?.powerOff();
    else this.powerOff();
    this.#card = undefined;
    return card;
  }

  /** The answer to reset; undefined without a card, or for one that stays mute at this voltage. */
  powerOn(select: number): Uint8Array | undefined {
    this.powerOff();
    const wanted = VOLTAGE_BITS[select] ?? 0;
    if ((wanted & ~(this.#init.faults().muteAtVoltages ?? 0)) === 0) return undefined;
    const bytes = this.#card?.powerOn();
    this.#powered = bytes !== undefined;
    if (bytes === undefined) return undefined;
    this.#atr = atrOf(bytes);
    const { protocol = 0, specificMode, fiDi = DEFAULT_FI_DI } = this.#atr ?? {};
    this.#cardSide = { protocol, fiDi: specificMode?.implicit === false ? fiDi : DEFAULT_FI_DI };
    this.#readerSide = { protocol: 0, fiDi: DEFAULT_FI_DI };
    this.#fresh = true;
    this.#startLines();
    if (this.#hostSpeaks && this.#does(FEATURE.autoParameters)) {
      this.#pps(encodePps({ protocol, fiDi }));
      this.#readerSide = this.#cardSide;
    }
    return bytes;
  }

  powerOff(): void {
    if (this.#powered) this.#card?.powerOff();
    this.#powered = false;
    [this.#t0, this.#t1] = [undefined, undefined];
  }

  /** Whether the reader takes them: one that sends the PPS itself depends on the card for that. */
  setParameters({ protocol, fiDi }: ProtocolData): boolean {
    this.#readerSide = { protocol, fiDi };
    if (this.#does(FEATURE.autoPps) && this.#fresh) this.#pps(encodePps({ protocol, fiDi }));
    return !this.#does(FEATURE.autoPps) || this.#cardSide.fiDi === fiDi;
  }

  #does(feature: number): boolean {
    return ((this.#init.features ?? 0) & feature) !== 0;
  }

  /**
   * One transfer, by the reader's level: an APDU, a TPDU or block, or characters of which `expected` come back.
   * Undefined where the card says nothing. Throws `PowerCut` where the card leaves in it.
   */
  exchange(data: Uint8Array, expected: number): Uint8Array | undefined {
    const pps = this.#isPps(data);
    if (data[0] === PSEUDO_CLASS && !pps) return this.#apdu(data);
    if (!this.#hostSpeaks) {
      return this.#atr?.protocol === 1 ? this.#apdu(data) : apduOverT0((apdu) => this.#apdu(apdu), data);
    }
    this.#fresh = false;
    const buffered = pps || this.#t1 !== undefined || (data.length === 0 && this.#left.length > 0);
    if (this.#init.level === 'tpdu' || !buffered) return pps ? this.#pps(data) : this.#onLine(data, expected);
    // At character level, what was not asked for yet waits.
    if (data.length > 0)
      this.#left = (pps ? this.#pps(data) : this.#onLine(data, expected)) ?? new Uint8Array();
    const given = this.#left.slice(0, expected);
    this.#left = this.#left.slice(expected);
    return given.length === 0 && expected > 0 ? undefined : given;
  }

  get #hostSpeaks(): boolean {
    return this.#init.level === 'tpdu' || this.#init.level === 'character';
  }

  #onLine(data: Uint8Array, expected: number): Uint8Array | undefined {
    const { protocol, fiDi } = this.#cardSide;
    if (fiDi !== this.#readerSide.fiDi || protocol !== this.#readerSide.protocol) return undefined;
    if (this.#t1 !== undefined) return this.#t1.exchange(data);
    if (this.#init.level === 'tpdu') return this.#apdu(data);
    const given = this.#t0?.exchange(data, expected);
    return given?.length === 0 && expected > 0 ? undefined : given;
  }

  #isPps(data: Uint8Array): boolean {
    if (!this.#hostSpeaks || !this.#fresh) return false;
    try {
      decodePps(data);
      return true;
    } catch (error) {
      if (error instanceof FramingError) return false;
      throw error;
    }
  }

  #pps(request: Uint8Array): Uint8Array | undefined {
    if (this.#card === undefined || this.#atr?.specific === true) return undefined;
    const answer = (this.#init.pps ?? echoPps)(request, this.#card);
    const judgement = answer === undefined ? undefined : judgePps(request, answer);
    if (judgement?.agreed === true) {
      this.#cardSide = { protocol: judgement.protocol, fiDi: judgement.fiDi };
      this.#startLines();
    }
    return answer;
  }

  #startLines(): void {
    const apdu = (bytes: Uint8Array): Uint8Array => this.#apdu(bytes);
    const speaksT1 = this.#hostSpeaks && this.#cardSide.protocol === 1;
    this.#t1 = speaksT1 ? new T1CardLine(apdu, this.#atr?.check) : undefined;
    this.#t0 = new T0CardLine(apdu, this.manners);
    this.#left = new Uint8Array();
  }

  #apdu(apdu: Uint8Array): Uint8Array {
    const faults = this.#init.faults();
    if (this.#card === undefined) throw removal();
    if (faults.removeAfterApdus !== undefined && --faults.removeAfterApdus <= 0) {
      delete faults.removeAfterApdus;
      throw removal();
    }
    const response = this.#card.transmit(apdu);
    if (faults.removeBeforeAnswer === true) {
      delete faults.removeBeforeAnswer;
      throw removal();
    }
    return response;
  }
}

/** Undefined for nonsense, which a reader hands on as it is. */
function atrOf(bytes: Uint8Array): Atr | undefined {
  try {
    return parseAtr(bytes);
  } catch (error) {
    if (error instanceof FramingError) return undefined;
    throw error;
  }
}

function removal(): PowerCut {
  return new PowerCut({ memory: 'reader', address: 0, half: 'write' });
}
