import { equalBytes } from '../bytes/compare.ts';
import type { ChipDriver } from '../chip/contract.ts';
import { plainCommand } from '../chip/cpu/key-guard.ts';
import { codeOf } from '../errors.ts';
import type { Region, RegionData } from '../chip/region.ts';

/** One chip on one stack, as the contract needs it. */
export interface ChipContractRig {
  /** Powers the same card anew and identifies it. */
  open(): Promise<ChipDriver>;
  /** Bytes that the card is known to hold and that can be read without rights. */
  readonly known: RegionData;
  /** Does not exist on the chip. */
  readonly beyond: readonly Region[];
  /** Memory chips only. */
  readonly memory?: {
    /** Every code that the write needs, by the chip's number of it; the first is the one that is tried wrongly. */
    readonly codes: readonly { readonly key: number; readonly code: Uint8Array }[];
    readonly wrongCode: Uint8Array;
    /** Can be written after the code; holds something else before. */
    readonly writable: RegionData;
    /** Can never be written again; absent where the card has no such bytes. */
    readonly fixed?: RegionData;
    /** Leaves the first code so many tries, as others might have. */
    setTriesLeft(left: number): void;
  };
}

export interface ContractCase {
  readonly name: string;
  /** Rejects with what is wrong. Each case wants a fresh card. */
  run(rig: ChipContractRig): Promise<void>;
}

/** What every driver keeps, whatever reader and wire are below it. Names no test runner: a manual script may run it on a real reader. */
export const CHIP_CONTRACT: readonly ContractCase[] = [
  {
    name: 'reads exactly the region that is asked for, whole and in pieces',
    async run({ open, known }) {
      const driver = await open();
      equal(await driver.read(regionOf(known)), known.data);
      const middle = Math.floor(known.data.length / 2);
      equal(
        await driver.read({
          zone: known.zone,
          offset: known.offset + middle,
          length: known.data.length - middle,
        }),
        known.data.subarray(middle),
      );
      equal(
        await driver.read({ zone: known.zone, offset: known.offset, length: 1 }),
        known.data.subarray(0, 1),
      );
    },
  },
  {
    name: 'refuses regions that the chip does not have',
    async run({ open, beyond, known }) {
      const driver = await open();
      for (const region of [
        ...beyond,
        { ...regionOf(known), length: 0 },
        { ...regionOf(known), offset: -1 },
      ]) {
        await fails(driver.read(region), 'chip.out-of-range');
      }
      equal(await driver.read(regionOf(known)), known.data);
    },
  },
  {
    name: 'answers commands or takes bytes, never both',
    async run({ open, memory }) {
      const driver = await open();
      const select = Uint8Array.of(0x00, 0xa4, 0x00, 0x00, 0x02, 0x12, 0x34);
      if (memory === undefined) {
        await fails(driver.presentCode(Uint8Array.of(1, 2, 3)), 'chip.unsupported');
        await fails(driver.write({ zone: 'df01:02', offset: 0, data: Uint8Array.of(0) }), 'chip.unsupported');
        same(await driver.tries(), undefined);
        same((await driver.exchange(plainCommand(select))).sw, 0x6a82);
      } else {
        await fails(driver.exchange(plainCommand(select)), 'chip.unsupported');
      }
    },
  },
  {
    name: 'reads on after a command selected another directory',
    async run({ open, known, memory }) {
      if (memory !== undefined) return;
      const driver = await open();
      const id = driver.dialect?.directories.df01 ?? 0;
      const select = plainCommand(Uint8Array.of(0x00, 0xa4, 0x00, 0x00, 0x02, id >> 8, id & 0xff));
      same((await driver.exchange(select)).sw, 0x9000);
      equal(await driver.read(regionOf(known)), known.data);
      same(
        (await driver.exchange(plainCommand(Uint8Array.of(0x00, 0xa4, 0x00, 0x00, 0x02, 0x3f, 0x00)))).sw,
        0x9000,
      );
      equal(await driver.read(regionOf(known)), known.data);
    },
  },
  {
    name: 'tells the tries left without burning one',
    async run({ open, memory }) {
      if (memory === undefined) return;
      for (const { key } of memory.codes) {
        for (let i = 0; i < 4; i++) {
          const tries = await (await open()).tries(key);
          same(tries?.left, tries?.full);
        }
      }
    },
  },
  {
    name: 'loses one try to a wrong code and gets all back with the right one',
    async run({ open, memory }) {
      if (memory === undefined) return;
      const driver = await open();
      const { key, code } = firstOf(memory.codes);
      const full = (await driver.tries(key))?.full ?? 0;
      await fails(driver.presentCode(memory.wrongCode, key), 'chip.code-wrong');
      same((await driver.tries(key))?.left, full - 1);
      await fails(driver.write(memory.writable), 'chip.code-needed');
      await driver.presentCode(code, key);
      same((await driver.tries(key))?.left, full);
      same((await (await open()).tries(key))?.left, full);
    },
  },
  {
    name: 'keeps the last try, even from the right code, until a person decides to use it',
    async run({ open, memory }) {
      if (memory === undefined) return;
      const { key, code } = firstOf(memory.codes);
      memory.setTriesLeft(1);
      const driver = await open();
      await fails(driver.presentCode(memory.wrongCode, key), 'chip.too-few-tries');
      await fails(driver.presentCode(code, key), 'chip.too-few-tries');
      same((await (await open()).tries(key))?.left, 1);
      await (await open()).presentCode(code, key, 'used');
      const tries = await (await open()).tries(key);
      same(tries?.left, tries?.full);
    },
  },
  {
    name: 'stops by itself while wrong codes come, one try short of locking the card',
    async run({ open, memory }) {
      if (memory === undefined) return;
      const { key } = firstOf(memory.codes);
      const full = (await (await open()).tries(key))?.full ?? 0;
      for (let i = 1; i < full; i++) {
        await fails((await open()).presentCode(memory.wrongCode, key), 'chip.code-wrong');
      }
      await fails((await open()).presentCode(memory.wrongCode, key), 'chip.too-few-tries');
      same((await (await open()).tries(key))?.left, 1);
    },
  },
  {
    name: 'tells a locked card, and still reads it',
    async run({ open, memory, known }) {
      if (memory === undefined) return;
      const { key, code } = firstOf(memory.codes);
      memory.setTriesLeft(0);
      const driver = await open();
      same((await driver.tries(key))?.left, 0);
      await fails(driver.presentCode(code, key), 'chip.locked');
      equal(await driver.read(regionOf(known)), known.data);
    },
  },
  {
    name: 'writes after the code, and what it wrote stays',
    async run({ open, memory }) {
      if (memory === undefined) return;
      const driver = await open();
      const region = regionOf(memory.writable);
      differs(await driver.read(region), memory.writable.data);
      for (const { key, code } of memory.codes) {
        await fails(driver.write(memory.writable), 'chip.code-needed');
        await driver.presentCode(code, key);
      }
      await driver.write(memory.writable);
      equal(await driver.read(region), memory.writable.data);
      equal(await (await open()).read(region), memory.writable.data);
    },
  },
  {
    name: 'refuses bytes that can never change, and leaves them',
    async run({ open, memory }) {
      if (memory?.fixed === undefined) return;
      const driver = await open();
      const before = await driver.read(regionOf(memory.fixed));
      for (const { key, code } of memory.codes) await driver.presentCode(code, key);
      await fails(driver.write(memory.fixed), 'chip.protected');
      equal(await driver.read(regionOf(memory.fixed)), before);
    },
  },
  {
    name: 'has no code but its own, and wants it whole',
    async run({ open, memory }) {
      if (memory === undefined) return;
      const driver = await open();
      const { key, code } = firstOf(memory.codes);
      await fails(driver.presentCode(code.subarray(1), key), 'chip.malformed');
      await fails(driver.presentCode(code, 99), 'chip.out-of-range');
      const full = (await driver.tries(key))?.full;
      same((await (await open()).tries(key))?.left, full);
    },
  },
  {
    name: 'wants the code again after power was off',
    async run({ open, memory }) {
      if (memory === undefined) return;
      const driver = await open();
      for (const { key, code } of memory.codes) await driver.presentCode(code, key);
      await fails((await open()).write(memory.writable), 'chip.code-needed');
    },
  },
];

function firstOf<T>(all: readonly T[]): T {
  const [first] = all;
  if (first === undefined) throw new Error('the rig has no code');
  return first;
}

function regionOf({ zone, offset, data }: RegionData): Region {
  return { zone, offset, length: data.length };
}

function equal(got: Uint8Array, expected: Uint8Array): void {
  if (!equalBytes(got, expected)) throw new Error(`expected ${String(expected)}, got ${String(got)}`);
}

function differs(got: Uint8Array, other: Uint8Array): void {
  if (got.every((byte, i) => byte === other[i]))
    throw new Error('the bytes are already what is to be written');
}

function same(got: unknown, expected: unknown): void {
  if (got !== expected) throw new Error(`expected ${String(expected)}, got ${String(got)}`);
}

async function fails(running: Promise<unknown>, code: string): Promise<void> {
  let outcome: unknown = 'success';
  try {
    await running;
  } catch (error) {
    outcome = codeOf(error) ?? error;
  }
  if (outcome !== code) throw new Error(`expected ${code}, got ${String(outcome)}`);
}
