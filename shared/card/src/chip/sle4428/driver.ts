import type { CardSession } from '../../reader/slot.ts';
import type { ChipDriver, ChipFamily, MemoryReader } from '../contract.ts';
import { commandsFor } from '../dialect/commands-for.ts';
import { protectedForEver } from '../memory-error.ts';
import type { Region, RegionData } from '../region.ts';
import { isMemoryAtr } from '../response.ts';
import { selectType, SiemensDriver } from '../siemens/driver.ts';
import { SLE4428_COMMANDS } from './commands.ts';
import {
  ATR_BYTES,
  ATR_BYTES_SLE5528,
  ERROR_COUNTER_FULL,
  MAIN_SIZE,
  PROTECTED_BELOW,
  PSC_SIZE,
} from './constants.ts';
import type { Sle4428Commands } from './operations.ts';

const NOTHING = new Uint8Array();
/** Bytes between two runs that are asked about along with them: cheaper than a question more. */
const ASKED_ALONG = 16;

/**
 * Drives an SLE4428 behind a reader's pseudo-APDUs. One zone, `main`, of 1,021 bytes: the counter and the code behind it
 * are no bytes of it, since to write there can lock the card. One code, 0.
 */
export class Sle4428Driver extends SiemensDriver<Sle4428Commands> {
  readonly chip = 'SLE4428';
  /** Whether this reader's readings bring the protect bits along; undefined before the first. */
  #bringsBits: boolean | undefined;

  constructor(session: CardSession, commands: Sle4428Commands) {
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
      const reading = await this.ask(this.commands.read(offset + done, length), 'a reading');
      this.#bringsBits = reading.open !== undefined;
      data.set(reading.data, done);
      done += length;
    }
    return data;
  }

  protected async writeRegion({ offset, data }: RegionData): Promise<void> {
    await this.#refuseProtected(offset, data.length);
    await this.writeParts(offset, data);
  }

  /** Protects bytes for ever; `data` must be what they hold. For issuing cards. `chip.unsupported` where the reader cannot. */
  async protect(offset: number, data: Uint8Array): Promise<void> {
    this.checkRegion({ zone: 'main', offset, length: data.length });
    await this.protectForEver(offset, data);
  }

  /** For each byte whether it can still be written. */
  async readProtection(offset: number, length: number): Promise<readonly boolean[]> {
    this.checkRegion({ zone: 'main', offset, length });
    return this.#open(offset, length);
  }

  /** Any byte can be protected: asked about all that would change, some 30 ms of a purchase. */
  protected async refuseUnwritable(_zone: string, runs: readonly RegionData[]): Promise<void> {
    const sorted = [...runs].sort((a, b) => a.offset - b.offset);
    for (let first = 0; first < sorted.length;) {
      const start = sorted[first]?.offset ?? 0;
      let end = start;
      for (; first < sorted.length; first++) {
        const { offset, data } = sorted[first] ?? { offset: end, data: NOTHING };
        if (offset > end + ASKED_ALONG) break;
        end = Math.max(end, offset + data.length);
      }
      const open = await this.#open(start, end - start);
      for (const { offset, data } of runs) {
        const closed = open.indexOf(false, Math.max(0, offset - start));
        if (closed !== -1 && start + closed < offset + data.length) throw protectedForEver(start + closed);
      }
    }
  }

  /** Bytes that makers and issuers protect: a write there asks by itself. */
  async #refuseProtected(offset: number, length: number): Promise<void> {
    const asked = Math.min(offset + length, PROTECTED_BELOW) - offset;
    if (asked <= 0) return;
    const closed = (await this.#open(offset, asked)).indexOf(false);
    if (closed !== -1) throw protectedForEver(offset + closed);
  }

  async #open(offset: number, length: number): Promise<readonly boolean[]> {
    const open: boolean[] = [];
    while (open.length < length) {
      const at = offset + open.length;
      const rest = length - open.length;
      // Firmware that brings protect bits with every reading has no command for them alone: it would answer with memory.
      if (this.#bringsBits !== false) {
        const most = Math.min(rest, this.commands.maxBytes);
        const probe = await this.ask(this.commands.read(at, most), 'a reading');
        this.#bringsBits = probe.open !== undefined;
        if (probe.open !== undefined) {
          open.push(...probe.open);
          continue;
        }
      }
      for (const question of this.commands.readProtection(at, rest)) {
        open.push(...(await this.ask(question, 'a reading of the protect bits')));
      }
    }
    return open;
  }
}

/** How the SLE4428 takes part in identification: by the four bytes of its answer to reset. */
export const sle4428Family: ChipFamily = {
  chip: 'SLE4428',
  matches: (atr) => isMemoryAtr(atr, ATR_BYTES) || isMemoryAtr(atr, ATR_BYTES_SLE5528),
  async open(session: CardSession, reader: MemoryReader): Promise<ChipDriver> {
    const commands = commandsFor(SLE4428_COMMANDS, reader);
    await selectType(session, commands);
    return new Sle4428Driver(session, commands);
  },
};
