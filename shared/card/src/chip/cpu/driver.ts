import type { Region, RegionData } from '../region.ts';
import type { CardSession } from '../../reader/slot.ts';
import type { ChipDriver } from '../contract.ts';
import { ChipError } from '../error.ts';
import { dataOf, statusOf } from '../response.ts';
import { parseApdu } from '../../framing/apdu.ts';
import {
  askExternalTries,
  externalAuthenticate,
  getChallenge,
  INS,
  internalAuthenticate,
  macedUpdateBinary,
  readBinary,
  readCurrentBinary,
  readRecord,
  select,
  updateBinary,
  updateRecord,
} from './commands.ts';
import { D1_CARD } from './dialect-d1.ts';
import { type CpuDialect, type CpuFile, type Directory, fileOf } from './dialect.ts';
import {
  plainCommand,
  NO_HISTORY,
  permitTry,
  type KeyCommand,
  type KeyHistory,
  type PlainCommand,
} from './key-guard.ts';
import { piecesOf } from './pieces.ts';
import { statusError, triesOf } from './status.ts';

const SUCCESS = 0x9000;
/** P2 holds an offset in one byte when P1 names the file. */
const LAST_SHORT_OFFSET = 0xff;

/** One record of a file of records. */
export interface RecordPlace {
  readonly zone: string;
  /** From 1. */
  readonly record: number;
}

/**
 * Drives an ISO 7816-4 card of one dialect. 61xx, 6Cxx and T=1 are the session's business, keys and MACs the
 * grid's: authentications and MACed updates are carried, never computed. Errors are `ChipError`s by status word.
 */
export class CpuDriver implements ChipDriver {
  readonly chip = 'CPU';
  /** A plan's commands say what they write; nothing is joined. */
  readonly pageSize = 1;
  readonly dialect: CpuDialect;
  readonly #session: CardSession;
  /** A reset selects the MF; undefined after a selection that the dialect does not know. */
  #current: Directory | undefined;
  /** Whether no command since the last selection can have given the card a challenge or a right. */
  #rightless = true;
  /** Of the external key, as a refusal told; undefined while nothing was told. */
  #triesLeft: number | undefined;

  /** On a session after its reset, or with `unknown` after commands that may have selected anything. */
  constructor(session: CardSession, dialect: CpuDialect = D1_CARD, selected: 'mf' | 'unknown' = 'mf') {
    this.#session = session;
    this.dialect = dialect;
    this.#current = selected === 'mf' ? 'mf' : undefined;
  }

  async read(region: Region): Promise<Uint8Array> {
    const file = this.#fileWith(region);
    await this.#enter(file.directory);
    const data = new Uint8Array(region.length);
    const pieces = piecesOf(file, region, this.dialect.maxRead);
    // A file becomes the current one by a command that names it, which the first piece is unless it lies too far.
    if (region.offset > LAST_SHORT_OFFSET) await this.#answer(readBinary(file.sfi, 0, 1), 1);
    for (const { offset, length } of pieces) {
      const command =
        offset > LAST_SHORT_OFFSET ? readCurrentBinary(offset, length) : readBinary(file.sfi, offset, length);
      data.set(await this.#answer(command, length), offset - region.offset);
    }
    return data;
  }

  /** The 8 bytes of the serial, from where the dialect keeps them. */
  readSerial(): Promise<Uint8Array> {
    const { serial } = this.dialect;
    if (serial.in === 'file') return this.read(serial.region);
    return Promise.resolve(this.#session.atr.slice(serial.offset, serial.offset + serial.length));
  }

  /** One record, whole. */
  async readRecord({ zone, record }: RecordPlace): Promise<Uint8Array> {
    const { file, length } = this.#recordsOf({ zone, record });
    await this.#enter(file.directory);
    return this.#answer(readRecord(file.sfi, record, length), length);
  }

  /** Writes one record, whole, without MAC. */
  async updateRecord({ zone, record }: RecordPlace, data: Uint8Array): Promise<void> {
    const { file, length } = this.#recordsOf({ zone, record });
    if (data.length !== length) throw outOfRange({ zone, offset: 0, length: data.length });
    await this.#enter(file.directory);
    await this.#run(updateRecord(file.sfi, record, data));
  }

  /** Writes bytes of a file that takes them without MAC; `chip.unsupported` for any other. */
  async update({ zone, offset, data }: RegionData): Promise<void> {
    const file = this.#fileWith({ zone, offset, length: data.length });
    if (file.update !== 'plain')
      throw unsupported('This file on the card takes no bytes without a check sum.');
    await this.#enter(file.directory);
    for (const piece of piecesOf(file, { offset, length: data.length }, this.dialect.maxUpdate)) {
      if (piece.offset > LAST_SHORT_OFFSET) throw outOfRange({ zone, ...piece });
      const from = piece.offset - offset;
      await this.#run(
        updateBinary({ sfi: file.sfi, offset: piece.offset }, data.slice(from, from + piece.length)),
      );
    }
  }

  /** Writes bytes with the MAC that the grid made for exactly this command and the card's last challenge. */
  async updateWithMac({ zone, offset, data }: RegionData, mac: Uint8Array): Promise<void> {
    const region = { zone, offset, length: data.length };
    const file = this.#fileWith(region);
    const tooLong = data.length > this.dialect.maxUpdate || offset > LAST_SHORT_OFFSET;
    if (tooLong || mac.length !== this.dialect.mac.length) throw outOfRange(region);
    await this.#enter(file.directory);
    await this.#run(macedUpdateBinary({ sfi: file.sfi, offset }, data, mac));
  }

  /**
   * Selects a directory, in any case: the card forgets authentications and challenges. Reading or writing in another
   * directory than the one that is selected does the same, by itself.
   */
  async select(directory: Directory): Promise<void> {
    this.#current = undefined;
    this.#rightless = true;
    await this.#enter(directory);
  }

  /** A random of the card. A selection or reset makes it worthless. */
  challenge(length: 4 | 8): Promise<Uint8Array> {
    this.#rightless = false;
    return this.#answer(getChallenge(length), length);
  }

  /** The card's answer to a random of 8 bytes under its internal key, in the directory that is selected. */
  internalAuthenticate(random: Uint8Array): Promise<Uint8Array> {
    return this.#answer(internalAuthenticate(this.dialect.keys.internal, random), 8);
  }

  /**
   * Presents the grid's blob for the last challenge of 8 bytes. `chip.code-wrong` (one try lost, `triesLeft` in its
   * context), `chip.locked`, or `chip.too-few-tries` where the next refusal could lock the card by what it has told or
   * `history` knows: then nothing was sent.
   */
  async externalAuthenticate(blob: Uint8Array, history: KeyHistory = NO_HISTORY): Promise<void> {
    this.#rightless = false;
    const told = await this.externalTries();
    const known = told === undefined ? history : { ...history, left: told, unanswered: 0 };
    permitTry(known, this.dialect.leastTries);
    const answer = await this.#session.transmit(externalAuthenticate(this.dialect.keys.external, blob));
    const sw = statusOf(answer);
    this.#triesLeft = triesOf(sw);
    const error = statusError(sw);
    if (error !== undefined) throw error;
  }

  async tryKey(apdu: KeyCommand, history: KeyHistory): Promise<void> {
    const command = parseApdu(apdu);
    if (command?.ins === INS.externalAuth) {
      if (command.p1 === 0x00 && command.p2 === this.dialect.keys.external) {
        return this.externalAuthenticate(command.data, history);
      }
      throw unsupported('The plan presents another key than the one that cards of this kind are opened by.');
    }
    permitTry(history, this.dialect.leastTries);
    const error = statusError(statusOf(await this.#session.transmit(apdu)), 'mac');
    if (error !== undefined) throw error;
  }

  /**
   * Tries left of the external key, as far as they are known without burning one: the card is asked where its dialect
   * says that it answers, else what its last refusal on this session told. Undefined where neither is known.
   */
  async externalTries(): Promise<number | undefined> {
    if (!this.dialect.tellsTries) return this.#triesLeft;
    const sw = statusOf(await this.#session.transmit(askExternalTries(this.dialect.keys.external)));
    return triesOf(sw) ?? this.#triesLeft;
  }

  /** CPU cards answer challenges; there is no code to present and no counter to read. */
  tries(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  presentCode(): Promise<void> {
    return Promise.reject(unsupported('A CPU card has no code to present: its plan authenticates.'));
  }

  /** By the dialect alone: a card does not tell the access conditions of its files. */
  checkWritable(runs: readonly RegionData[]): Promise<void> {
    const closed = runs.find((run) => fileOf(this.dialect, run.zone)?.update === 'never');
    if (closed === undefined) return Promise.resolve();
    return Promise.reject(
      new ChipError({
        code: 'chip.protected',
        message: 'Only its issuer can change this file of the card: it needs replacing.',
        context: { zone: closed.zone },
      }),
    );
  }

  write(): Promise<void> {
    return Promise.reject(unsupported('A CPU card takes no bytes without commands of a plan.'));
  }

  async exchange(apdu: PlainCommand): Promise<{ readonly data: Uint8Array; readonly sw: number }> {
    const [, ins] = plainCommand(apdu);
    const selecting = ins === INS.select;
    const fileId = apdu.subarray(5);
    // A selection of what is selected, with nothing authenticated since, would change nothing and take 30 ms.
    if (selecting && this.#rightless && this.#directoryOf(fileId) === this.#current) {
      if (this.#current !== undefined) return { data: new Uint8Array(), sw: SUCCESS };
    }
    this.#rightless = false;
    const answer = await this.#session.transmit(apdu);
    const sw = statusOf(answer);
    if (selecting && sw === SUCCESS) {
      this.#current = this.#directoryOf(fileId);
      this.#rightless = true;
    }
    return { data: dataOf(answer), sw };
  }

  #fileWith(region: Region): CpuFile {
    const file = fileOf(this.dialect, region.zone);
    if (file === undefined || file.records !== undefined) throw outOfRange(region);
    if (region.offset < 0 || region.length < 1 || region.offset + region.length > file.length) {
      throw outOfRange(region);
    }
    return file;
  }

  #recordsOf({ zone, record }: RecordPlace): { readonly file: CpuFile; readonly length: number } {
    const file = fileOf(this.dialect, zone);
    const records = file?.records;
    if (file === undefined || records === undefined || record < 1 || record > records.count) {
      throw outOfRange({ zone, offset: record, length: 1 });
    }
    return { file, length: records.length };
  }

  async #enter(directory: Directory): Promise<void> {
    if (this.#current === directory) return;
    this.#current = undefined;
    await this.#run(select(this.dialect.directories[directory]));
    this.#current = directory;
  }

  async #answer(apdu: Uint8Array, length: number): Promise<Uint8Array> {
    const answer = await this.#run(apdu);
    if (answer.length === length) return answer;
    throw new ChipError({
      code: 'chip.malformed',
      message: 'The card gave another number of bytes than was asked for; put it in again.',
      context: { expected: length, got: answer.length },
    });
  }

  async #run(apdu: Uint8Array): Promise<Uint8Array> {
    const answer = await this.#session.transmit(apdu);
    const error = statusError(statusOf(answer));
    if (error !== undefined) throw error;
    return dataOf(answer);
  }

  #directoryOf(fileId: Uint8Array): Directory | undefined {
    const id = (fileId[0] ?? 0) * 0x100 + (fileId[1] ?? 0);
    const { mf, df01 } = this.dialect.directories;
    return id === mf ? 'mf' : id === df01 ? 'df01' : undefined;
  }
}

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
