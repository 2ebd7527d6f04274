import type { CardSession } from '../../reader/slot.ts';
import type { ChipDriver, ChipFamily, MemoryReader, Tries } from '../contract.ts';
import { commandsFor } from '../dialect/commands-for.ts';
import type { Question } from '../dialect/question.ts';
import { ChipError } from '../error.ts';
import { MemoryDriver, type Presented } from '../memory-driver.ts';
import { malformed, protectedForEver, refused } from '../memory-error.ts';
import type { Region, RegionData } from '../region.ts';
import { dataOf, isMemoryAtr, statusOf } from '../response.ts';
import { SLE4428_COMMANDS, type Sle4428Commands } from './commands.ts';
import {
  ATR_BYTES,
  ATR_BYTES_SLE5528,
  ERROR_COUNTER_FULL,
  MAIN_SIZE,
  PROTECTED_BELOW,
  PSC_SIZE,
  TRIES_FULL,
  triesOf,
} from './constants.ts';

const SUCCESS = 0x9000;
const PSC = 0;

/** Drives an SLE4428 behind a reader's pseudo-APDUs. One zone, `main`, of 1,021 bytes; one code, 0. */
export class Sle4428Driver extends MemoryDriver {
  readonly chip = 'SLE4428';
  readonly #commands: Sle4428Commands;

  constructor(session: CardSession, commands: Sle4428Commands) {
    super(session);
    this.#commands = commands;
  }

  protected codeLength(key: number): number | undefined {
    return key === PSC ? PSC_SIZE : undefined;
  }

  /** The counter and the code behind it are no bytes of this zone: to write there can lock the card. */
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
      data.set((await this.#ask(this.#commands.read(offset + done, length), 'a reading')).data, done);
      done += length;
    }
    return data;
  }

  protected async readTries(): Promise<Tries> {
    return { left: triesOf(await this.#errorCounter()), full: TRIES_FULL };
  }

  protected async present(_key: number, code: Uint8Array): Promise<Presented> {
    const response = await this.session.transmit(this.#commands.presentCode(code));
    const outcome = this.#commands.presented(response);
    if (outcome === undefined) throw refused('the code', statusOf(response));
    const counter = outcome === 'read-counter' ? await this.#errorCounter() : outcome;
    // That the chip let its counter be erased is the only proof that the code was right.
    return counter === ERROR_COUNTER_FULL
      ? { accepted: true }
      : { accepted: false, triesLeft: triesOf(counter) };
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
   * Replaces the security code, after `presentCode`. Apart from every plan: two single-byte writes that a pulled card
   * leaves half old, half new. For issuing cards at a staffed desk. `chip.unsupported` where the reader cannot.
   */
  async changeCode(code: Uint8Array): Promise<void> {
    if (code.length !== PSC_SIZE) {
      throw new ChipError({
        code: 'chip.malformed',
        message: `The code of an SLE4428 has ${PSC_SIZE} bytes.`,
      });
    }
    this.needCode(PSC);
    await this.run(this.#issuing(this.#commands.changeCode(code)), 'the change of its code');
  }

  /** Protects bytes for ever; `data` must be what they hold. For issuing cards. `chip.unsupported` where the reader cannot. */
  async protect(offset: number, data: Uint8Array): Promise<void> {
    this.checkRegion({ zone: 'main', offset, length: data.length });
    this.needCode(PSC);
    await this.run(this.#issuing(this.#commands.protect(offset, data)), 'the protection');
  }

  /** For each byte whether it can still be written. */
  async readProtection(offset: number, length: number): Promise<readonly boolean[]> {
    this.checkRegion({ zone: 'main', offset, length });
    return this.#open(offset, length);
  }

  async #errorCounter(): Promise<number> {
    const { apdu, parse } = this.#commands.readErrorCounter();
    const response = await this.session.transmit(apdu);
    const sw = statusOf(response);
    const counter = sw === SUCCESS ? parse(dataOf(response)) : undefined;
    if (counter !== undefined) return counter;
    if (this.#commands.noCounter === 'chip.unsupported') throw countsUnseen();
    throw sw === SUCCESS
      ? malformed('a reading of the error counter')
      : refused('a reading', sw, 'chip.unreadable');
  }

  /**
   * Any byte can be protected, but makers and issuers protect only low ones, and only there a write asks first. To ask
   * about a purchase's addresses would cost 55 ms of some 370, and a byte that never takes what is written harms
   * nothing: the chip ignores the write and the read-back tells.
   */
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
      const probe = await this.#ask(
        this.#commands.read(at, Math.min(rest, this.#commands.maxBytes)),
        'a reading',
      );
      if (probe.open !== undefined) {
        open.push(...probe.open);
        continue;
      }
      for (const question of this.#commands.readProtection(at, rest)) {
        open.push(...(await this.#ask(question, 'a reading of the protect bits')));
      }
    }
    return open;
  }

  async #ask<T>({ apdu, parse }: Question<T>, doing: string): Promise<T> {
    const answer = parse(await this.run(apdu, doing, 'chip.unreadable'));
    if (answer === undefined) throw malformed(doing);
    return answer;
  }

  #issuing(apdu: Uint8Array | undefined): Uint8Array {
    if (apdu !== undefined) return apdu;
    throw new ChipError({
      code: 'chip.unsupported',
      message: 'This reader has no command for that; issue the card on another reader.',
    });
  }
}

function countsUnseen(): ChipError {
  return new ChipError({
    code: 'chip.unsupported',
    message:
      'This reader does not tell how many tries the card’s code has left, so the code is not tried; use another reader.',
  });
}

/** How the SLE4428 takes part in identification: by the four bytes of its answer to reset. */
export const sle4428Family: ChipFamily = {
  chip: 'SLE4428',
  matches: (atr) => isMemoryAtr(atr, ATR_BYTES) || isMemoryAtr(atr, ATR_BYTES_SLE5528),
  async open(session: CardSession, reader: MemoryReader): Promise<ChipDriver> {
    const commands = commandsFor(SLE4428_COMMANDS, reader);
    const select = commands.selectType();
    if (select !== undefined) {
      const sw = statusOf(await session.transmit(select));
      if (sw !== SUCCESS) throw refused('the selection of its type', sw);
    }
    return new Sle4428Driver(session, commands);
  },
};
