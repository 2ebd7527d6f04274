import type { Region, RegionData } from '../region.ts';
import type { CardSession } from '../../reader/slot.ts';
import type { ChipDriver, ChipFamily, MemoryReader, Tries } from '../contract.ts';
import { ChipError } from '../error.ts';
import { dataOf, isMemoryAtr, statusOf } from '../response.ts';
import { SLE4442_COMMANDS, type Sle4442Commands } from './commands.ts';
import { ATR_BYTES, MAIN_SIZE, PROTECTABLE_SIZE, PSC_SIZE, TRIES_FULL, triesOf } from './constants.ts';

const SUCCESS = 0x9000;
const PROTECTION_BYTES = PROTECTABLE_SIZE / 8;

/** Drives an SLE4442 behind a reader's pseudo-APDUs. One zone, `main`. */
export class Sle4442Driver implements ChipDriver {
  readonly chip = 'SLE4442';
  readonly #session: CardSession;
  readonly #commands: Sle4442Commands;
  #codePresented = false;
  #protection: Uint8Array | undefined;

  constructor(session: CardSession, commands: Sle4442Commands) {
    this.#session = session;
    this.#commands = commands;
  }

  async read(region: Region): Promise<Uint8Array> {
    this.#check(region.zone, region.offset, region.length);
    const data = new Uint8Array(region.length);
    for (let done = 0; done < region.length;) {
      const length = Math.min(this.#commands.maxBytes, region.length - done);
      const answer = await this.#run(this.#commands.read(region.offset + done, length), 'chip.unreadable');
      // Older ACS firmware appends the four bytes of protection memory to what was asked for.
      if (answer.length !== length && answer.length !== length + PROTECTION_BYTES) throw malformed('read');
      data.set(answer.subarray(0, length), done);
      done += length;
    }
    return data;
  }

  async tries(): Promise<Tries> {
    const answer = await this.#run(this.#commands.readErrorCounter(), 'chip.unreadable');
    const counter = answer[0];
    if (counter === undefined) throw malformed('read of the error counter');
    return { left: triesOf(counter), full: TRIES_FULL };
  }

  async presentCode(code: Uint8Array): Promise<void> {
    if (code.length !== PSC_SIZE) {
      throw new ChipError({
        code: 'chip.malformed',
        message: `The code of an SLE4442 has ${PSC_SIZE} bytes.`,
      });
    }
    const answer = await this.#session.transmit(this.#commands.presentCode(code));
    const outcome = this.#commands.presented(statusOf(answer));
    if (outcome === undefined) throw refused('presenting the code', statusOf(answer));
    if (!outcome.accepted) {
      const triesLeft = triesOf(outcome.errorCounter);
      if (triesLeft === 0) throw locked();
      throw new ChipError({
        code: 'chip.code-wrong',
        message: 'The card refused the code; one try is lost. Do not try again with the same code.',
        context: { triesLeft },
      });
    }
    this.#codePresented = true;
  }

  async write(data: RegionData): Promise<void> {
    this.#check(data.zone, data.offset, data.data.length);
    if (!this.#codePresented) throw codeNeeded();
    await this.#refuseProtected(data.offset, data.data.length);
    for (let done = 0; done < data.data.length;) {
      const part = data.data.subarray(done, done + this.#commands.maxBytes);
      await this.#run(this.#commands.write(data.offset + done, part), 'chip.refused');
      done += part.length;
    }
  }

  exchange(): Promise<{ readonly data: Uint8Array; readonly sw: number }> {
    return Promise.reject(
      new ChipError({
        code: 'chip.unsupported',
        message: 'An SLE4442 takes no card commands; use read and write.',
      }),
    );
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
    if (!this.#codePresented) throw codeNeeded();
    await this.#run(this.#commands.changeCode(code), 'chip.refused');
  }

  /** Protects bytes 0–31 for ever; `data` must be what they hold. For issuing cards. `chip.refused` otherwise. */
  async protect(offset: number, data: Uint8Array): Promise<void> {
    this.#check('main', offset, data.length);
    if (offset + data.length > PROTECTABLE_SIZE) throw outOfRange('main', offset, data.length);
    if (!this.#codePresented) throw codeNeeded();
    await this.#run(this.#commands.protect(offset, data), 'chip.refused');
    this.#protection = undefined;
  }

  /** Only addresses 0–31 can be protected, so that other writes cost no question. */
  async #refuseProtected(offset: number, length: number): Promise<void> {
    if (offset >= PROTECTABLE_SIZE) return;
    this.#protection ??= await this.#run(this.#commands.readProtection(), 'chip.unreadable');
    if (this.#protection.length !== PROTECTION_BYTES) throw malformed('read of the protection bits');
    for (let address = offset; address < Math.min(offset + length, PROTECTABLE_SIZE); address++) {
      const open = ((this.#protection[address >> 3] ?? 0) >> (address & 7)) & 1;
      if (open === 0) {
        throw new ChipError({
          code: 'chip.protected',
          message: 'These bytes of the card are write-protected for ever: the card needs replacing.',
          context: { address },
        });
      }
    }
  }

  async #run(apdu: Uint8Array, code: 'chip.unreadable' | 'chip.refused'): Promise<Uint8Array> {
    const answer = await this.#session.transmit(apdu);
    const sw = statusOf(answer);
    if (sw === SUCCESS) return dataOf(answer);
    throw new ChipError({
      code,
      message: 'The reader could not carry out the command on this card; clean the card and put it in again.',
      context: { sw: sw.toString(16) },
    });
  }

  #check(zone: string, offset: number, length: number): void {
    if (zone !== 'main' || offset < 0 || length < 1 || offset + length > MAIN_SIZE) {
      throw outOfRange(zone, offset, length);
    }
  }
}

/** How the SLE4442 takes part in identification: by the four bytes of its answer to reset. */
export const sle4442Family: ChipFamily = {
  chip: 'SLE4442',
  matches: (atr) => isMemoryAtr(atr, ATR_BYTES),
  async open(session: CardSession, reader: MemoryReader): Promise<ChipDriver> {
    if (reader.memoryDialect === undefined) {
      throw new ChipError({
        code: 'chip.unsupported',
        message: 'This reader cannot drive memory cards; use another reader.',
      });
    }
    const commands = SLE4442_COMMANDS[reader.memoryDialect];
    const answer = await session.transmit(commands.selectType());
    if (statusOf(answer) !== SUCCESS) throw refused('selecting the card type', statusOf(answer));
    return new Sle4442Driver(session, commands);
  },
};

function codeNeeded(): ChipError {
  return new ChipError({
    code: 'chip.code-needed',
    message: 'The card takes no bytes before its code is presented.',
  });
}

function locked(): ChipError {
  return new ChipError({
    code: 'chip.locked',
    message:
      'The card has locked itself after too many wrong codes and can only be read: it needs replacing.',
  });
}

function refused(doing: string, sw: number): ChipError {
  return new ChipError({
    code: 'chip.refused',
    message: `The reader gave up on ${doing}; take the card out and put it in again.`,
    context: { sw: sw.toString(16) },
  });
}

function malformed(what: string): ChipError {
  return new ChipError({
    code: 'chip.malformed',
    message: `The answer to a ${what} has the wrong length; put the card in again or use another reader.`,
  });
}

function outOfRange(zone: string, offset: number, length: number): ChipError {
  return new ChipError({
    code: 'chip.out-of-range',
    message: 'An SLE4442 has no such bytes.',
    context: { zone, offset, length },
  });
}
