import type { CardSession } from '../../reader/slot.ts';
import type { ChipDriver, ChipFamily, MemoryReader, Tries } from '../contract.ts';
import { commandsFor } from '../dialect/commands-for.ts';
import { ChipError } from '../error.ts';
import { MemoryDriver, type Presented } from '../memory-driver.ts';
import { malformed, outOfRange, protectedForEver, refused } from '../memory-error.ts';
import type { Region, RegionData } from '../region.ts';
import { isMemoryAtr, statusOf } from '../response.ts';
import { SLE4442_COMMANDS, type Sle4442Commands } from './commands.ts';
import { ATR_BYTES, MAIN_SIZE, PROTECTABLE_SIZE, PSC_SIZE, TRIES_FULL, triesOf } from './constants.ts';

const SUCCESS = 0x9000;
const PROTECTION_BYTES = PROTECTABLE_SIZE / 8;
const PSC = 0;

/** Drives an SLE4442 behind a reader's pseudo-APDUs. One zone, `main`; one code, 0. */
export class Sle4442Driver extends MemoryDriver {
  readonly chip = 'SLE4442';
  readonly #commands: Sle4442Commands;
  #protection: Uint8Array | undefined;

  constructor(session: CardSession, commands: Sle4442Commands) {
    super(session);
    this.#commands = commands;
  }

  protected codeLength(key: number): number | undefined {
    return key === PSC ? PSC_SIZE : undefined;
  }

  protected zoneSize(zone: string): number | undefined {
    return zone === 'main' ? MAIN_SIZE : undefined;
  }

  protected codesFor(): readonly number[] {
    return [PSC];
  }

  protected async readRegion({ offset, length: wanted }: Region): Promise<Uint8Array> {
    const data = new Uint8Array(wanted);
    for (let done = 0; done < wanted;) {
      const length = Math.min(this.#commands.maxBytes, wanted - done);
      const answer = await this.run(
        this.#commands.read(offset + done, length),
        'a reading',
        'chip.unreadable',
      );
      // Older ACS firmware appends the four bytes of protection memory to what was asked for.
      if (answer.length !== length && answer.length !== length + PROTECTION_BYTES)
        throw malformed('a reading');
      data.set(answer.subarray(0, length), done);
      done += length;
    }
    return data;
  }

  protected async readTries(): Promise<Tries> {
    const answer = await this.run(this.#commands.readErrorCounter(), 'a reading', 'chip.unreadable');
    const counter = answer[0];
    if (counter === undefined) throw malformed('a reading of the error counter');
    return { left: triesOf(counter), full: TRIES_FULL };
  }

  protected async present(_key: number, code: Uint8Array): Promise<Presented> {
    const sw = statusOf(await this.session.transmit(this.#commands.presentCode(code)));
    const outcome = this.#commands.presented(sw);
    if (outcome === undefined) throw refused('the code', sw);
    return outcome.accepted ? outcome : { accepted: false, triesLeft: triesOf(outcome.errorCounter) };
  }

  protected async writeRegion({ offset, data }: RegionData): Promise<void> {
    await this.#refuseProtected(offset, data.length);
    for (let done = 0; done < data.length;) {
      const part = data.subarray(done, done + this.#commands.maxBytes);
      await this.run(this.#commands.write(offset + done, part), 'a write');
      done += part.length;
    }
  }

  /**
   * Replaces the security code, after `presentCode`. Apart from every plan: three single-byte writes that a
   * pulled card leaves half old, half new. For issuing cards at a staffed desk.
   */
  async changeCode(code: Uint8Array): Promise<void> {
    if (code.length !== PSC_SIZE) {
      throw new ChipError({
        code: 'chip.malformed',
        message: `The code of an SLE4442 has ${PSC_SIZE} bytes.`,
      });
    }
    this.needCode(PSC);
    await this.run(this.#commands.changeCode(code), 'the change of its code');
  }

  /** The protection bits of bytes 0–31: bit n of byte m guards address 8·m + n, 0 is protected. */
  async readProtection(): Promise<Uint8Array> {
    const bits = await this.run(this.#commands.readProtection(), 'a reading', 'chip.unreadable');
    if (bits.length !== PROTECTION_BYTES) throw malformed('a reading of the protection bits');
    return bits;
  }

  /** Protects bytes 0–31 for ever; `data` must be what they hold. For issuing cards. `chip.refused` otherwise. */
  async protect(offset: number, data: Uint8Array): Promise<void> {
    const region = { zone: 'main', offset, length: data.length };
    this.checkRegion(region);
    if (offset + data.length > PROTECTABLE_SIZE) throw outOfRange(this.chip, region);
    this.needCode(PSC);
    await this.run(this.#commands.protect(offset, data), 'the protection');
    this.#protection = undefined;
  }

  /** Only addresses 0–31 can be protected, so that other writes cost no question. */
  async #refuseProtected(offset: number, length: number): Promise<void> {
    if (offset >= PROTECTABLE_SIZE) return;
    this.#protection ??= await this.readProtection();
    for (let address = offset; address < Math.min(offset + length, PROTECTABLE_SIZE); address++) {
      const open = ((this.#protection[address >> 3] ?? 0) >> (address & 7)) & 1;
      if (open === 0) throw protectedForEver(address);
    }
  }
}

/** How the SLE4442 takes part in identification: by the four bytes of its answer to reset. */
export const sle4442Family: ChipFamily = {
  chip: 'SLE4442',
  matches: (atr) => isMemoryAtr(atr, ATR_BYTES),
  async open(session: CardSession, reader: MemoryReader): Promise<ChipDriver> {
    const commands = commandsFor(SLE4442_COMMANDS, reader);
    const sw = statusOf(await session.transmit(commands.selectType()));
    if (sw !== SUCCESS) throw refused('the selection of its type', sw);
    return new Sle4442Driver(session, commands);
  },
};
