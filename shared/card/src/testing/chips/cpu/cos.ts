import { countBits } from '../../../bytes/bits.ts';
import { concatBytes, equalBytes } from '../../../bytes/compare.ts';
import { parseApdu, type Apdu } from '../../../framing/apdu.ts';
import { INS, sfiOf, sfiOfRecord } from '../../../chip/cpu/commands.ts';

import { type CpuDialect, type CpuFile, type Directory, zoneOf } from '../../../chip/cpu/dialect.ts';
import { externalAuth, internalAuth, updateMac, type BlockCipher8 } from '../../cos-crypto.ts';
import type { Eeprom } from '../../eeprom.ts';
import { KeyCounter } from './key-counter.ts';

/** A card's own keys, 16 bytes each, diversified by its serial. */
export interface CardKeys {
  readonly internal: Uint8Array;
  readonly external: Uint8Array;
  /** Of MACed updates. */
  readonly mac: Uint8Array;
}

export interface CosInit {
  readonly dialect: CpuDialect;
  readonly cipher: BlockCipher8;
  readonly keys: CardKeys;
  readonly eeprom: Eeprom;
  /** EEPROM bytes that are erased and written together. */
  readonly pageSize: number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** By zone; missing files are all 00. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Bits of the external key's counter of tries, one bit a try; FF is full. */
  readonly externalTries?: number;
  /** What else counts refusals. No public text says that these cards do: the harshest that a card could be. */
  readonly harsh?: HarshCounters;
}

/** Refusals in a row that a card stands before it locks the key of its MACs, or its code. */
export interface HarshCounters {
  readonly macTries: number;
  readonly codeTries: number;
}

export interface CosAnswer {
  readonly data: Uint8Array;
  readonly sw: number;
}

/** Tries of the external key, kept as single bits so that a torn counter never grows past what it was. */
const EXTERNAL_TRIES_FULL = 0xff;

/**
 * A card operating system after the FMCOS 2.0 manual, at the level of APDUs, before any transport protocol.
 * Security state lives until a reset or the selection of a directory.
 */
export class Cos {
  readonly files = new Map<string, Uint8Array>();
  readonly #init: CosInit;
  readonly #externalTries: Uint8Array;
  readonly #macs: KeyCounter | undefined;
  readonly #codes: KeyCounter | undefined;
  #directory: Directory = 'mf';
  /** The file that was named last: what commands with a long offset mean. */
  #current: CpuFile | undefined;
  #challenge: Uint8Array | undefined;
  #authenticated = false;

  constructor(init: CosInit) {
    this.#init = init;
    this.#externalTries = Uint8Array.of(init.externalTries ?? EXTERNAL_TRIES_FULL);
    this.#macs = init.harsh && new KeyCounter(init.harsh.macTries);
    this.#codes = init.harsh && new KeyCounter(init.harsh.codeTries);
    for (const file of init.dialect.files) {
      const zone = zoneOf(file);
      const bytes = new Uint8Array(file.length);
      bytes.set((init.files.get(zone) ?? new Uint8Array()).subarray(0, file.length));
      this.files.set(zone, bytes);
    }
  }

  get externalTries(): number {
    return this.#externalTries[0] ?? 0;
  }

  /** Whether any key or code is locked for ever. */
  get locked(): boolean {
    return this.externalTries === 0 || this.#macs?.locked === true || this.#codes?.locked === true;
  }

  setExternalTries(bits: number): void {
    this.#externalTries[0] = bits;
  }

  reset(): void {
    this.#directory = 'mf';
    this.#forget();
  }

  run(bytes: Uint8Array): CosAnswer {
    const apdu = parseApdu(bytes);
    if (apdu === undefined) return refuse(0x6700);
    if (apdu.cla !== 0x00 && apdu.cla !== this.#init.dialect.mac.cla) return refuse(0x6e00);
    const maced = apdu.cla !== 0x00;
    if (maced && apdu.ins !== INS.updateBinary && apdu.ins !== INS.readBinary) return refuse(0x6e00);
    switch (apdu.ins) {
      case INS.select:
        return this.#select(apdu);
      case INS.getChallenge:
        return this.#getChallenge(apdu);
      case INS.internalAuth:
        return this.#internalAuth(apdu);
      case INS.externalAuth:
        return this.#externalAuth(apdu);
      case INS.verify:
        return refuse(this.#codes?.refuse() ?? 0x6d00);
      case INS.readBinary:
        return maced ? this.#readWithMac(apdu) : this.#read(apdu);
      case INS.updateBinary:
        return this.#update(apdu);
      case INS.readRecord:
      case INS.updateRecord:
        return this.#record(apdu);
      default:
        return refuse(0x6d00);
    }
  }

  #forget(): void {
    this.#current = undefined;
    this.#challenge = undefined;
    this.#authenticated = false;
  }

  #select(apdu: Apdu): CosAnswer {
    if (apdu.p1 !== 0 || apdu.data.length !== 2) return refuse(0x6a86);
    const id = (apdu.data[0] ?? 0) * 0x100 + (apdu.data[1] ?? 0);
    const directories = Object.entries(this.#init.dialect.directories) as [Directory, number][];
    const found = directories.find(([, fileId]) => fileId === id);
    if (found === undefined) return refuse(0x6a82);
    this.#directory = found[0];
    this.#forget();
    return { data: new Uint8Array(), sw: 0x9000 };
  }

  #getChallenge(apdu: Apdu): CosAnswer {
    if (apdu.le !== 4 && apdu.le !== 8) return refuse(0x6700);
    this.#challenge = this.#init.randomBytes(apdu.le);
    return { data: this.#challenge.slice(), sw: 0x9000 };
  }

  #internalAuth(apdu: Apdu): CosAnswer {
    if (apdu.data.length !== 8) return refuse(0x6700);
    if (apdu.p2 !== this.#init.dialect.keys.internal) return refuse(0x6a88);
    return { data: internalAuth(this.#init.cipher, this.#init.keys.internal, apdu.data), sw: 0x9000 };
  }

  /**
   * Burns a try before it compares and gives all back after, so that no power cut tests a key for free. Without data
   * it tells the tries left, where the dialect says that its cards do.
   */
  #externalAuth(apdu: Apdu): CosAnswer {
    const asks = apdu.data.length === 0 && this.#init.dialect.tellsTries;
    if (apdu.data.length !== 8 && !asks) return refuse(0x6700);
    if (apdu.p2 !== this.#init.dialect.keys.external) return refuse(0x6a88);
    const tries = this.externalTries;
    if (tries === 0) return refuse(0x6983);
    if (asks) return refuse(wrong(tries));
    if (this.#challenge?.length !== 8) return refuse(0x6984);
    const expected = externalAuth(this.#init.cipher, this.#init.keys.external, this.#challenge);
    this.#challenge = undefined;
    const at = { memory: 'external-tries', address: 0 };
    this.#init.eeprom.write(this.#externalTries, at, tries & (tries - 1));
    if (!equalBytes(expected, apdu.data)) return refuse(wrong(this.externalTries));
    this.#init.eeprom.erase(this.#externalTries, at, EXTERNAL_TRIES_FULL);
    this.#authenticated = true;
    return { data: new Uint8Array(), sw: 0x9000 };
  }

  #read(apdu: Apdu): CosAnswer {
    const named = sfiOf(apdu.p1) !== undefined;
    const file = named ? this.#file(sfiOf(apdu.p1)) : this.#current;
    if (file === undefined) return refuse(named ? 0x6a82 : 0x6986);
    if (file.records !== undefined) return refuse(0x6981);
    this.#current = file;
    const offset = named ? apdu.p2 : apdu.p1 * 0x100 + apdu.p2;
    const bytes = this.#bytes(file);
    if (offset >= bytes.length) return refuse(0x6b00);
    const length = apdu.le ?? 256;
    const available = bytes.length - offset;
    // A shorter file than asked for: the exact length comes back as 6C xx.
    if (length > available) return refuse(0x6c00 | available);
    return { data: bytes.slice(offset, offset + length), sw: 0x9000 };
  }

  /** The data and a MAC over a header of the host's and the data, under the host's random: `macedReadBinary`. */
  #readWithMac(apdu: Apdu): CosAnswer {
    const { mac } = this.#init.dialect;
    const file = this.#file(sfiOf(apdu.p1));
    if (file === undefined) return refuse(0x6a82);
    if (file.records !== undefined) return refuse(0x6981);
    if (apdu.data.length !== mac.challengeLength + 5) return refuse(0x6700);
    const challenge = apdu.data.slice(0, mac.challengeLength);
    const header = apdu.data.slice(mac.challengeLength);
    const length = (header[4] ?? 0) - mac.length;
    if (length < 1) return refuse(0x6a80);
    const bytes = this.#bytes(file);
    if (apdu.p2 + length > bytes.length) return refuse(0x6b00);
    const data = bytes.slice(apdu.p2, apdu.p2 + length);
    const sum = updateMac(this.#init.cipher, this.#init.keys.mac, { challenge, header, data });
    return { data: concatBytes(data, sum), sw: 0x9000 };
  }

  /** Records by number of a file that its short identifier names. A record is written whole, without MAC. */
  #record(apdu: Apdu): CosAnswer {
    const sfi = sfiOfRecord(apdu.p2);
    if (sfi === undefined) return refuse(0x6a86);
    const file = this.#file(sfi);
    if (file === undefined) return refuse(0x6a82);
    if (file.records === undefined) return refuse(0x6981);
    const { count, length } = file.records;
    if (apdu.p1 < 1 || apdu.p1 > count) return refuse(0x6a83);
    const start = (apdu.p1 - 1) * length;
    if (apdu.ins === INS.readRecord) {
      const wanted = apdu.le ?? 256;
      if (wanted > length) return refuse(0x6c00 | length);
      return { data: this.#bytes(file).slice(start, start + wanted), sw: 0x9000 };
    }
    if (file.update !== 'plain') return refuse(file.update === 'mac' ? 0x6987 : 0x6982);
    if (apdu.data.length !== length) return refuse(0x6700);
    this.#store(zoneOf(file), start, apdu.data);
    return { data: new Uint8Array(), sw: 0x9000 };
  }

  #update(apdu: Apdu): CosAnswer {
    const file = this.#file(sfiOf(apdu.p1));
    if (file === undefined) return refuse(0x6a82);
    if (file.records !== undefined) return refuse(0x6981);
    const bytes = this.#bytes(file);
    const maced = apdu.cla === this.#init.dialect.mac.cla;
    if (file.update === 'never') return refuse(0x6982);
    if (file.update === 'mac' && !maced) return refuse(0x6987);
    const data = maced ? apdu.data.slice(0, -this.#init.dialect.mac.length) : apdu.data;
    if (data.length === 0 || apdu.p2 + data.length > bytes.length) return refuse(0x6b00);
    if (file.update === 'mac') {
      if (!this.#authenticated) return refuse(0x6982);
      const challenge = this.#challenge;
      if (challenge?.length !== this.#init.dialect.mac.challengeLength) return refuse(0x6984);
      const header = Uint8Array.of(apdu.cla, apdu.ins, apdu.p1, apdu.p2, apdu.data.length);
      const expected = updateMac(this.#init.cipher, this.#init.keys.mac, { challenge, header, data });
      if (this.#macs?.locked === true) return refuse(0x9303);
      if (!equalBytes(expected, apdu.data.subarray(data.length))) {
        this.#macs?.refuse();
        return refuse(0x6988);
      }
      this.#macs?.accept();
      if (this.#init.dialect.mac.challengeServes === 'command') this.#challenge = undefined;
    }
    this.#store(zoneOf(file), apdu.p2, data);
    return { data: new Uint8Array(), sw: 0x9000 };
  }

  /** Page by page, in ascending order, each byte of a page in ascending order. */
  #store(zone: string, offset: number, data: Uint8Array): void {
    const bytes = this.files.get(zone);
    if (bytes === undefined) return;
    const { pageSize, eeprom } = this.#init;
    for (let done = 0; done < data.length;) {
      const address = offset + done;
      const room = pageSize - (address % pageSize);
      const part = data.subarray(done, done + room);
      eeprom.page(bytes, { memory: zone, address }, part);
      done += part.length;
    }
  }

  #file(sfi: number | undefined): CpuFile | undefined {
    return this.#init.dialect.files.find((file) => file.directory === this.#directory && file.sfi === sfi);
  }

  /** Every file of the dialect has its bytes since the card was made. */
  #bytes(file: CpuFile): Uint8Array {
    return this.files.get(zoneOf(file)) ?? new Uint8Array();
  }
}

/** The status word of a refused authentication: how many tries these bits leave. */
function wrong(tries: number): number {
  return 0x63c0 | Math.min(15, countBits(tries));
}

function refuse(sw: number): CosAnswer {
  return { data: new Uint8Array(), sw };
}
