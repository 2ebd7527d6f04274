import { equalBytes } from '../../bytes/compare.ts';
import { countBits } from '../../bytes/bits.ts';
import type { CardSession } from '../../reader/slot.ts';
import type { ChipName, LastTry, MemoryReader, Tries } from '../contract.ts';
import { ChipError } from '../error.ts';
import { MemoryDriver, type Presented } from '../memory-driver.ts';
import { malformed, outOfRange, protectedForEver, refused } from '../memory-error.ts';
import type { Region, RegionData } from '../region.ts';
import { statusOf } from '../response.ts';
import type { BitSerialCommands } from './commands.ts';
import { KnownBytes } from './known-bytes.ts';
import { pulsesFor } from './pulses.ts';
import {
  ACCESS_BITS,
  ownZone,
  zoneOf,
  type ApplicationZone,
  type Zone,
  type ZoneCode,
  type ZoneTable,
} from './zone-table.ts';

const SUCCESS = 0x9000;
const NO_TRIES = 0x6300;
const WORD = 2;
const BITS = 8;

export interface BitSerialDriverInit {
  readonly session: CardSession;
  readonly table: ZoneTable;
  readonly commands: BitSerialCommands;
  readonly reader: MemoryReader;
}

/**
 * Drives a chip of the bit-serial secure-zone family after its table, as it is once the issuer's fuse is blown:
 * application zones can be written after their codes, issuer data, codes and counters never.
 */
export class BitSerialDriver extends MemoryDriver {
  readonly chip: ChipName;
  readonly #table: ZoneTable;
  readonly #commands: BitSerialCommands;
  readonly #programs: boolean;
  readonly #known = new KnownBytes();
  /** As last read, by key. */
  readonly #triesLeft = new Map<number, number>();

  constructor({ session, table, commands, reader }: BitSerialDriverInit) {
    super(session);
    this.chip = table.chip;
    this.#table = table;
    this.#commands = commands;
    this.#programs = reader.wiresC4C8 === true;
  }

  override async presentCode(code: Uint8Array, key = 0, lastTry?: LastTry): Promise<void> {
    this.#needProgramming();
    await super.presentCode(code, key, lastTry);
  }

  override async write(data: RegionData): Promise<void> {
    this.#needProgramming();
    await super.write(data);
  }

  /**
   * Raises a zone that only its key can erase, whole: AZ1 or AZ2 of an AT88SC102, after `presentCode`. Apart from
   * every plan, since a card pulled out afterwards has lost the zone. For a staffed desk.
   * `chip.code-wrong` where the zone is not erased afterwards; a wrong erase key costs no try.
   */
  async eraseZone(zone: string, key: Uint8Array): Promise<void> {
    this.#needProgramming();
    const code = this.#table.codes.find(({ erases }) => erases === zone);
    const target = zoneOf(this.#table, zone);
    const at = code === undefined ? undefined : ownZone(this.#table, code.zone);
    const apdu = at && this.#commands.eraseZone?.(at.offset, key, code?.erasures?.count ?? 0);
    if (at === undefined || apdu === undefined || target === undefined) {
      throw outOfRange(this.chip, { zone, offset: 0, length: 0 });
    }
    if (key.length !== at.length) throw malformed('the erase key');
    this.needCode(0);
    const sw = statusOf(await this.session.transmit(apdu));
    this.#known.forget(target.offset, target.length);
    if (sw !== SUCCESS) throw refused('the erasure of a zone', sw);
    const now = await this.#readBytes(target.offset, target.length);
    if (now.some((byte) => byte !== 0xff)) {
      throw new ChipError({
        code: 'chip.code-wrong',
        message: 'The card did not take the erase key; nothing was erased and no try was lost.',
      });
    }
  }

  /** Only codes that the chip counts can be presented: of the others nothing tells whether they were right. */
  protected codeLength(key: number): number | undefined {
    const code = this.#code(key);
    return code?.attempts === undefined ? undefined : ownZone(this.#table, code.zone).length;
  }

  protected zoneSize(zone: string): number | undefined {
    return zoneOf(this.#table, zone)?.length;
  }

  protected codesFor(zone: string): readonly number[] {
    const application = this.#application(zone);
    if (application === undefined) return zone === 'cpz' ? [0] : [];
    return application.erase === 'zone' ? application.write : [...application.write, ...application.raise];
  }

  protected async readRegion({ zone, offset, length }: Region): Promise<Uint8Array> {
    if (this.#table.codes.some((code) => code.zone === zone)) {
      throw new ChipError({
        code: 'chip.unreadable',
        message: `The codes of an ${this.chip} can never be read.`,
        context: { zone },
      });
    }
    return this.#readBytes(ownZone(this.#table, zone).offset + offset, length);
  }

  protected async readTries(key: number): Promise<Tries> {
    const { zone, tries } = this.#attempts(key);
    const at = ownZone(this.#table, zone);
    const counter = await this.#readBytes(at.offset, at.length);
    let left = 0;
    for (let bit = 0; bit < tries; bit += BITS) {
      const kept = Math.min(BITS, tries - bit);
      left += countBits((counter[bit / BITS] ?? 0) >> (BITS - kept));
    }
    this.#triesLeft.set(key, left);
    return { left, full: tries };
  }

  protected async present(key: number, code: Uint8Array): Promise<Presented> {
    const at = ownZone(this.#table, this.#code(key)?.zone ?? '');
    const before = this.#triesLeft.get(key);
    const sw = statusOf(await this.session.transmit(this.#commands.present(at.offset, code)));
    if (sw !== SUCCESS && sw !== NO_TRIES) throw refused('the code', sw);
    // The status word says nothing of the code: a right one has brought all tries back, a wrong one has cost one.
    const { left, full } = await this.readTries(key);
    if (sw === SUCCESS && left === full) return { accepted: true };
    // Seen with ACS readers: once a try is lost, they get no code through any more (minible scripts/smc_decode README).
    if (left === before) throw notPresented(left);
    return { accepted: false, triesLeft: left };
  }

  protected async writeRegion({ zone, offset, data }: RegionData): Promise<void> {
    const at = ownZone(this.#table, zone);
    const unit = await this.#unitFor(zone, at, offset);
    // Whole erase units, so that what shares one with the bytes is known and written again.
    const start = at.offset + offset - ((at.offset + offset) % unit);
    const end = at.offset + offset + data.length;
    const length = end + ((unit - (end % unit)) % unit) - start;
    const current = this.#known.get(start, length) ?? (await this.#readBytes(start, length));
    const next = current.slice();
    next.set(data, at.offset + offset - start);
    if (this.#application(zone)?.erase === 'zone') this.#refuseRising(current, next);
    const { erasures, lowering } = pulsesFor(current, next, unit);
    this.#known.forget(start, length);
    for (const { start: from, length: bytes } of this.#pieces(erasures)) {
      for (const apdu of this.#commands.erase(start + from, bytes)) await this.run(apdu, 'an erasure');
    }
    if (lowering === undefined) return;
    for (let done = 0; done < lowering.data.length; done += this.#commands.maxBytes) {
      const part = lowering.data.subarray(done, done + this.#commands.maxBytes);
      await this.run(this.#commands.write(start + lowering.start + done, part), 'a write');
    }
  }

  protected async refuseUnwritable(zone: string, runs: readonly RegionData[]): Promise<void> {
    this.#needProgramming();
    const at = ownZone(this.#table, zone);
    for (const { offset, data } of runs) {
      await this.#unitFor(zone, at, offset);
      if (this.#application(zone)?.erase !== 'zone') continue;
      const start = at.offset + offset;
      const current = this.#known.get(start, data.length) ?? (await this.#readBytes(start, data.length));
      this.#refuseRising(current, data);
    }
  }

  /** Bytes that one erase pulse raises; `chip.protected` where the bytes can never change again. */
  async #unitFor(zone: string, at: Zone, offset: number): Promise<number> {
    const application = this.#application(zone);
    if (application === undefined) {
      if (zone !== 'cpz' && zone !== 'mtz') throw protectedForEver(at.offset + offset);
      return this.#table.eraseUnit === 'word' ? WORD : 1;
    }
    // The first byte holds the access bits: a write that lowered them would close the zone for ever.
    if (offset === 0) throw protectedForEver(at.offset);
    const access = this.#known.get(at.offset, 1) ?? (await this.#readBytes(at.offset, 1));
    if (((access[0] ?? 0) & ACCESS_BITS.write) === 0) throw protectedForEver(at.offset + offset);
    return application.erase === 'word' ? WORD : 1;
  }

  #refuseRising(current: Uint8Array, next: Uint8Array): void {
    if (
      equalBytes(
        current.map((byte, i) => byte & (next[i] ?? 0)),
        next,
      )
    )
      return;
    throw new ChipError({
      code: 'chip.unsupported',
      message: `Bits of an ${this.chip} rise only when the whole zone is erased, which no write does.`,
    });
  }

  *#pieces(
    runs: readonly { readonly start: number; readonly length: number }[],
  ): Iterable<{ readonly start: number; readonly length: number }> {
    const most = this.#commands.maxBytes - (this.#commands.maxBytes % WORD);
    for (const { start, length } of runs) {
      for (let done = 0; done < length; done += most) {
        yield { start: start + done, length: Math.min(most, length - done) };
      }
    }
  }

  async #readBytes(address: number, wanted: number): Promise<Uint8Array> {
    const data = new Uint8Array(wanted);
    for (let done = 0; done < wanted;) {
      const length = Math.min(this.#commands.maxBytes, wanted - done);
      const answer = await this.run(
        this.#commands.read(address + done, length),
        'a reading',
        'chip.unreadable',
      );
      if (answer.length !== length) throw malformed('a reading');
      data.set(this.#commands.bytesOf(answer), done);
      done += length;
    }
    this.#known.learn(address, data);
    return data;
  }

  #application(zone: string): ApplicationZone | undefined {
    return this.#table.applicationZones.find((application) => application.zone === zone);
  }

  #code(key: number): ZoneCode | undefined {
    return this.#table.codes.find((code) => code.key === key);
  }

  #attempts(key: number): NonNullable<ZoneCode['attempts']> {
    const attempts = this.#code(key)?.attempts;
    if (attempts === undefined) throw new RangeError(`key ${key} is not counted`);
    return attempts;
  }

  /** Without C8 (PGM) no pulse reaches the chip, and a code would seem to be right; C4 (FUS) is for fuses alone. */
  #needProgramming(): void {
    if (this.#programs) return;
    throw new ChipError({
      code: 'chip.unsupported',
      message: `This reader can read an ${this.chip} but not write it: it is not known to drive contact C8. Use another reader.`,
    });
  }
}

/** The reader did as it was told, and the counter shows that the chip saw no presentation. */
function notPresented(triesLeft: number): ChipError {
  return new ChipError({
    code: 'chip.refused',
    message:
      'This reader does not get the code to a card that lost a try before. None was lost now: use another reader.',
    context: { triesLeft },
  });
}
