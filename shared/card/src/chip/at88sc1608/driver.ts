import type { CardSession } from '../../reader/slot.ts';
import type { AuthFunction } from '../at88/f2.ts';
import { authenticateCard } from '../at88/authenticate.ts';
import type { ChipDriver, ChipFamily, MemoryReader, Tries } from '../contract.ts';
import { commandsFor } from '../dialect/commands-for.ts';
import { ChipError } from '../error.ts';
import { MemoryDriver, type Presented } from '../memory-driver.ts';
import { codeNeeded, malformed, protectedForEver, refused } from '../memory-error.ts';
import type { Region, RegionData } from '../region.ts';
import { isMemoryAtr, statusOf } from '../response.ts';
import { refuseByRegister, UNSHOWN } from '../at88/register-check.ts';
import { decodeAccess, ISSUED_ZONES, type ZonePlan } from './access.ts';
import { AT88SC1608_COMMANDS, type At88Sc1608Commands } from './commands.ts';
import {
  ATR_BYTES,
  CONFIG,
  CONFIG_SIZE,
  counterAddress,
  FUSE,
  PAGE_SIZE,
  PASSWORD_SIZE,
  PASSWORDS,
  READ_PASSWORD,
  SECURE_CODE,
  TRIES_FULL,
  triesOf,
  USER_ZONE_SIZE,
} from './constants.ts';

const SUCCESS = 0x9000;
const CONFIG_ZONE = 'config';

export interface Authentication {
  /** Gc: 8 secret bytes. */
  readonly gc: Uint8Array;
  /** 8 random bytes, other ones each time. */
  readonly random: Uint8Array;
  readonly authFunction?: AuthFunction;
}

/**
 * Drives an AT88SC1608 behind a reader's pseudo-APDUs. Zones `user0` to `user7` and `config`; codes 0–15 are the
 * passwords by their index. One password is active at a time, as on the later family: unconfirmed here, and the
 * careful reading, since a password that is no longer active would show in nothing but bytes that stay.
 */
export class At88Sc1608Driver extends MemoryDriver {
  readonly chip = 'AT88SC1608';
  override readonly pageSize = PAGE_SIZE;
  readonly #commands: At88Sc1608Commands;
  readonly #zones: ZonePlan;
  #active: number | undefined;

  /** `zones` says which code each zone needs: a card's own registers are not trusted to, their layout being unconfirmed. */
  constructor(session: CardSession, commands: At88Sc1608Commands, zones: ZonePlan = ISSUED_ZONES) {
    super(session);
    this.#commands = commands;
    this.#zones = zones;
  }

  protected codeLength(key: number): number | undefined {
    return Number.isInteger(key) && key >= 0 && key < PASSWORDS ? PASSWORD_SIZE : undefined;
  }

  protected zoneSize(zone: string): number | undefined {
    if (zone === CONFIG_ZONE) return CONFIG_SIZE;
    return userZone(zone) === undefined ? undefined : USER_ZONE_SIZE;
  }

  protected codesFor(zone: string): readonly number[] {
    const key = this.#zones[zone]?.write;
    return key === undefined ? [] : [key];
  }

  protected async readTries(key: number): Promise<Tries> {
    return { left: triesOf(await this.#counter(counterAddress(key))), full: TRIES_FULL };
  }

  protected async present(key: number, code: Uint8Array): Promise<Presented> {
    this.#active = undefined;
    const sw = statusOf(await this.session.transmit(this.#commands.verifyPassword(key, code)));
    const outcome = this.#commands.verified(sw);
    if (outcome === undefined) throw refused('the password', sw);
    if (!outcome.accepted) return { accepted: false, triesLeft: triesOf(outcome.counter) };
    this.#active = key;
    return outcome;
  }

  protected async readRegion({ zone, offset, length: wanted }: Region): Promise<Uint8Array> {
    const number = userZone(zone);
    if (number !== undefined) this.#needReadable(zone);
    const data = new Uint8Array(wanted);
    for (let done = 0; done < wanted;) {
      const length = Math.min(this.#commands.maxBytes, wanted - done);
      const command =
        number === undefined
          ? this.#commands.readConfig(offset + done, length)
          : this.#commands.read(number, offset + done, length);
      const answer = await this.run(command, 'a reading', 'chip.unreadable');
      if (answer.length !== length) throw malformed('a reading');
      data.set(answer, done);
      done += length;
    }
    return data;
  }

  /** One command a page: that readers split longer writes is not written anywhere, and a chip would not. */
  protected async writeRegion({ zone, offset, data }: RegionData): Promise<void> {
    const number = userZone(zone);
    if (number === undefined) return this.#refuseConfig(offset);
    const key = this.#zones[zone]?.write;
    if (key !== undefined && this.#active !== key) throw codeNeeded();
    for (const part of pagesOf(offset, data)) {
      await this.run(this.#commands.write(number, part.offset, part.data), 'a write');
    }
  }

  /** By the zone's access register, whose layout is unconfirmed: a card that proves it otherwise changes `access.ts`. */
  protected async refuseUnwritable(zone: string, runs: readonly RegionData[]): Promise<void> {
    const number = userZone(zone);
    if (number === undefined) return this.#refuseConfig(runs[0]?.offset ?? 0);
    const offset = CONFIG.accessRegisters.at + number;
    const [register = UNSHOWN] = await this.read({ zone: CONFIG_ZONE, offset, length: 1 });
    if (register === UNSHOWN) return;
    await refuseByRegister(decodeAccess(register), runs, (run) =>
      this.read({ zone, offset: run.offset, length: run.data.length }),
    );
  }

  /** The configuration, 128 bytes: what the card does not show reads as 00. Never to be logged. */
  readConfig(): Promise<Uint8Array> {
    return this.read({ zone: CONFIG_ZONE, offset: 0, length: CONFIG_SIZE });
  }

  /** Fuses that are intact, by the bits of `FUSE`. */
  async readFuses(): Promise<number> {
    const [fuses] = await this.run(this.#commands.readFuses(), 'a reading', 'chip.unreadable');
    if (fuses === undefined) throw malformed('a reading of the fuses');
    return fuses;
  }

  /** Both sides prove that they know Gc; zones that want it are then open until power is off. See `authenticateCard`. */
  authenticate({ gc, random, authFunction }: Authentication): Promise<void> {
    const commands = this.#commands;
    return authenticateCard(
      {
        readCryptogram: () =>
          this.read({ zone: CONFIG_ZONE, offset: CONFIG.cryptogram.at, length: CONFIG.cryptogram.size }),
        readAttempts: () => this.#counter(CONFIG.authenticationCounter.at),
        initialize: async (q0) =>
          void (await this.run(commands.initializeAuthentication(q0), 'the authentication')),
        // The status word after a failure is not documented: the counter and Ci tell.
        verify: async (q1) => void (await this.session.transmit(commands.verifyAuthentication(q1))),
      },
      { gc, q0: random, ...(authFunction === undefined ? {} : { authFunction }) },
    );
  }

  /**
   * Writes configuration bytes on a card whose fuse PER is intact, after the secure code was presented. For issuing
   * cards. The chip says nothing of bytes that it refuses: `chip.refused` where reading back shows others.
   */
  async writeConfig(offset: number, data: Uint8Array): Promise<void> {
    const region = { zone: CONFIG_ZONE, offset, length: data.length };
    this.checkRegion(region);
    this.#needActive(SECURE_CODE);
    await this.#writeConfigPages(offset, data);
  }

  /**
   * Replaces a password, which its set's Write password opens. Apart from every plan, and **cannot be made safe**: a
   * card that is pulled out inside is left with a password that may be any value, and its zone is then lost for
   * writing. For a staffed desk, with the card in no one's hand.
   */
  async changePassword(key: number, code: Uint8Array): Promise<void> {
    if (code.length !== PASSWORD_SIZE || this.codeLength(key) === undefined) {
      throw new ChipError({
        code: 'chip.malformed',
        message: `An AT88SC1608 has passwords 0 to ${PASSWORDS - 1} of ${PASSWORD_SIZE} bytes each.`,
      });
    }
    this.#needActive(key % READ_PASSWORD);
    await this.#writeConfigPages(counterAddress(key) + 1, code);
  }

  /** Blows the next of FAB, CMA, PER for ever, after the secure code. Gives the fuses that are left. `chip.refused`. */
  async blowFuse(): Promise<number> {
    this.#needActive(SECURE_CODE);
    const before = await this.readFuses();
    if (before === 0) throw protectedForEver(0);
    const sw = statusOf(await this.session.transmit(this.#commands.blowFuse()));
    const after = await this.readFuses();
    if (sw !== SUCCESS || after !== (before & (before - 1))) throw refused('the blowing of a fuse', sw);
    return after;
  }

  async #writeConfigPages(offset: number, data: Uint8Array): Promise<void> {
    for (const part of pagesOf(offset, data)) {
      await this.run(this.#commands.writeConfig(part.offset, part.data), 'a write of the configuration');
    }
    const held = await this.read({ zone: CONFIG_ZONE, offset, length: data.length });
    if (!held.every((byte, i) => byte === data[i])) throw refused('a write of the configuration', SUCCESS);
  }

  async #counter(address: number): Promise<number> {
    const [counter] = await this.run(this.#commands.readConfig(address, 1), 'a reading', 'chip.unreadable');
    if (counter === undefined) throw malformed('a reading of an attempts counter');
    return counter;
  }

  /** Plans do not write the configuration; once PER is blown nothing does. */
  async #refuseConfig(offset: number): Promise<never> {
    if (((await this.readFuses()) & FUSE.per) === 0) throw protectedForEver(offset);
    throw new ChipError({
      code: 'chip.unsupported',
      message: 'The configuration of a card is written where cards are issued, not here.',
    });
  }

  /** Bytes that the card refuses read as 00, which must not be taken for what it holds. */
  #needReadable(zone: string): void {
    const codes = this.#zones[zone];
    if (codes?.read === undefined) return;
    if (
      this.#active !== undefined &&
      (this.#active === codes.read || this.#active === codes.read - READ_PASSWORD)
    )
      return;
    throw new ChipError({
      code: 'chip.unreadable',
      message: 'This part of the card can be read only after its password.',
    });
  }

  #needActive(key: number): void {
    if (this.#active !== key) throw codeNeeded();
  }
}

function userZone(zone: string): number | undefined {
  const number = /^user([0-7])$/.exec(zone)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** Bytes cut where the chip's pages end. */
function pagesOf(offset: number, data: Uint8Array): { readonly offset: number; readonly data: Uint8Array }[] {
  const parts = [];
  for (let done = 0; done < data.length;) {
    const at = offset + done;
    const part = data.subarray(done, done + PAGE_SIZE - (at % PAGE_SIZE));
    parts.push({ offset: at, data: part });
    done += part.length;
  }
  return parts;
}

/** How the AT88SC1608 takes part in identification: by the four bytes of its answer to reset. */
export const at88sc1608Family: ChipFamily = {
  chip: 'AT88SC1608',
  matches: (atr) => isMemoryAtr(atr, ATR_BYTES),
  async open(session: CardSession, reader: MemoryReader): Promise<ChipDriver> {
    const commands = commandsFor(AT88SC1608_COMMANDS, reader);
    const sw = statusOf(await session.transmit(commands.selectType()));
    if (sw !== SUCCESS) throw refused('the selection of its type', sw);
    return new At88Sc1608Driver(session, commands);
  },
};
