import type { CardSession } from '../../reader/slot.ts';
import type { ChipDriver, ChipFamily, MemoryReader, Tries } from '../contract.ts';
import { commandsFor } from '../dialect/commands-for.ts';
import { ChipError } from '../error.ts';
import { MemoryDriver, type Presented } from '../memory-driver.ts';
import { codeNeeded, malformed, outOfRange, protectedForEver, refused } from '../memory-error.ts';
import type { Region, RegionData } from '../region.ts';
import { isMemoryAtr, statusOf } from '../response.ts';
import { authenticate, type AuthenticationKeys } from './authenticate.ts';
import { AT88SC153_COMMANDS, type At88sc153Commands } from './commands.ts';
import { refuseByRegister, UNSHOWN } from '../at88/register-check.ts';
import {
  ACCESS,
  ATR_BYTES,
  BLOCK_SIZE,
  CONFIG,
  CONFIG_ZONE,
  FUSE,
  FUSES_WHOLE,
  isLockedByFuses,
  isPasswordNumber,
  PAC_ADDRESS,
  PAGE_SIZE,
  PASSWORD,
  PASSWORD_SIZE,
  SECURE_CODE,
  ZONE_SIZE,
  ZONES,
  type Fuse,
  type PasswordNumber,
  type Zone,
  type ZoneNumber,
} from './constants.ts';
import { FOUR_TRIES, fullTries, triesOf, type CounterCoding } from './counters.ts';

const SUCCESS = 0x9000;

/** What an issuer has put into a card's registers, which the driver does not read: their addresses are unconfirmed. */
export interface At88sc153Layout {
  /** The write password that guards each user zone. */
  readonly writePassword: Readonly<Record<Exclude<Zone, 'config'>, PasswordNumber>>;
  /** How attempts are counted; see `counters.ts`. */
  readonly counters: CounterCoding;
}

/** All user zones under Write 0, four tries. */
export const DEFAULT_LAYOUT: At88sc153Layout = {
  writePassword: { user0: PASSWORD.write0, user1: PASSWORD.write0, user2: PASSWORD.write0 },
  counters: FOUR_TRIES,
};

/**
 * Drives an AT88SC153 behind a reader's pseudo-APDUs. Zones `user0` to `user2` and `config`; codes 0 Write 0, 1 Write 1
 * (the secure code), 2 Read 0, 3 Read 1. What the chip may not show it gives as 00, which looks like data.
 */
export class At88sc153Driver extends MemoryDriver {
  readonly chip = 'AT88SC153';
  override readonly pageSize = PAGE_SIZE;
  readonly #commands: At88sc153Commands;
  readonly #layout: At88sc153Layout;
  /** The chip knows one password at a time. */
  #active: PasswordNumber | undefined;
  #fuses: number | undefined;
  /** Of the user zones, in their order. */
  #registers: Uint8Array | undefined;

  constructor(session: CardSession, commands: At88sc153Commands, layout = DEFAULT_LAYOUT) {
    super(session);
    this.#commands = commands;
    this.#layout = layout;
  }

  protected codeLength(key: number): number | undefined {
    return isPasswordNumber(key) ? PASSWORD_SIZE : undefined;
  }

  protected zoneSize(zone: string): number | undefined {
    return zoneNumber(zone) === undefined ? undefined : ZONE_SIZE;
  }

  protected codesFor(zone: string): readonly number[] {
    const { writePassword } = this.#layout;
    return [zone === 'user0' || zone === 'user1' || zone === 'user2' ? writePassword[zone] : SECURE_CODE];
  }

  /** Another password presented since has taken the rights of this one away. */
  protected override needCode(key: number): void {
    super.needCode(key);
    if (key !== this.#active) throw codeNeeded();
  }

  protected async readRegion({ zone, offset, length }: Region): Promise<Uint8Array> {
    const command = this.#commands.read(numberOf(zone), offset, length);
    const data = await this.run(command, 'a reading', 'chip.unreadable');
    if (data.length !== length) throw malformed('a reading');
    return data;
  }

  protected async readTries(key: number): Promise<Tries> {
    const [counter = 0] = await this.readRegion({ zone: 'config', offset: pacOf(key), length: 1 });
    const { counters } = this.#layout;
    return { left: triesOf(counter, counters), full: fullTries(counters) };
  }

  protected async present(key: number, code: Uint8Array): Promise<Presented> {
    if (!isPasswordNumber(key)) throw outOfRange(this.chip, { zone: 'config', offset: key, length: 1 });
    this.#active = undefined;
    const sw = statusOf(await this.session.transmit(this.#commands.verifyPassword(key, code)));
    const outcome = this.#commands.verified(sw);
    if (outcome === undefined) throw refused('the code', sw);
    if (!outcome.accepted)
      return { accepted: false, triesLeft: triesOf(outcome.counter, this.#layout.counters) };
    this.#active = key;
    return outcome;
  }

  /** What the fuses lock is so for every code, and is said before any is asked for. */
  override async write(data: RegionData): Promise<void> {
    if (data.zone === 'config') {
      this.checkRegion({ zone: data.zone, offset: data.offset, length: data.data.length });
      await this.#refuseLocked(data.offset, data.data.length);
    }
    return super.write(data);
  }

  /** Page by page: what a reader does with a longer write is not in its manual, and the chip would roll over. */
  protected async writeRegion({ zone, offset, data }: RegionData): Promise<void> {
    for (let done = 0; done < data.length;) {
      const address = offset + done;
      const part = data.subarray(done, done + PAGE_SIZE - (address % PAGE_SIZE));
      await this.run(this.#commands.write(numberOf(zone), address, part), 'a write');
      done += part.length;
    }
  }

  /** By the zone's access register, whose address and bits are unconfirmed, and the locks within pages. */
  protected async refuseUnwritable(zone: string, runs: readonly RegionData[]): Promise<void> {
    if (zone === 'config') {
      for (const { offset, data } of runs) await this.#refuseLocked(offset, data.length);
      return;
    }
    const offset = CONFIG.accessRegisters;
    this.#registers ??= await this.readRegion({ zone: 'config', offset, length: CONFIG_ZONE });
    const register = this.#registers[numberOf(zone)] ?? UNSHOWN;
    if (register === UNSHOWN) return;
    const on = (bits: number): boolean => (register & bits) !== bits;
    const limits = {
      modifyForbidden: on(ACCESS.modifyForbidden),
      programOnly: on(ACCESS.programOnly),
      authentication: on(ACCESS.authentication | ACCESS.authenticationForWrite),
    };
    const current = (run: RegionData): Promise<Uint8Array> =>
      this.readRegion({ zone, offset: run.offset, length: run.data.length });
    await refuseByRegister(limits, runs, current);
    if (on(ACCESS.writeLock)) await this.#refuseLockedBytes(zone, runs);
  }

  /** The first byte of each page says which of its bytes may be written: bit n = 0 forbids byte n. */
  async #refuseLockedBytes(zone: string, runs: readonly RegionData[]): Promise<void> {
    const all = await this.readRegion({ zone, offset: 0, length: ZONE_SIZE });
    for (const { offset, data } of runs) {
      for (let address = offset; address < offset + data.length; address++) {
        const lock = all[address - (address % PAGE_SIZE)] ?? 0;
        if (((lock >> (address % PAGE_SIZE)) & 1) === 0) throw protectedForEver(address);
      }
    }
  }

  /** The fuse byte, 0 0 0 0 0 PER CMA FAB: 0 is blown. */
  async readFuses(): Promise<number> {
    const [fuses] = await this.run(this.#commands.readFuses(), 'a reading of its fuses', 'chip.unreadable');
    if (fuses === undefined) throw malformed('a reading of the fuses');
    this.#fuses = fuses & FUSES_WHOLE;
    return this.#fuses;
  }

  /**
   * Card and reader prove to each other that they know the seed Gc, until power goes. Costs a try of the card's
   * own counter, which success brings back. `chip.refused` where either side does not know it.
   */
  async authenticate(keys: AuthenticationKeys): Promise<void> {
    await authenticate(keys, {
      read: (offset) => this.readRegion({ zone: 'config', offset, length: BLOCK_SIZE }),
      initialise: (q0) => this.run(this.#commands.initialiseAuth(q0), 'the authentication'),
      verify: (q1) => this.run(this.#commands.verifyAuth(q1), 'the authentication'),
    });
  }

  /**
   * The chip's 8-byte checksum over what was written since the authentication. Once for each authentication, and only
   * before any other read. Its arithmetic is not public: the caller that knows it compares.
   */
  async readChecksum(): Promise<Uint8Array> {
    return this.readRegion({ zone: 'config', offset: CONFIG.aac, length: BLOCK_SIZE });
  }

  /**
   * Replaces a password, after the write password of its set. Apart from every plan, since it cannot be made safe: a
   * pulled card is left with a password that is neither the old one nor the new. For issuing cards at a staffed desk.
   */
  async changePassword(key: PasswordNumber, code: Uint8Array): Promise<void> {
    if (code.length !== PASSWORD_SIZE) {
      throw new ChipError({
        code: 'chip.malformed',
        message: `A password of an AT88SC153 has ${PASSWORD_SIZE} bytes.`,
      });
    }
    this.needCode(key & 1);
    await this.run(this.#commands.write(CONFIG_ZONE, pacOf(key) + 1, code), 'the change of its password');
  }

  /**
   * Blows a fuse for ever, after the secure code: fab, then cma, then per, which closes the configuration. Apart from
   * every plan, for issuing cards. `chip.refused` where it is not this fuse's turn or it did not take.
   */
  async blowFuse(fuse: Fuse): Promise<void> {
    this.needCode(SECURE_CODE);
    const whole = await this.readFuses();
    if ((whole & -whole) !== FUSE[fuse]) throw refused('the blowing of this fuse', SUCCESS);
    await this.run(this.#commands.writeFuse(FUSE[fuse]), 'the blowing of a fuse');
    if ((await this.readFuses()) !== (whole & ~FUSE[fuse]))
      throw refused('the blowing of this fuse', SUCCESS);
  }

  /** Fuses only fall, so that what they lock once is locked. */
  async #refuseLocked(offset: number, length: number): Promise<void> {
    const fuses = this.#fuses ?? (await this.readFuses());
    for (let address = offset; address < offset + length; address++) {
      if (isLockedByFuses(address, fuses)) throw protectedForEver(address);
    }
  }
}

function zoneNumber(zone: string): ZoneNumber | undefined {
  const at = (ZONES as readonly string[]).indexOf(zone);
  return at === 0 || at === 1 || at === 2 || at === 3 ? at : undefined;
}

/** Zones were checked before: an unknown one is a defect here. */
function numberOf(zone: string): ZoneNumber {
  const at = zoneNumber(zone);
  if (at === undefined) throw new RangeError(`no zone ${zone}`);
  return at;
}

function pacOf(key: number): number {
  return PAC_ADDRESS[isPasswordNumber(key) ? key : PASSWORD.write0];
}

/** How the AT88SC153 takes part in identification: by the four bytes of its answer to reset. */
export const at88sc153Family: ChipFamily = {
  chip: 'AT88SC153',
  matches: (atr) => isMemoryAtr(atr, ATR_BYTES),
  async open(session: CardSession, reader: MemoryReader): Promise<ChipDriver> {
    const commands = commandsFor(AT88SC153_COMMANDS, reader);
    const sw = statusOf(await session.transmit(commands.selectType()));
    if (sw !== SUCCESS) throw refused('the selection of its type', sw);
    return new At88sc153Driver(session, commands);
  },
};
