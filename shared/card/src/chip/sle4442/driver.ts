import type { CardSession } from '../../reader/slot.ts';
import type { ChipDriver, ChipFamily, MemoryReader } from '../contract.ts';
import { commandsFor } from '../dialect/commands-for.ts';
import { outOfRange, protectedForEver } from '../memory-error.ts';
import type { Region, RegionData } from '../region.ts';
import { isMemoryAtr } from '../response.ts';
import { openOf } from '../siemens/commands.ts';
import { selectType, SiemensDriver } from '../siemens/driver.ts';
import { SLE4442_COMMANDS } from './commands.ts';
import { ATR_BYTES, ERROR_COUNTER_FULL, MAIN_SIZE, PROTECTABLE_SIZE, PSC_SIZE } from './constants.ts';
import type { Sle4442Commands } from './operations.ts';

/** Drives an SLE4442 behind a reader's pseudo-APDUs. One zone, `main`; one code, 0. */
export class Sle4442Driver extends SiemensDriver<Sle4442Commands> {
  readonly chip = 'SLE4442';
  #protection: Uint8Array | undefined;

  constructor(session: CardSession, commands: Sle4442Commands) {
    super({
      session,
      commands,
      mainSize: MAIN_SIZE,
      codeSize: PSC_SIZE,
      counterFull: ERROR_COUNTER_FULL,
    });
  }

  protected async readRegion({ offset, length: wanted }: Region): Promise<Uint8Array> {
    const data = new Uint8Array(wanted);
    for (let done = 0; done < wanted;) {
      const length = Math.min(this.commands.maxBytes, wanted - done);
      data.set(await this.ask(this.commands.read(offset + done, length), 'a reading'), done);
      done += length;
    }
    return data;
  }

  protected async writeRegion({ offset, data }: RegionData): Promise<void> {
    await this.#refuseProtected(offset, data.length);
    await this.writeParts(offset, data);
  }

  protected async refuseUnwritable(_zone: string, runs: readonly RegionData[]): Promise<void> {
    for (const { offset, data } of runs) await this.#refuseProtected(offset, data.length);
  }

  /** The protection bits of bytes 0–31: bit n of byte m guards address 8·m + n, 0 is protected. */
  async readProtection(): Promise<Uint8Array> {
    return this.ask(this.commands.readProtection(), 'a reading of the protection bits');
  }

  /** Protects bytes 0–31 for ever; `data` must be what they hold. For issuing cards. `chip.refused` otherwise. */
  async protect(offset: number, data: Uint8Array): Promise<void> {
    const region = { zone: 'main', offset, length: data.length };
    this.checkRegion(region);
    if (offset + data.length > PROTECTABLE_SIZE) throw outOfRange(this.chip, region);
    await this.protectForEver(offset, data);
    this.#protection = undefined;
  }

  /** Only addresses 0–31 can be protected, so that other writes cost no question. */
  async #refuseProtected(offset: number, length: number): Promise<void> {
    if (offset >= PROTECTABLE_SIZE) return;
    this.#protection ??= await this.readProtection();
    const closed = openOf(this.#protection, PROTECTABLE_SIZE).indexOf(false, offset);
    if (closed !== -1 && closed < offset + length) throw protectedForEver(closed);
  }
}

/** How the SLE4442 takes part in identification: by the four bytes of its answer to reset. */
export const sle4442Family: ChipFamily = {
  chip: 'SLE4442',
  matches: (atr) => isMemoryAtr(atr, ATR_BYTES),
  async open(session: CardSession, reader: MemoryReader): Promise<ChipDriver> {
    const commands = commandsFor(SLE4442_COMMANDS, reader);
    await selectType(session, commands);
    return new Sle4442Driver(session, commands);
  },
};
