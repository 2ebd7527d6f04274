import { countBits } from '../../../bytes/bits.ts';
import { fromHex, toHex } from '../../../bytes/hex.ts';
import { INS } from '../../../chip/cpu/commands.ts';
import { D1, type CpuDialect } from '../../../chip/cpu/dialects.ts';
import type { BlockCipher8 } from '../../cos-crypto.ts';
import type { Tries } from '../../../chip/contract.ts';
import { Eeprom } from '../../eeprom.ts';
import { EepromCard } from '../../eeprom-card.ts';
import { randomBytes, seededRandom } from '../../random.ts';
import { Cos, type CardKeys } from './cos.ts';
import type { CardSnapshot } from '../../simulated-card.ts';

/** Protocols that a card can offer. */
export type CardProtocol = 'T0' | 'T1';

export interface SimulatedCpuInit {
  readonly cipher: BlockCipher8;
  readonly keys: CardKeys;
  /** Contents by zone (`df01:02`); files that are not given are all 00. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly dialect?: CpuDialect;
  /** T=0 when absent, as most electricity cards. */
  readonly protocol?: CardProtocol;
  readonly externalTries?: number;
  /** Of challenges and of the bits of torn bytes. */
  readonly seed?: number;
  /** EEPROM page, bytes; 64 when absent. No public document gives one for these cards. */
  readonly pageSize?: number;
}

/** Half a page cycle, ms: as on memory chips of the time, since no public document gives it for these cards. */
export const CPU_HALF_CYCLE_MS = 2.5;
/** Bits of one character on the line: start, 8, parity, 2 of guard time (ISO/IEC 7816-3). */
export const BITS_PER_CHARACTER = 12;
/** TA1 is absent: Fi 372, Di 1, and 9600 baud at 3.5712 MHz. */
export const CPU_BAUD = 9600;
/** Characters of a protocol around one command: T=0's procedure byte; prologue and LRC of two T=1 blocks. */
export const OVERHEAD = { T0: 1, T1: 8 } as const;
/** Largest EEPROM page that the simulation takes for granted. */
export const CPU_PAGE_SIZE = 64;

const HISTORICAL = [0x44, 0x4c, 0x43, 0x50, 0x55, 0x01, 0x00, 0x00] as const;

/** T=0: `3B 68 00 00` + 8 historical bytes. T=1: TD1, TD2, IFSC FE, BWI/CWI 45, 8 historical bytes, TCK. */
export function cpuAtr(protocol: CardProtocol): Uint8Array {
  if (protocol === 'T0') return Uint8Array.of(0x3b, 0x68, 0x00, 0x00, ...HISTORICAL);
  const bytes = [0x88, 0x81, 0x31, 0xfe, 0x45, ...HISTORICAL];
  return Uint8Array.of(
    0x3b,
    ...bytes,
    bytes.reduce((sum, byte) => sum ^ byte, 0),
  );
}

/**
 * An electricity CPU card. As a T=0 card it keeps answers for GET RESPONSE (61 xx) and corrects wrong lengths
 * (6C xx); as a T=1 card it answers whole APDUs, blocks being the reader's business.
 */
export class SimulatedCpuCard extends EepromCard {
  readonly chip = 'CPU';
  readonly protocol: CardProtocol;
  readonly #init: SimulatedCpuInit;
  readonly #cos: Cos;
  #waiting: Uint8Array | undefined;
  #characters = 0;

  constructor(init: SimulatedCpuInit) {
    const random = seededRandom(init.seed ?? 1);
    super(new Eeprom({ halfMs: CPU_HALF_CYCLE_MS, random }));
    this.#init = init;
    this.protocol = init.protocol ?? 'T0';
    this.#cos = new Cos({
      dialect: init.dialect ?? D1,
      cipher: init.cipher,
      keys: init.keys,
      eeprom: this.eeprom,
      pageSize: init.pageSize ?? CPU_PAGE_SIZE,
      randomBytes: (count) => randomBytes(random, count),
      files: new Map(Object.entries(init.files)),
      ...(init.externalTries === undefined ? {} : { externalTries: init.externalTries }),
    });
  }

  /** The same card again; the cipher is not part of a card's state. */
  static restore(snapshot: CardSnapshot, cipher: BlockCipher8, seed = 1): SimulatedCpuCard {
    const { state } = snapshot;
    const files: Record<string, Uint8Array> = {};
    for (const [name, value] of Object.entries(state)) {
      if (name.startsWith('file ')) files[name.slice(5)] = fromHex(String(value));
    }
    const key = (name: string): Uint8Array => fromHex(String(state[`key ${name}`]));
    return new SimulatedCpuCard({
      cipher,
      keys: { internal: key('internal'), external: key('external'), mac: key('mac') },
      files,
      protocol: state['protocol'] === 'T1' ? 'T1' : 'T0',
      externalTries: Number(state['externalTries']),
      seed,
    });
  }

  /** Files by zone, for meters and tests. Live, not copies. */
  get files(): ReadonlyMap<string, Uint8Array> {
    return this.#cos.files;
  }

  /** Bits left of the external key's counter, FF full, without a command. */
  get externalTries(): number {
    return this.#cos.externalTries;
  }

  zone(name: string): Uint8Array | undefined {
    return this.#cos.files.get(name);
  }

  get tries(): readonly Tries[] {
    return [{ left: countBits(this.externalTries), full: 8 }];
  }

  setTriesLeft(left: number): void {
    this.#cos.setExternalTries((1 << left) - 1);
  }

  protected reset(): Uint8Array {
    const atr = cpuAtr(this.protocol);
    this.#characters += atr.length;
    return atr;
  }

  protected forget(): void {
    this.#waiting = undefined;
    this.#cos.reset();
  }

  protected run(apdu: Uint8Array): Uint8Array {
    this.#characters += apdu.length;
    const response = this.protocol === 'T0' ? this.#overT0(apdu) : this.#whole(apdu);
    this.#characters += response.length + OVERHEAD[this.protocol];
    return response;
  }

  protected busMs(): number {
    return (this.#characters * BITS_PER_CHARACTER * 1000) / CPU_BAUD;
  }

  protected resetBus(): void {
    this.#characters = 0;
  }

  snapshot(): CardSnapshot {
    const state: Record<string, string | number | boolean> = {
      protocol: this.protocol,
      externalTries: this.externalTries,
    };
    for (const [zone, bytes] of this.#cos.files) state[`file ${zone}`] = toHex(bytes);
    for (const [name, key] of Object.entries(this.#init.keys))
      state[`key ${name}`] = toHex(key as Uint8Array);
    return { chip: this.chip, state };
  }

  #whole(apdu: Uint8Array): Uint8Array {
    const { data, sw } = this.#cos.run(apdu);
    return Uint8Array.of(...data, sw >> 8, sw & 0xff);
  }

  /** T=0 knows no command with data both ways: what such a command answers waits for GET RESPONSE. */
  #overT0(apdu: Uint8Array): Uint8Array {
    const [, ins, , , p3 = 0] = apdu;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (ins === INS.getResponse) {
      if (waiting === undefined) return Uint8Array.of(0x69, 0x85);
      const wanted = p3 === 0 ? 256 : p3;
      if (wanted > waiting.length) {
        this.#waiting = waiting;
        return Uint8Array.of(0x6c, waiting.length);
      }
      return Uint8Array.of(...waiting.subarray(0, wanted), 0x90, 0x00);
    }
    const carriesData = apdu.length > 5;
    const { data, sw } = this.#cos.run(carriesData ? apdu.subarray(0, 5 + p3) : apdu);
    if (!carriesData || data.length === 0) return Uint8Array.of(...data, sw >> 8, sw & 0xff);
    this.#waiting = data;
    return Uint8Array.of(0x61, data.length & 0xff);
  }
}
