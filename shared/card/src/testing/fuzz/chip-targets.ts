import type { ChipFamily } from '../../chip/contract.ts';
import { plainCommand } from '../../chip/cpu/key-guard.ts';
import { CHIP_FAMILIES } from '../../chip/identify.ts';
import { sle4428Family } from '../../chip/sle4428/driver.ts';
import { sle4442Family } from '../../chip/sle4442/driver.ts';
import { codeOf } from '../../errors.ts';
import { builtInLayout } from '../../meter-card/built-in-layouts.ts';
import type { MemoryDialectName } from '../../reader/models.ts';
import type { CardSession } from '../../reader/slot.ts';
import { CodedError } from '../../errors.ts';
import type { FuzzTarget } from './fuzz.ts';

/** Commands after which a driver that still asks counts as hanging. */
const MAX_COMMANDS = 4_000;

/** A card that answers with what the input says: the right length or not, any status word. */
export class FuzzSession implements CardSession {
  readonly atr: Uint8Array;
  readonly #input: Uint8Array;
  #at = 0;
  #commands = 0;

  constructor(input: Uint8Array, atr: Uint8Array) {
    this.#input = input;
    this.atr = atr;
  }

  transmit(apdu: Uint8Array): Promise<Uint8Array> {
    this.#commands += 1;
    if (this.#commands > MAX_COMMANDS) throw new Error('the driver asks without end');
    const kind = this.#next();
    const wanted = apdu.length === 5 ? (apdu[4] ?? 0) : 0;
    const length = kind < 0xc0 ? wanted : kind < 0xe0 ? this.#next() : 0;
    const answer = new Uint8Array(length + 2).map(() => this.#next());
    if (kind >= 0xf8) return Promise.resolve(answer.subarray(0, kind & 1));
    // Most commands succeed, or nothing would get past the first.
    if (kind < 0xe8) answer.set([0x90, kind < 0xa0 ? 0x00 : this.#next()], length);
    return Promise.resolve(answer);
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  #next(): number {
    if (this.#input.length === 0) return 0;
    const byte = this.#input[this.#at % this.#input.length] ?? 0;
    this.#at += 1;
    return byte;
  }
}

/** Everything that a purchase asks of a chip, on answers that make no sense; `suffix` tells the dialect in its name. */
function chipTarget(family: ChipFamily, memoryDialect: MemoryDialectName, suffix = ''): FuzzTarget {
  return {
    parser: `answers of ${family.chip}${suffix}`,
    seeds: [new Uint8Array(24), Uint8Array.from({ length: 200 }, (_, i) => (i * 37) & 0xff)],
    run: async (input) => {
      const session = new FuzzSession(input, Uint8Array.of(0x3b, 0x04, ...input.subarray(0, 4)));
      const driver = await family.open(session, { memoryDialect, wiresC4C8: true });
      const profile = builtInLayout(family.chip);
      const failures: unknown[] = [];
      const attempt = async (work: Promise<unknown>): Promise<void> => {
        await work.catch((error: unknown) => {
          if (codeOf(error) === undefined) throw error;
          failures.push(error);
        });
      };
      for (const region of profile?.regions ?? []) await attempt(driver.read(region));
      for (const key of profile?.codes ?? [0]) {
        await attempt(driver.tries(key));
        for (const length of [2, 3]) await attempt(driver.presentCode(input.slice(0, length), key));
      }
      const last = profile?.regions.at(-1);
      if (last !== undefined && input.length > 0) {
        await attempt(
          driver.write({ zone: last.zone, offset: last.offset, data: input.slice(0, last.length) }),
        );
      }
      await attempt(driver.exchange(plainCommand(Uint8Array.of(0x00, 0xb0, 0x81, 0x00, 0x10))));
      const [failure] = failures;
      if (failure instanceof CodedError) throw failure;
    },
  };
}

export function chipTargets(): FuzzTarget[] {
  return [
    ...CHIP_FAMILIES.map((family) => chipTarget(family, 'acs')),
    ...[sle4442Family, sle4428Family].map((family) => chipTarget(family, 'omnikey', ' by OMNIKEY')),
  ];
}
