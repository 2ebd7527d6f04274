import { countBits } from '../../../bytes/bits.ts';
import { fromHex, toHex } from '../../../bytes/hex.ts';
import { INS } from '../../../chip/cpu/commands.ts';
import { D1, DIALECTS } from '../../../chip/cpu/dialects.ts';
import { type CpuDialect } from '../../../chip/cpu/dialect.ts';
import type { BlockCipher8 } from '../../cos-crypto.ts';
import type { Tries } from '../../../chip/contract.ts';
import { Eeprom } from '../../eeprom.ts';
import { EepromCard } from '../../eeprom-card.ts';
import { randomBytes, seededRandom } from '../../random.ts';
import { Cos, type CardKeys, type HarshCounters } from './cos.ts';
import {
  BITS_PER_CHARACTER,
  CPU_BAUD,
  CpuLine,
  OVERHEAD,
  PPS_POLICIES,
  type CardProtocol,
  type CpuLineInit,
} from './line.ts';
import { SECOND_DIALECT } from '../../second-maker.ts';
import type { CardSnapshot } from '../../simulated-card.ts';

export interface SimulatedCpuInit extends CpuLineInit {
  readonly cipher: BlockCipher8;
  readonly keys: CardKeys;
  /** Contents by zone (`df01:02`); files that are not given are all 00. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** D1 when absent. One whose serial is in the answer to reset needs `atrSerial`. */
  readonly dialect?: CpuDialect;
  readonly externalTries?: number;
  /** See `CosInit`; no part of a snapshot. */
  readonly harsh?: HarshCounters;
  /** Of challenges and of the bits of torn bytes. */
  readonly seed?: number;
  /** EEPROM page, bytes; 64 when absent. No public document gives one for these cards. */
  readonly pageSize?: number;
}

/** Half a page cycle, ms: as on memory chips of the time, since no public document gives it for these cards. */
export const CPU_HALF_CYCLE_MS = 2.5;
/** Largest EEPROM page that the simulation takes for granted. */
export const CPU_PAGE_SIZE = 64;

/**
 * An electricity CPU card. As a T=0 card it keeps answers for GET RESPONSE (61 xx) and corrects wrong lengths
 * (6C xx); as a T=1 card it answers whole APDUs, blocks being the reader's business.
 */
export class SimulatedCpuCard extends EepromCard {
  readonly chip = 'CPU';
  readonly #init: SimulatedCpuInit;
  readonly #dialect: CpuDialect;
  readonly #line: CpuLine;
  readonly #cos: Cos;
  #waiting: Uint8Array | undefined;
  /** That have passed, as many as would take the time at 372 and 1. */
  #characters = 0;

  constructor(init: SimulatedCpuInit) {
    const random = seededRandom(init.seed ?? 1);
    super(new Eeprom({ halfMs: CPU_HALF_CYCLE_MS, random }));
    this.#init = init;
    this.#dialect = init.dialect ?? D1;
    if ((this.#dialect.serial.in === 'atr') !== (init.atrSerial !== undefined)) {
      throw new RangeError(
        'the serial is in the answer to reset exactly where the dialect looks for it there',
      );
    }
    this.#line = new CpuLine(init);
    this.#cos = new Cos({
      dialect: this.#dialect,
      cipher: init.cipher,
      keys: init.keys,
      eeprom: this.eeprom,
      pageSize: init.pageSize ?? CPU_PAGE_SIZE,
      randomBytes: (count) => randomBytes(random, count),
      files: new Map(Object.entries(init.files)),
      ...(init.externalTries === undefined ? {} : { externalTries: init.externalTries }),
      ...(init.harsh === undefined ? {} : { harsh: init.harsh }),
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
      dialect: [...DIALECTS, SECOND_DIALECT].find(({ id }) => id === state['dialect']) ?? D1,
      ...lineOf(state),
      externalTries: Number(state['externalTries']),
      seed,
    });
  }

  /** What the card speaks: the protocol of its reset, or the one that was agreed on since. */
  get protocol(): CardProtocol {
    return this.#line.protocol;
  }

  /** See `CpuLine.answerPps`; for the reader's side of the line. */
  answerPps(request: Uint8Array): Uint8Array | undefined {
    this.#pass(request.length);
    const answer = this.#line.answerPps(request);
    this.#pass(answer?.length ?? 0);
    return answer;
  }

  /** Files by zone, for meters and tests. Live, not copies. */
  get files(): ReadonlyMap<string, Uint8Array> {
    return this.#cos.files;
  }

  /** Bits left of the external key's counter, FF full, without a command. */
  get externalTries(): number {
    return this.#cos.externalTries;
  }

  /** Whether a key or a code of it is locked for ever. */
  get locked(): boolean {
    return this.#cos.locked;
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
    const atr = this.#line.atr();
    this.#pass(atr.length);
    return atr;
  }

  protected forget(): void {
    this.#waiting = undefined;
    this.#line.reset();
    this.#cos.reset();
  }

  protected run(apdu: Uint8Array): Uint8Array {
    this.#pass(apdu.length);
    const response = this.protocol === 'T0' ? this.#overT0(apdu) : this.#whole(apdu);
    this.#pass(response.length + OVERHEAD[this.protocol]);
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
      dialect: this.#dialect.id,
      ...stateOf(this.#init),
      externalTries: this.externalTries,
    };
    for (const [zone, bytes] of this.#cos.files) state[`file ${zone}`] = toHex(bytes);
    for (const [name, key] of Object.entries(this.#init.keys))
      state[`key ${name}`] = toHex(key as Uint8Array);
    return { chip: this.chip, state };
  }

  #pass(characters: number): void {
    this.#characters += characters * this.#line.characterLength;
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

/** A line as a snapshot holds it: only what differs from a plain T=0 card, so that old snapshots stay right. */
function stateOf(init: CpuLineInit): Record<string, string | number | boolean> {
  const { protocol = 'T0', bothProtocols, fiDi, pps, atrSerial } = init;
  return {
    protocol,
    ...(bothProtocols === undefined ? {} : { bothProtocols }),
    ...(fiDi === undefined ? {} : { fiDi }),
    ...(pps === undefined ? {} : { pps }),
    ...(atrSerial === undefined ? {} : { atrSerial: toHex(atrSerial) }),
  };
}

function lineOf(state: CardSnapshot['state']): CpuLineInit {
  const { fiDi, atrSerial } = state;
  const pps = PPS_POLICIES.find((policy) => policy === state['pps']);
  return {
    protocol: state['protocol'] === 'T1' ? 'T1' : 'T0',
    ...(state['bothProtocols'] === true ? { bothProtocols: true } : {}),
    ...(typeof fiDi === 'number' ? { fiDi } : {}),
    ...(pps === undefined ? {} : { pps }),
    ...(typeof atrSerial === 'string' ? { atrSerial: fromHex(atrSerial) } : {}),
  };
}
