import type { CardSession } from '../reader/slot.ts';
import type { ChipDriver, ChipName, LastTry, Tries } from './contract.ts';
import { ChipError } from './error.ts';
import {
  codeNeeded,
  codeWrong,
  LEAST_TRIES,
  locked,
  outOfRange,
  refused,
  tooFewTries,
} from './memory-error.ts';
import type { Region, RegionData } from './region.ts';
import { dataOf, statusOf } from './response.ts';

const SUCCESS = 0x9000;

/** What the card made of a code: how many tries are left where it refused. */
export type Presented =
  { readonly accepted: true } | { readonly accepted: false; readonly triesLeft: number };

/**
 * What all memory chips have in common: regions that are checked, codes that are presented only while two tries are
 * left, writes only after the code. A chip says how it is done.
 */
export abstract class MemoryDriver implements ChipDriver {
  abstract readonly chip: ChipName;
  readonly pageSize: number = 1;
  protected readonly session: CardSession;
  readonly #presented = new Set<number>();
  /** Tries as last seen, by code: while the card has power they change only by what we do. */
  readonly #tries = new Map<number, Tries>();

  constructor(session: CardSession) {
    this.session = session;
  }

  /** Bytes of a code, or undefined where the chip has no code of this number. */
  protected abstract codeLength(key: number): number | undefined;
  /** Size of a zone that can be read and written by address, bytes; undefined for no such zone. */
  protected abstract zoneSize(zone: string): number | undefined;
  protected abstract readTries(key: number): Promise<Tries>;
  /** The chip's own presentation, in the order of its data sheet. */
  protected abstract present(key: number, code: Uint8Array): Promise<Presented>;
  protected abstract readRegion(region: Region): Promise<Uint8Array>;
  /** Codes that a write to this zone needs; all of them. */
  protected abstract codesFor(zone: string): readonly number[];
  /** `chip.protected` for bytes that can never change again. */
  protected abstract writeRegion(data: RegionData): Promise<void>;
  /** See `checkWritable`; regions were checked. Each zone's runs come together. */
  protected abstract refuseUnwritable(zone: string, runs: readonly RegionData[]): Promise<void>;

  async read(region: Region): Promise<Uint8Array> {
    this.checkRegion(region);
    return this.readRegion(region);
  }

  async tries(key = 0): Promise<Tries> {
    if (this.codeLength(key) === undefined) throw noSuchCode(this.chip, key);
    const tries = this.#tries.get(key) ?? (await this.readTries(key));
    this.#tries.set(key, tries);
    return tries;
  }

  async presentCode(code: Uint8Array, key = 0, lastTry: LastTry = 'kept'): Promise<void> {
    const length = this.codeLength(key);
    if (length === undefined) throw noSuchCode(this.chip, key);
    if (code.length !== length) {
      throw new ChipError({
        code: 'chip.malformed',
        message: `This code of an ${this.chip} has ${length} bytes.`,
      });
    }
    const { left, full } = await this.tries(key);
    if (left === 0) throw locked();
    if (left < LEAST_TRIES && lastTry === 'kept') throw tooFewTries(left);
    // Whatever happens inside, what was known before is no longer so.
    this.#tries.delete(key);
    const outcome = await this.present(key, code);
    if (!outcome.accepted) {
      this.#tries.set(key, { left: outcome.triesLeft, full });
      throw outcome.triesLeft === 0 ? locked() : codeWrong(outcome.triesLeft);
    }
    this.#presented.add(key);
  }

  async checkWritable(runs: readonly RegionData[]): Promise<void> {
    for (const { zone, offset, data } of runs) this.checkRegion({ zone, offset, length: data.length });
    for (const zone of new Set(runs.map((run) => run.zone))) {
      await this.refuseUnwritable(
        zone,
        runs.filter((run) => run.zone === zone),
      );
    }
  }

  async write(data: RegionData): Promise<void> {
    this.checkRegion({ zone: data.zone, offset: data.offset, length: data.data.length });
    for (const key of this.codesFor(data.zone)) this.needCode(key);
    await this.writeRegion(data);
  }

  exchange(): Promise<never> {
    return Promise.reject(
      new ChipError({
        code: 'chip.unsupported',
        message: `An ${this.chip} takes no card commands; use read and write.`,
      }),
    );
  }

  tryKey(): Promise<never> {
    return this.exchange();
  }

  /** `chip.code-needed` unless the code was accepted on this session. */
  protected needCode(key: number): void {
    if (!this.#presented.has(key)) throw codeNeeded();
  }

  protected checkRegion(region: Region): void {
    const size = this.zoneSize(region.zone);
    if (
      size === undefined ||
      region.offset < 0 ||
      region.length < 1 ||
      region.offset + region.length > size
    ) {
      throw outOfRange(this.chip, region);
    }
  }

  /** One command that must be answered by 90 00; gives its data. */
  protected async run(
    apdu: Uint8Array,
    doing: string,
    code: 'chip.refused' | 'chip.unreadable' = 'chip.refused',
  ): Promise<Uint8Array> {
    const answer = await this.session.transmit(apdu);
    const sw = statusOf(answer);
    if (sw !== SUCCESS) throw refused(doing, sw, code);
    return dataOf(answer);
  }
}

function noSuchCode(chip: ChipName, key: number): ChipError {
  return new ChipError({
    code: 'chip.out-of-range',
    message: `An ${chip} has no code of this number.`,
    context: { key },
  });
}
