import { countBits } from '../../bytes/bits.ts';
import type { CardSession } from '../../reader/slot.ts';
import type { Tries } from '../contract.ts';
import type { Question } from '../dialect/question.ts';
import { ChipError } from '../error.ts';
import { MemoryDriver, type Presented } from '../memory-driver.ts';
import { malformed, refused } from '../memory-error.ts';
import { dataOf, statusOf } from '../response.ts';
import type { SiemensCommands } from './commands.ts';

const SUCCESS = 0x9000;
const PSC = 0;

export interface SiemensDriverInit<Commands extends SiemensCommands> {
  readonly session: CardSession;
  readonly commands: Commands;
  /** Bytes of `main`. */
  readonly mainSize: number;
  /** Bytes of the code. */
  readonly codeSize: number;
  /** The error counter with all its tries; one bit each. */
  readonly counterFull: number;
}

/** One zone, `main`, and one code, 0, guarded by a counter of bits: what SLE4442 and SLE4428 have in common. */
export abstract class SiemensDriver<Commands extends SiemensCommands> extends MemoryDriver {
  protected readonly commands: Commands;
  readonly #init: SiemensDriverInit<Commands>;

  constructor(init: SiemensDriverInit<Commands>) {
    super(init.session);
    this.commands = init.commands;
    this.#init = init;
  }

  protected codeLength(key: number): number | undefined {
    return key === PSC ? this.#init.codeSize : undefined;
  }

  protected zoneSize(zone: string): number | undefined {
    return zone === 'main' ? this.#init.mainSize : undefined;
  }

  protected codesFor(): readonly number[] {
    return [PSC];
  }

  protected async readTries(): Promise<Tries> {
    return { left: this.#triesOf(await this.#errorCounter()), full: countBits(this.#init.counterFull) };
  }

  protected async present(_key: number, code: Uint8Array): Promise<Presented> {
    const response = await this.session.transmit(this.commands.presentCode(code));
    const outcome = this.commands.presented(response);
    if (outcome === undefined) throw refused('the code', statusOf(response));
    const counter = outcome === 'read-counter' ? await this.#errorCounter() : outcome;
    // That the chip let its counter be erased is the only proof that the code was right.
    return (counter & this.#init.counterFull) === this.#init.counterFull
      ? { accepted: true }
      : { accepted: false, triesLeft: this.#triesOf(counter) };
  }

  /**
   * Replaces the security code, after `presentCode`. Apart from every plan: single-byte writes that a pulled card leaves
   * half old, half new. For issuing cards at a staffed desk. `chip.unsupported` where the reader cannot.
   */
  async changeCode(code: Uint8Array): Promise<void> {
    const { codeSize } = this.#init;
    if (code.length !== codeSize) {
      throw new ChipError({
        code: 'chip.malformed',
        message: `The code of an ${this.chip} has ${codeSize} bytes.`,
      });
    }
    this.needCode(PSC);
    await this.run(this.#issuing(this.commands.changeCode(code)), 'the change of its code');
  }

  /** Protects bytes for ever, after checks by the chip's own driver; `data` must be what they hold. */
  protected async protectForEver(offset: number, data: Uint8Array): Promise<void> {
    this.needCode(PSC);
    await this.run(this.#issuing(this.commands.protect(offset, data)), 'the protection');
  }

  /** Bytes from `offset` in commands of at most what one carries. */
  protected async writeParts(offset: number, data: Uint8Array): Promise<void> {
    for (let done = 0; done < data.length;) {
      const part = data.subarray(done, done + this.commands.maxBytes);
      await this.run(this.commands.write(offset + done, part), 'a write');
      done += part.length;
    }
  }

  /** A question that must be answered by 90 00. `doing`: as in "a reading". */
  protected async ask<T>({ apdu, parse }: Question<T>, doing: string): Promise<T> {
    const answer = parse(await this.run(apdu, doing, 'chip.unreadable'));
    if (answer === undefined) throw malformed(doing);
    return answer;
  }

  /** By its set bits, whichever they are; bits beside the counter do not count. */
  #triesOf(counter: number): number {
    return countBits(counter & this.#init.counterFull);
  }

  async #errorCounter(): Promise<number> {
    const { apdu, parse } = this.commands.readErrorCounter();
    const response = await this.session.transmit(apdu);
    const sw = statusOf(response);
    const counter = sw === SUCCESS ? parse(dataOf(response)) : undefined;
    if (counter !== undefined) return counter;
    if (this.commands.noCounter === 'chip.unsupported') throw counterUnseen();
    throw sw === SUCCESS
      ? malformed('a reading of the error counter')
      : refused('a reading', sw, 'chip.unreadable');
  }

  #issuing(apdu: Uint8Array | undefined): Uint8Array {
    if (apdu !== undefined) return apdu;
    throw new ChipError({
      code: 'chip.unsupported',
      message: 'This reader has no command for that; issue the card on another reader.',
    });
  }
}

/** Selects the card's type where the reader wants it. `chip.refused` where it cannot. */
export async function selectType(session: CardSession, commands: SiemensCommands): Promise<void> {
  const apdu = commands.selectType();
  if (apdu === undefined) return;
  const sw = statusOf(await session.transmit(apdu));
  if (sw !== SUCCESS) throw refused('the selection of its type', sw);
}

function counterUnseen(): ChipError {
  return new ChipError({
    code: 'chip.unsupported',
    message:
      'This reader does not tell how many tries the card’s code has left, so the code is not tried; use another reader.',
  });
}
