import type { Region } from '../region.ts';
import type { CardSession } from '../../reader/slot.ts';
import type { ChipDriver, ChipFamily } from '../contract.ts';
import { ChipError } from '../error.ts';
import { dataOf, isAnyMemoryAtr, statusOf } from '../response.ts';
import { isIsoAtr } from './atr.ts';
import { INS, parseApdu, readBinary, select } from './commands.ts';
import { D1, fileOf, type CpuDialect, type Directory } from './dialects.ts';
import { statusError } from './status.ts';

/** Drives an ISO 7816-4 card of one dialect. 61xx, 6Cxx and T=1 are the session's business. */
export class CpuDriver implements ChipDriver {
  readonly chip = 'CPU';
  readonly #session: CardSession;
  readonly #dialect: CpuDialect;
  /** A reset selects the MF; undefined after a selection that the dialect does not know. */
  #current: Directory | undefined = 'mf';

  constructor(session: CardSession, dialect: CpuDialect) {
    this.#session = session;
    this.#dialect = dialect;
  }

  async read(region: Region): Promise<Uint8Array> {
    const file = fileOf(this.#dialect, region.zone);
    if (file === undefined || region.offset < 0 || region.length < 1) throw outOfRange(region);
    if (region.offset + region.length > file.length) throw outOfRange(region);
    await this.#select(file.directory);
    const data = new Uint8Array(region.length);
    for (let done = 0; done < region.length;) {
      const offset = region.offset + done;
      // P2 holds the offset in one byte when P1 names the file.
      if (offset > 0xff) throw outOfRange(region);
      const length = Math.min(this.#dialect.maxRead, region.length - done);
      const answer = await this.#run(readBinary(file.sfi, offset, length));
      if (answer.length !== length) {
        throw new ChipError({
          code: 'chip.malformed',
          message: 'The card gave another number of bytes than was asked for; put it in again.',
          context: { zone: region.zone, expected: length, got: answer.length },
        });
      }
      data.set(answer, done);
      done += length;
    }
    return data;
  }

  /** CPU cards answer challenges; there is no code to present and no counter to read. */
  tries(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  presentCode(): Promise<void> {
    return Promise.reject(unsupported('A CPU card has no code to present: its plan authenticates.'));
  }

  write(): Promise<void> {
    return Promise.reject(unsupported('A CPU card takes no bytes without commands of a plan.'));
  }

  async exchange(apdu: Uint8Array): Promise<{ readonly data: Uint8Array; readonly sw: number }> {
    const command = parseApdu(apdu);
    if (command === undefined) {
      throw new ChipError({
        code: 'chip.malformed',
        message: 'A command of the plan has lengths that do not agree.',
      });
    }
    const answer = await this.#session.transmit(apdu);
    const sw = statusOf(answer);
    if (command.ins === INS.select && sw === 0x9000) this.#current = this.#directoryOf(command.data);
    return { data: dataOf(answer), sw };
  }

  async #select(directory: Directory): Promise<void> {
    if (this.#current === directory) return;
    this.#current = undefined;
    await this.#run(select(this.#dialect.directories[directory]));
    this.#current = directory;
  }

  async #run(apdu: Uint8Array): Promise<Uint8Array> {
    const answer = await this.#session.transmit(apdu);
    const error = statusError(statusOf(answer));
    if (error !== undefined) throw error;
    return dataOf(answer);
  }

  #directoryOf(fileId: Uint8Array): Directory | undefined {
    const id = (fileId[0] ?? 0) * 0x100 + (fileId[1] ?? 0);
    const { mf, df01 } = this.#dialect.directories;
    return id === mf ? 'mf' : id === df01 ? 'df01' : undefined;
  }
}

/** AT88SC1616C: a memory chip that answers T=0 (Microchip CryptoMemory data sheet §5.3.1); not a CPU card. */
const CRYPTO_MEMORY_ATR = [0x3b, 0xb2, 0x11, 0x00, 0x10, 0x80, 0x00, 0x16] as const;

/**
 * Any proper answer to reset that is no memory card's is a CPU card; that it is an electricity card shows when
 * its serial can be read.
 */
export const cpuFamily: ChipFamily = {
  chip: 'CPU',
  matches: (atr) =>
    isIsoAtr(atr) &&
    !isAnyMemoryAtr(atr) &&
    !(atr.length === CRYPTO_MEMORY_ATR.length && CRYPTO_MEMORY_ATR.every((byte, i) => atr[i] === byte)),
  open: (session: CardSession) => Promise.resolve(new CpuDriver(session, D1)),
};

function unsupported(message: string): ChipError {
  return new ChipError({ code: 'chip.unsupported', message });
}

function outOfRange(region: Region): ChipError {
  return new ChipError({
    code: 'chip.out-of-range',
    message: 'An electricity card of this dialect has no such bytes.',
    context: { zone: region.zone, offset: region.offset, length: region.length },
  });
}
